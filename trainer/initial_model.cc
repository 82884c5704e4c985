#include "trainer/initial_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {

namespace fs = std::filesystem;

fs::path initial_folder(const fs::path& models_folder, const std::string& name,
                        const char* option) {
  const fs::path folder = models_folder / name;
  if (name.empty()) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The training option {} is empty; name the model of the workspace to "
                            "start from.",
                            option));
  }
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The training option {} names the model \"{}\", but the workspace has "
                            "no such model.",
                            option, name));
  }
  return folder;
}

bool holds_weights(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() || entry.path().filename() == "config.json") return true;
  }
  return false;
}

TrainOptions with_vocabulary(TrainOptions options, const fs::path& models_folder) {
  if (options.task == TrainTask::kVocabulary || !options.initial_model.empty()) return options;
  std::error_code ignored;
  bool is_first = true;  // no model but this one
  for (fs::directory_iterator entry(models_folder, ignored), end; entry != end;
       entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    is_first = is_first && (name.front() == '.' || name == kFirstVocabulary);
  }
  if (is_first || fs::exists(models_folder / kFirstVocabulary / "vocab.txt", ignored))
    options.initial_model = kFirstVocabulary;
  return options;
}

bool counts_vocabulary(const TrainOptions& options, const fs::path& models_folder) {
  if (options.task == TrainTask::kVocabulary || options.initial_model != kFirstVocabulary)
    return false;
  std::error_code ignored;
  const fs::path folder = models_folder / kFirstVocabulary;  // empty after a kill
  return !fs::exists(folder, ignored) || fs::is_empty(folder, ignored);
}

void require_no_weights(const TrainOptions& options, const fs::path& models_folder) {
  if (options.task != TrainTask::kVocabulary || options.output_model.empty()) return;
  const fs::path folder = models_folder / options.output_model;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored) || !holds_weights(folder)) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("The training option output_model names the model \"{}\", whose weights "
                          "belong to the vocabulary that it has; name another model for a new one.",
                          options.output_model));
}

std::optional<ModelFolder> initial_part(const fs::path& folder, ModelPart part) {
  if (!holds_weights(folder)) return std::nullopt;
  ModelFolder model = ModelFolder::open(folder);
  if (model.has(part)) return model;
  if (part != ModelPart::kEncoder) return std::nullopt;
  if (fs::is_directory(folder / "bert")) return ModelFolder::open(folder / "bert");
  return model.has(ModelPart::kBert) ? std::optional(std::move(model)) : std::nullopt;
}

ModelConfig new_config(const TrainOptions& o, int64_t vocabulary_size) {
  ModelConfig config;
  config.vocabulary = vocabulary_size;
  config.layers = o.layers;
  config.hidden = o.hidden;
  config.heads = o.heads;
  config.intermediate = o.intermediate;
  config.positions = o.positions;
  config.projection = o.projection;
  config.hidden_dropout = o.dropout;
  config.attention_dropout = o.dropout;
  config.num_candidates = o.candidates;
  // Wider than BERT's 0.02, which suits a hidden size of 768: the same variance of a layer's output
  // at this width.
  config.initializer_range =
      std::max(0.02, 0.02 * std::sqrt(768.0 / static_cast<double>(o.hidden)));
  return config;
}

}  // namespace realm
