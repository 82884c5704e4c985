#include "engine/checkpoint/model_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "engine/base/error.h"
#include "engine/checkpoint/mapped_file.h"
#include "engine/checkpoint/part_loader.h"
#include "engine/checkpoint/sentence_transformer.h"
#include "engine/checkpoint/small_json.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr const char* kWeights[] = {"model.safetensors", "model.safetensors.index.json",
                                    "pytorch_model.bin", "pytorch_model.bin.index.json"};

// The subfolders of a bundle in the order in which a part is looked for, and what each may hold.
struct Subfolder {
  const char* name;
  std::vector<CheckpointKind> kinds;
  std::vector<ModelPart> gives;
};
const std::vector<Subfolder>& subfolders() {
  using Kind = CheckpointKind;
  static const std::vector<Subfolder> kTable = {
      {"embedder", {Kind::kEmbedder, Kind::kScorer, Kind::kBert}, {ModelPart::kEmbedder}},
      {"scorer", {Kind::kScorer}, {ModelPart::kEmbedder}},
      {"encoder", {Kind::kEncoder, Kind::kBert}, {ModelPart::kEncoder}},
      {"reader", {Kind::kReader}, {ModelPart::kReader}},
      {"openqa", {Kind::kOpenQa}, {ModelPart::kEmbedder, ModelPart::kReader}},
      {"bert", {Kind::kBert, Kind::kEncoder}, {ModelPart::kBert}},
  };
  return kTable;
}

template <typename T>
bool contains(const std::vector<T>& values, T value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_file(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored);
}

// The parts that a folder of its own is made to give.
std::vector<ModelPart> given_by(CheckpointKind kind, bool has_head, bool body_is_embedder) {
  switch (kind) {
    case CheckpointKind::kEmbedder:
    case CheckpointKind::kScorer:
      return {ModelPart::kEmbedder};
    case CheckpointKind::kEncoder:
      return {ModelPart::kEncoder};
    case CheckpointKind::kReader:
      return {ModelPart::kReader};
    case CheckpointKind::kOpenQa:
      return {ModelPart::kEmbedder, ModelPart::kReader};
    case CheckpointKind::kBert:
      if (has_head) return {ModelPart::kEncoder, ModelPart::kBert};
      if (body_is_embedder) return {ModelPart::kEmbedder, ModelPart::kBert};
      return {ModelPart::kBert};
  }
  return {};
}

[[noreturn]] void fail(const fs::path& file, const char* key, const std::string& what,
                       const Json& value) {
  throw Error(ErrorCode::kCorruptData,
              fmt::format("In \"{}\", \"{}\" should be {}, and is {}.", file.string(), key, what,
                          printable(value.dump())));
}

std::optional<int64_t> read_integer(const fs::path& file, const Json& json, const char* key,
                                    int64_t lowest) {
  if (!json.contains(key)) return std::nullopt;
  const Json& value = json[key];
  const bool fits =
      value.is_number_unsigned() ? value.get<uint64_t>() <= INT64_MAX : value.is_number_integer();
  if (!fits || value.get<int64_t>() < lowest)
    fail(file, key, fmt::format("a whole number of at least {}", lowest), value);
  return value.get<int64_t>();
}

BundleInfo read_info(const fs::path& file) {
  BundleInfo info;
  const Json json = read_small_object(file);
  if (json.contains("name")) {
    if (!json["name"].is_string()) fail(file, "name", "a text", json["name"]);
    info.name = json["name"].get<std::string>();
  }
  info.step = read_integer(file, json, "step", 0);
  // [CLS] and [SEP] alone take two places, a document's two [SEP] three.
  info.query_length = read_integer(file, json, "query_length", 3);
  info.document_length = read_integer(file, json, "document_length", 4);
  if (json.contains("score_scale")) {
    const Json& value = json["score_scale"];
    if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() <= 0) {
      fail(file, "score_scale", "a number above 0", value);
    }
    info.score_scale = value.get<double>();
  }
  return info;
}

// The weights, and what a folder of sentence-transformers says of the embedder in it.
std::unique_ptr<TensorFile> open_weights(const fs::path& folder, const fs::path& weights,
                                         ModelConfig& config) {
  const std::optional<SentenceTransformer> modules = read_sentence_transformer(folder);
  if (!modules) return TensorFile::open(weights);
  config.pooling = modules->pooling;
  config.projection_kind = modules->projection;
  config.normalize = modules->normalize;
  config.query_masks = false;  // such encoders learn from sentences without masks
  config.projection = modules->dense_weights ? modules->dense_size : config.hidden;
  if (!modules->dense_weights) return TensorFile::open(weights);
  return TensorFile::open(weights,
                          TensorFile::Beside{*modules->dense_weights, "linear.", "cls.dense."});
}

bool same_content(const fs::path& a, const fs::path& b) {
  const MappedFile first(a);
  const MappedFile second(b);
  return std::equal(first.bytes().begin(), first.bytes().end(), second.bytes().begin(),
                    second.bytes().end());
}

}  // namespace

std::optional<ModelFolder::Member> ModelFolder::open_member(const fs::path& folder) {
  const fs::path config = folder / "config.json";
  const auto* const weights =
      std::find_if(std::begin(kWeights), std::end(kWeights),
                   [&](const char* name) { return is_file(folder / name); });
  const bool has_weights = weights != std::end(kWeights);
  if (!is_file(config)) {
    if (!has_weights) return std::nullopt;
    throw Error(ErrorCode::kNotFound,
                fmt::format("The folder \"{}\" has weights ({}) but no config.json.",
                            folder.string(), *weights));
  }
  if (!has_weights) {
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("The folder \"{}\" has a config.json but no weights; expected one of {}.",
                    folder.string(), fmt::join(kWeights, ", ")));
  }
  Member member;
  member.folder = folder;
  member.config = ModelConfig::load(config);
  member.file = open_weights(folder, folder / *weights, member.config);
  const std::vector<std::string>& names = member.file->names();
  member.kind = tell_kind(names, member.file->path().string());
  member.has_masked_language_head =
      std::any_of(names.begin(), names.end(), [](const std::string& name) {
        return canonical_name(name).starts_with("cls.predictions.transform.dense.");
      });
  return member;
}

ModelFolder ModelFolder::open(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorCode::kNotFound, "There is no folder \"" + folder.string() + "\".");
  }
  ModelFolder result;
  result.path_ = folder;
  if (std::optional<Member> single = open_member(folder)) {
    result.members_.push_back(std::move(*single));
  } else {
    result.is_bundle_ = true;
    for (const Subfolder& subfolder : subfolders()) {
      std::optional<Member> member = open_member(folder / subfolder.name);
      if (!member) continue;
      const bool plain_body = member->kind == CheckpointKind::kBert;
      const bool fits = contains(subfolder.kinds, member->kind) &&
                        (!plain_body || !contains(subfolder.gives, ModelPart::kEmbedder) ||
                         member->config.body_is_embedder());
      if (!fits) {
        throw Error(ErrorCode::kMismatch,
                    fmt::format("The folder \"{}\" should hold what its name says and holds the "
                                "weights of another part ({}).",
                                member->folder.string(), kind_name(member->kind)));
      }
      result.members_.push_back(std::move(*member));
    }
    if (result.members_.empty()) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("There is no model in \"{}\"; expected config.json with one of {}, "
                              "or subfolders embedder and encoder that have them.",
                              folder.string(), fmt::join(kWeights, ", ")));
    }
  }
  result.read_side_files();
  return result;
}

void ModelFolder::read_side_files() {
  // The bundle's own files come first, a single folder's parent last.
  std::vector<fs::path> places = {path_};
  for (const Member& member : members_) {
    if (member.folder != path_) places.push_back(member.folder);
  }
  if (!is_bundle_) places.push_back(fs::absolute(path_).lexically_normal().parent_path());
  // "models/x/" normalises to itself with an empty last name, whose parent is the folder itself.
  if (!is_bundle_ && !path_.has_filename()) places.back() = places.back().parent_path();

  for (const fs::path& place : places) {
    const fs::path vocabulary = place / "vocab.txt";
    if (!is_file(vocabulary)) continue;
    if (!vocabulary_) vocabulary_ = vocabulary;
    // One tokenizer serves all parts of a bundle.
    if (is_bundle_ && !same_content(*vocabulary_, vocabulary)) {
      throw Error(
          ErrorCode::kMismatch,
          fmt::format("The vocabularies \"{}\" and \"{}\" differ; the parts of a bundle share one.",
                      vocabulary_->string(), vocabulary.string()));
    }
  }
  for (const fs::path& place : places) {
    const fs::path file = place / "tokenizer_config.json";
    if (!is_file(file)) continue;
    const Json json = read_small_object(file);
    if (!json.contains("do_lower_case")) continue;
    if (!json["do_lower_case"].is_boolean())
      fail(file, "do_lower_case", "true or false", json["do_lower_case"]);
    lower_case_ = json["do_lower_case"].get<bool>();
    break;
  }
  if (is_file(path_ / "model.json")) info_ = read_info(path_ / "model.json");
}

std::string ModelFolder::describe() const {
  if (!is_bundle_) return std::string(kind_name(members_.front().kind));
  std::vector<std::string> names;
  for (const Member& member : members_) names.push_back(member.folder.filename().string());
  return fmt::format("bundle ({})", fmt::join(names, ", "));
}

std::vector<ModelPart> ModelFolder::parts() const {
  std::vector<ModelPart> result;
  for (const ModelPart part :
       {ModelPart::kEmbedder, ModelPart::kEncoder, ModelPart::kReader, ModelPart::kBert}) {
    if (has(part)) result.push_back(part);
  }
  return result;
}

bool ModelFolder::has(ModelPart part) const {
  if (is_bundle_) return find_member(part) != nullptr;
  const Member& only = members_.front();
  return contains(
      given_by(only.kind, only.has_masked_language_head, only.config.body_is_embedder()), part);
}

const ModelFolder::Member* ModelFolder::find_member(ModelPart part) const {
  if (!is_bundle_) return can_give(members_.front().kind, part) ? &members_.front() : nullptr;
  for (const Subfolder& subfolder : subfolders()) {
    if (!contains(subfolder.gives, part)) continue;
    for (const Member& member : members_) {
      if (member.folder.filename() == subfolder.name) return &member;
    }
  }
  return nullptr;
}

const ModelFolder::Member& ModelFolder::require_member(ModelPart part) const {
  const Member* const member = find_member(part);
  if (member == nullptr) {
    throw Error(ErrorCode::kNotFound, fmt::format("There is no {} in \"{}\", which is a {}.",
                                                  part_name(part), path_.string(), describe()));
  }
  return *member;
}

const ModelConfig& ModelFolder::config(ModelPart part) const { return require_member(part).config; }

PartTensors ModelFolder::load(ModelPart part) const {
  const Member& member = require_member(part);
  return load_part(member.file, member.kind, part, member.config);
}

std::optional<PartTensors::Named> ModelFolder::block_embeddings() const {
  for (const Member& member : members_) {
    if (const TensorView* const rows = member.file->find("block_emb"))
      return PartTensors::Named{"block_emb", *rows, false};
  }
  return std::nullopt;
}

fs::path ModelFolder::vocabulary_file() const {
  if (vocabulary_) return *vocabulary_;
  throw Error(ErrorCode::kNotFound,
              fmt::format("There is no vocab.txt in \"{}\", nor in the folder {} it.",
                          path_.string(), is_bundle_ ? "of a part in" : "above"));
}

}  // namespace realm
