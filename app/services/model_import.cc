#include "app/services/model_import.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/digest.h"
#include "engine/base/error.h"

namespace realm {
namespace {

// Whether the probabilities of their words can be compared.
bool same_words(const ModelFolder& a, const ModelFolder& b) {
  return sha256_of_file(a.vocabulary_file()) == sha256_of_file(b.vocabulary_file());
}

}  // namespace

ModelUse model_use(const ModelFolder& folder) {
  ModelUse use;
  use.as_model = folder.has(ModelPart::kEmbedder) && folder.has(ModelPart::kEncoder);
  use.as_baseline =
      folder.has(ModelPart::kBert) && folder.load(ModelPart::kBert).has_masked_language_head;
  return use;
}

void require_usable(const ModelFolder& folder, const std::string& name, bool as_baseline) {
  const ModelUse use = model_use(folder);
  if (as_baseline ? use.as_baseline : use.as_model) return;
  throw Error(
      ErrorCode::kMismatch,
      fmt::format(
          "{} cannot be the {}: that needs {}.", name, as_baseline ? "baseline" : "model",
          as_baseline ? "a BERT with a masked language model head" : "an embedder and an encoder"));
}

void require_sound(const ModelFolder& folder) {
  for (const ModelPart part : folder.parts()) folder.load(part).require_complete();
  folder.vocabulary_file();
}

ModelUse import_checked_model(Workspace& workspace, const std::filesystem::path& source,
                              const std::string& name, std::stop_token stop,
                              const ProgressCallback& progress) {
  const ModelFolder folder = ModelFolder::open(source);
  require_sound(folder);
  const ModelUse use = model_use(folder);
  workspace.import_model(source, name, std::move(stop), progress);
  const ActiveParts active = workspace.active();
  const auto has_words_of = [&](const std::string& other) {
    return same_words(folder, ModelFolder::open(workspace.model_folder(other)));
  };
  if (use.as_model && active.model.empty()) {
    workspace.set_active_model(name);
    if (!active.baseline.empty() && !has_words_of(active.baseline))
      workspace.set_active_baseline("");
  }
  if (use.as_baseline && !use.as_model && active.baseline.empty() &&
      (active.model.empty() || has_words_of(active.model)))
    workspace.set_active_baseline(name);
  return use;
}

}  // namespace realm
