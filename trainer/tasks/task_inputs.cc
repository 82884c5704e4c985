#include "trainer/tasks/task_inputs.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/model/device.h"
#include "engine/model/model_io.h"
#include "engine/tagging/bert_span_tagger.h"
#include "engine/text/combined_tagger.h"
#include "storage/corpus_store.h"
#include "storage/span_cache.h"
#include "storage/workspace.h"
#include "trainer/initial_model.h"
#include "trainer/parallel/rank_environment.h"
#include "trainer/tasks/initial_weights.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

// A config for training from scratch.
ModelConfig new_config_of(const TaskInputs& inputs) {
  ModelConfig config = new_config(inputs.options, inputs.vocabulary().size());
  config.pad_token_id = inputs.vocabulary().special().pad;
  return config;
}

fs::path model_folder(const TaskInputs& inputs, const std::string& name, const char* option) {
  return initial_folder(inputs.models_folder, name, option);
}

std::shared_ptr<const WordPieceTokenizer> tokenizer_of(const fs::path& folder) {
  if (holds_weights(folder)) return load_tokenizer(ModelFolder::open(folder));
  auto vocabulary = std::make_shared<const Vocabulary>(Vocabulary::load(folder / "vocab.txt"));
  return std::make_shared<const WordPieceTokenizer>(std::move(vocabulary));
}

torch::Device device_of(const TrainOptions& options, const RankGroup& ranks) {
  torch::Device device(options.device);
  // Ranks of one machine take a card each, by their number there.
  const std::optional<int> local = local_rank();
  if (device.is_cuda() && !device.has_index() && ranks.size() > 1 && local)
    device.set_index(static_cast<c10::DeviceIndex>(*local));
  const int64_t cards = device.is_cuda() ? static_cast<int64_t>(torch::cuda::device_count()) : 1;
  if (device.is_cuda() && std::max<int64_t>(device.index(), 0) >= cards) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The training option device asks for {}, but LibTorch finds {} CUDA "
                            "devices here.",
                            options.device, cards));
  }
  return device;
}

// Every weight becomes the mean of its own and the other's.
void average_weights(const NamedParameters& own, const NamedParameters& others,
                     const std::string& what) {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < own.size(); ++i) {
    const bool fits = i < others.size() && own[i].name == others[i].name &&
                      own[i].value().sizes() == others[i].value().sizes();
    if (!fits || own.size() != others.size()) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("The {} have other shapes ({}), so their weights have no average.",
                              what, own[i].name));
    }
    own[i].value().add_(others[i].value()).mul_(0.5);
  }
}

void average_embedder(Embedder& embedder, const TaskInputs& inputs) {
  const std::string& name = inputs.options.average_model;
  const Embedder other =
      load_embedder(ModelFolder::open(model_folder(inputs, name, "average_model")), inputs.device);
  average_weights(embedder->named(), other->named(),
                  fmt::format("embedders of {} and {}", inputs.options.initial_model, name));
}

void average_encoder(KnowledgeAugmentedEncoder& encoder, const TaskInputs& inputs) {
  const std::string& name = inputs.options.average_encoder;
  const KnowledgeAugmentedEncoder other =
      load_encoder(ModelFolder::open(model_folder(inputs, name, "average_encoder")), inputs.device);
  average_weights(
      encoder->named(), other->named(),
      fmt::format("encoders of {} and {}",
                  inputs.options.initial_encoder.empty() ? inputs.options.initial_model
                                                         : inputs.options.initial_encoder,
                  name));
}

// The tagger of options.span_tagger. What a model found is kept in the workspace.
std::unique_ptr<SalientSpanTagger> make_span_tagger(const TaskInputs& inputs,
                                                    const Corpus& corpus) {
  const TrainOptions& o = inputs.options;
  auto rules = std::make_unique<RuleTagger>(lexicon_of(corpus));
  if (o.span_tagger == "rules") return rules;
  std::shared_ptr<const BertSpanTagger> model = BertSpanTagger::open(
      model_folder(inputs, o.span_tagger, "span_tagger"), {.threads = o.threads});
  auto names = std::make_shared<const CachedSpanTagger>(
      model, model->fingerprint(), CachedSpanTagger::file_in(inputs.models_folder.parent_path()));
  return std::make_unique<CombinedTagger>(
      std::move(names), std::move(rules),
      std::vector<SalientSpanKind>{SalientSpanKind::kDate, SalientSpanKind::kNumber});
}

// The network as options.dropout says, which holds for every network while it is trained, whatever
// the config of the model that it comes from says. Evaluation has none.
template <typename Network>
Network with_dropout(Network network, double dropout) {
  ModelConfig config = network->config();
  if (config.hidden_dropout == dropout && config.attention_dropout == dropout) return network;
  config.hidden_dropout = config.attention_dropout = dropout;
  const torch::NoGradGuard no_grad;
  const NamedParameters from = network->named();
  Network other(config);
  other->to(from.front().value().device());
  const NamedParameters to = other->named();
  REALM_CHECK(from.size() == to.size());
  for (size_t i = 0; i < to.size(); ++i) to[i].value().copy_(from[i].value());
  return other;
}

template <typename Network>
Network prepared(Network network, const TaskInputs& inputs) {
  network->to(inputs.device);
  return network;
}

bool is_frozen(const std::string& name, const TrainOptions& options) {
  return options.freeze_embeddings && (name.ends_with("embeddings.word_embeddings.weight") ||
                                       name.ends_with("embeddings.position_embeddings.weight"));
}

}  // namespace

NamedParameters trained_parameters(const NamedParameters& all, const TrainOptions& options) {
  NamedParameters trained;
  for (const NamedParameter& named : all) {
    torch::Tensor leaf = named.parameter;
    if (is_frozen(named.name, options)) {
      leaf.set_requires_grad(false);
    } else {
      trained.push_back(named);
    }
  }
  return trained;
}

std::shared_ptr<const TaskInputs> load_task_inputs(const TrainOptions& options,
                                                   std::shared_ptr<RankGroup> ranks,
                                                   StartLooks looks) {
  auto inputs = std::make_shared<TaskInputs>();
  inputs->ranks = std::move(ranks);
  inputs->looks = std::move(looks);
  const auto between_parts = [&] { inputs->looks.between_parts(kLoadStage); };
  const auto within_part = [&] { inputs->looks.within_part(kLoadStage); };
  inputs->options = options;
  inputs->device = device_of(options, *inputs->ranks);
  const Workspace workspace = Workspace::open(options.workspace, true);
  inputs->models_folder = workspace.models_folder();
  inputs->tokenizer = tokenizer_of(model_folder(*inputs, options.initial_model, "initial_model"));
  const auto corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly);
  inputs->passages = PassageTable::load(*corpus, *inputs->tokenizer, within_part);
  between_parts();
  TrainingTextRules rules{.query_length = options.query_length, .goes_on = within_part};
  rules.make_tagger = [&] { return make_span_tagger(*inputs, *corpus); };
  if (!options.training_text.empty()) {
    rules.needs_spans = options.task == TrainTask::kIct || options.masking == Masking::kSalient;
    inputs->text =
        TrainingText::load(options.training_text, *inputs->tokenizer, inputs->passages, rules);
  } else if (options.task != TrainTask::kIct) {
    rules.needs_spans = options.masking == Masking::kSalient;
    // Pre-training drops the passage that holds x itself, so it is no gold passage there.
    inputs->text = TrainingText::of_passages(*inputs->tokenizer, inputs->passages, rules,
                                             options.task == TrainTask::kMlm);
  }
  between_parts();
  if (!options.held_out_text.empty()) {
    rules.needs_spans = true;  // measurements hide salient spans under every masking
    inputs->held_out =
        TrainingText::load(options.held_out_text, *inputs->tokenizer, inputs->passages, rules);
  }
  between_parts();
  if (!options.probes.empty()) {
    inputs->probes =
        load_probes(options.probes, *inputs->tokenizer, inputs->passages, inputs->lengths());
  }
  inputs->refresh_device =
      options.refresh_device.empty() ? inputs->device : parse_device(options.refresh_device);
  return inputs;
}

Embedder load_or_make_embedder(const TaskInputs& inputs) {
  torch::manual_seed(static_cast<uint64_t>(inputs.options.seed));
  const fs::path folder = model_folder(inputs, inputs.options.initial_model, "initial_model");
  if (const auto model = initial_part(folder, ModelPart::kEmbedder)) {
    const std::string& name = inputs.options.initial_model;
    require_lengths(inputs.options, ModelPart::kEmbedder, model->config(ModelPart::kEmbedder),
                    name);
    Embedder embedder = with_dropout(load_embedder(*model, inputs.device), inputs.options.dropout);
    if (!inputs.options.average_model.empty()) average_embedder(embedder, inputs);
    return embedder;
  }
  return prepared(Embedder(new_config_of(inputs)), inputs);
}

KnowledgeAugmentedEncoder load_or_make_encoder(const TaskInputs& inputs) {
  const TrainOptions& o = inputs.options;
  torch::manual_seed(static_cast<uint64_t>(o.seed) + 1);
  const bool other = !o.initial_encoder.empty();
  const std::string& name = other ? o.initial_encoder : o.initial_model;
  const fs::path folder = model_folder(inputs, name, other ? "initial_encoder" : "initial_model");
  if (const auto model = initial_part(folder, ModelPart::kEncoder)) {
    if (load_tokenizer(*model)->vocabulary().fingerprint() != inputs.vocabulary().fingerprint()) {
      throw Error(
          ErrorCode::kMismatch,
          other ? fmt::format("The models {} and {} have different vocabularies, so they cannot be "
                              "trained together.",
                              o.initial_model, name)
                : fmt::format("The encoder of the model {} has another vocabulary than the model "
                              "itself, so it cannot be trained.",
                              name));
    }
    require_lengths(o, ModelPart::kEncoder, model->config(ModelPart::kEncoder), name);
    KnowledgeAugmentedEncoder encoder = model->has(ModelPart::kEncoder)
                                            ? load_encoder(*model, inputs.device)
                                            : make_encoder_of_body(*model, inputs.device);
    encoder = with_dropout(encoder, o.dropout);
    if (!o.average_encoder.empty()) average_encoder(encoder, inputs);
    return o.grow_to_layers > encoder->config().layers ? grow_encoder(encoder, o.grow_to_layers)
                                                       : encoder;
  }
  KnowledgeAugmentedEncoder encoder(new_config_of(inputs));
  if (inputs.options.copying_start)
    set_copying_weights(encoder->named(), inputs.options.layers, inputs.options.heads);
  return prepared(encoder, inputs);
}

}  // namespace realm
