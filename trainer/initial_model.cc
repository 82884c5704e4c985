#include "trainer/initial_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/error.h"
#include "engine/text/vocabulary.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

// Those that the task trains, the retriever first.
std::vector<ModelPart> trained_parts(TrainTask task) {
  switch (task) {
    case TrainTask::kIct:
      return {ModelPart::kEmbedder};
    case TrainTask::kMlm:
      return {ModelPart::kEncoder};
    case TrainTask::kPretrain:
      return {ModelPart::kEmbedder, ModelPart::kEncoder};
    case TrainTask::kVocabulary:
      break;
  }
  return {};
}

// The option that names the model of a part.
bool has_own_encoder(const TrainOptions& o, ModelPart part) {
  return part == ModelPart::kEncoder && !o.initial_encoder.empty();
}
const std::string& model_name(const TrainOptions& o, ModelPart part) {
  return has_own_encoder(o, part) ? o.initial_encoder : o.initial_model;
}

InitialNetwork loaded_network(const TrainOptions& o, ModelPart part, const ModelFolder& model) {
  InitialNetwork network{part, model_name(o, part), model.config(part), 0};
  network.model_layers = network.config.layers;
  if (part == ModelPart::kEncoder)
    network.config.layers = std::max<int64_t>(network.config.layers, o.grow_to_layers);
  network.config.hidden_dropout = network.config.attention_dropout = o.dropout;
  return network;
}

InitialNetwork new_network(const TrainOptions& o, ModelPart part, int64_t vocabulary_size) {
  return {part, {}, new_config(o, vocabulary_size), o.layers};
}

InitialNetwork initial_network(const TrainOptions& o, ModelPart part,
                               const fs::path& models_folder) {
  const bool own = has_own_encoder(o, part);
  if (!own && counts_vocabulary(o, models_folder)) return new_network(o, part, o.vocabulary_size);
  const fs::path folder =
      initial_folder(models_folder, model_name(o, part), own ? "initial_encoder" : "initial_model");
  if (const auto model = initial_part(folder, part)) return loaded_network(o, part, *model);
  const fs::path vocabulary =
      holds_weights(folder) ? ModelFolder::open(folder).vocabulary_file() : folder / "vocab.txt";
  return new_network(o, part, Vocabulary::load(vocabulary).size());
}

// Whether x stands without a passage.
bool is_alone(const TrainOptions& o) {
  return o.task == TrainTask::kMlm && o.passage == PassageRule::kNone;
}

// Pieces of it. The retriever reads x and z each by itself.
int64_t longest_input(const TrainOptions& o, ModelPart part) {
  if (is_alone(o)) return o.query_length;
  if (part == ModelPart::kEmbedder) return std::max(o.query_length, o.document_length);
  return static_cast<int64_t>(o.query_length) + o.document_length;
}

// Whether somebody chose the value: the defaults, and those of the recipe for small networks, stand
// in the options of runs that go on from a network of any size.
bool is_chosen(const TrainOptions& o, int TrainOptions::*size) {
  return o.*size != TrainOptions().*size && o.*size != preset("starter", o.task).*size;
}

}  // namespace

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

std::vector<InitialNetwork> initial_networks(const TrainOptions& options,
                                             const fs::path& models_folder) {
  std::vector<InitialNetwork> networks;
  for (const ModelPart part : trained_parts(options.task))
    networks.push_back(initial_network(options, part, models_folder));
  const bool fits =
      std::all_of(networks.begin(), networks.end(), [&](const InitialNetwork& network) {
        return network.model.empty() ||
               longest_input(options, network.part) <= network.config.positions;
      });
  // Lengths of another network's recipe: that it is another one's says more.
  if (!fits) require_chosen_size(options, networks);
  for (const InitialNetwork& network : networks)
    require_lengths(options, network.part, network.config, network.model);
  return networks;
}

TrainOptions with_initial_sizes(TrainOptions options, const fs::path& models_folder) {
  TrainOptions out = options;
  std::error_code ignored;
  for (const ModelPart part : trained_parts(options.task)) {
    const std::string& name = model_name(options, part);
    if (name.empty() || !fs::is_directory(models_folder / name, ignored)) return options;
    const auto model = initial_part(models_folder / name, part);
    if (!model) return options;
    const ModelConfig config = loaded_network(options, part, *model).config;
    out.layers = static_cast<int>(config.layers);
    out.hidden = static_cast<int>(config.hidden);
    out.heads = static_cast<int>(config.heads);
    out.intermediate = static_cast<int>(config.intermediate);
    out.positions = static_cast<int>(config.positions);
    if (part == ModelPart::kEmbedder) out.projection = static_cast<int>(config.projection);
  }
  return out;
}

void require_lengths(const TrainOptions& o, ModelPart part, const ModelConfig& config,
                     const std::string& model) {
  const int64_t longest = longest_input(o, part);
  if (model.empty() || longest <= config.positions) return;
  std::string options = fmt::format("query_length={}", o.query_length);
  if (!is_alone(o)) options += fmt::format(" and document_length={}", o.document_length);
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("With the training options {} an input of the {} has up to {} pieces, "
                          "but that of the model \"{}\" takes up to {}; set smaller ones.",
                          options, network_name(part), longest, model, config.positions));
}

void require_chosen_size(const TrainOptions& o, const std::vector<InitialNetwork>& networks) {
  std::vector<std::string> sizes;
  bool has_layers = false;
  bool has_hidden = false;
  for (const InitialNetwork& network : networks) {
    if (network.model.empty()) return;  // it has what was chosen
    has_layers =
        has_layers || o.layers == network.config.layers || o.layers == network.model_layers;
    has_hidden = has_hidden || o.hidden == network.config.hidden;
    sizes.push_back(fmt::format("the {} of \"{}\" with layers={} and hidden={}",
                                network_name(network.part), network.model, network.model_layers,
                                network.config.hidden));
  }
  const bool differs = (is_chosen(o, &TrainOptions::layers) && !has_layers) ||
                       (is_chosen(o, &TrainOptions::hidden) && !has_hidden);
  if (sizes.empty() || !differs) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("The training options ask for layers={} and hidden={}, but the run "
                          "starts from {}; set these to go on from what there is, or "
                          "initial_model={} for a new network.",
                          o.layers, o.hidden, fmt::join(sizes, " and "), kFirstVocabulary));
}

const char* network_name(ModelPart part) {
  return part == ModelPart::kEmbedder ? "retriever" : "reader";
}

}  // namespace realm
