#include "engine/checkpoint/model_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

const char* architecture(ModelPart part) {
  switch (part) {
    case ModelPart::kEmbedder:
      return "RealmEmbedder";
    case ModelPart::kEncoder:
      return "RealmKnowledgeAugEncoder";
    case ModelPart::kReader:
      return "RealmReader";
    case ModelPart::kBert:
      return "BertForMaskedLM";
  }
  return "";
}

// The name in the file of a canonical name.
std::string file_name(ModelPart part, const std::string& canonical) {
  constexpr std::string_view kBody = "realm.";
  if (part == ModelPart::kBert && canonical.starts_with(kBody))
    return "bert." + canonical.substr(kBody.size());
  return canonical;
}

// The tensors that go into the file, under the file's names; checks that they are the part's.
std::vector<TensorToWrite> arrange(const std::filesystem::path& folder, const ModelToWrite& model,
                                   const ModelConfig& config) {
  std::unordered_map<std::string, const TensorToWrite*> given;
  for (const TensorToWrite& tensor : model.tensors) {
    if (!given.emplace(tensor.name, &tensor).second) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("Two tensors named {} were given for the {} in \"{}\".",
                              in_quotes(tensor.name), part_name(model.part), folder.string()));
    }
  }
  std::vector<TensorToWrite> result;
  std::vector<std::string> problems;
  bool has_head = model.part != ModelPart::kBert;
  for (const auto& [name, tensor] : given)
    has_head = has_head || name.starts_with("cls.predictions.");
  for (const ExpectedTensor& entry : expected_tensors(model.part, config)) {
    if (!has_head && entry.name.starts_with("cls.predictions.")) continue;
    const auto found = given.find(entry.name);
    if (found == given.end()) {
      if (entry.required && entry.alias_of.empty()) problems.push_back("missing " + entry.name);
      continue;
    }
    if (found->second->shape != entry.shape) {
      problems.push_back(fmt::format("{} (expected {}, found {})", entry.name,
                                     shape_text(entry.shape), shape_text(found->second->shape)));
    } else if (entry.alias_of.empty()) {
      result.push_back(*found->second);
      result.back().name = file_name(model.part, entry.name);
    }
    given.erase(found);
  }
  for (const auto& [name, tensor] : given) problems.push_back("unknown " + printable(name));
  if (!problems.empty()) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The tensors given for \"{}\" do not make the {} of its config: {}.",
                            folder.string(), part_name(model.part), fmt::join(problems, ", ")));
  }
  return result;
}

}  // namespace

void write_model_folder(const std::filesystem::path& folder, const ModelToWrite& model) {
  ModelConfig config = model.config;
  config.model_type = model.part == ModelPart::kBert ? "bert" : "realm";
  config.architectures = {architecture(model.part)};
  config.tie_word_embeddings = true;
  const bool all_half =
      !model.tensors.empty() &&
      std::all_of(model.tensors.begin(), model.tensors.end(),
                  [](const auto& tensor) { return tensor.type == ScalarType::kF16; });
  config.other["torch_dtype"] = all_half ? "\"float16\"" : "\"float32\"";
  config.validate((folder / "config.json").string());
  const std::vector<TensorToWrite> tensors = arrange(folder, model, config);
  if (static_cast<int64_t>(model.vocabulary.size()) > config.vocabulary) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The vocabulary has {} pieces and the model \"{}\" has room for {}.",
                            model.vocabulary.size(), folder.string(), config.vocabulary));
  }

  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    throw Error(ErrorCode::kIo, fmt::format("The folder \"{}\" cannot be made: {}.",
                                            folder.string(), problem.message()));
  if (!model.vocabulary.empty()) {
    write_tokenizer_files(folder, model.vocabulary, model.lower_case,
                          model.part == ModelPart::kBert ? "BertTokenizer" : "RealmTokenizer");
  }
  write_file_atomically(folder / "config.json", config.to_json());
  write_safetensors(folder / "model.safetensors", tensors);
}

void write_tokenizer_files(const std::filesystem::path& folder,
                           std::span<const std::string> vocabulary, bool lower_case,
                           const std::string& tokenizer_class) {
  std::string text;
  for (const std::string& piece : vocabulary) {
    if (piece.empty() || piece.find_first_of("\r\n") != std::string::npos) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("The word piece {} cannot stand in \"{}\".", in_quotes(piece),
                              (folder / "vocab.txt").string()));
    }
    text += piece + "\n";
  }
  const nlohmann::json config = {{"cls_token", "[CLS]"},   {"do_lower_case", lower_case},
                                 {"mask_token", "[MASK]"}, {"pad_token", "[PAD]"},
                                 {"sep_token", "[SEP]"},   {"tokenizer_class", tokenizer_class},
                                 {"unk_token", "[UNK]"}};
  write_file_atomically(folder / "vocab.txt", text);
  write_file_atomically(folder / "tokenizer_config.json", config.dump(2) + "\n");
}

void write_bundle_info(const std::filesystem::path& folder, const BundleInfo& info) {
  nlohmann::json json = nlohmann::json::object();
  if (info.name) json["name"] = *info.name;
  if (info.step) json["step"] = *info.step;
  if (info.query_length) json["query_length"] = *info.query_length;
  if (info.document_length) json["document_length"] = *info.document_length;
  if (info.score_scale) json["score_scale"] = *info.score_scale;
  write_file_atomically(folder / "model.json",
                        json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace realm
