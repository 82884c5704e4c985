// REALM pre-training (paper section 3.4; REALM_SPEC 5): salient spans of X masked, top k passages
// and the null document, retriever and reader trained together through the marginal likelihood, the
// index refreshed while training goes on.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "trainer/data/batch_parts.h"
#include "trainer/run_stages.h"
#include "trainer/tasks/marginal_metrics.h"
#include "trainer/tasks/probe_measurement.h"
#include "trainer/tasks/refreshed_index.h"
#include "trainer/tasks/training_samples.h"
#include "trainer/tasks/warm_pairs.h"
#include "trainer/throughput.h"

namespace realm {
namespace {

template <typename Count>
double share_of(Count part, Count whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

class PretrainTask final : public TrainingTask {
 public:
  explicit PretrainTask(std::shared_ptr<const TaskInputs> inputs)
      : inputs_(std::move(inputs)),
        o_(inputs_->options),
        embedder_(load_or_make_embedder(*inputs_)),
        encoder_(load_or_make_encoder(*inputs_)),
        index_(*inputs_),
        rng_(static_cast<uint64_t>(o_.seed)),
        warm_(*inputs_),
        masker_(make_sentence_masker(o_.masking, inputs_->vocabulary())) {
    if (o_.candidates - 1 > inputs_->passages.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("Training asks for {} candidates beside the null document, but the "
                              "corpus has {} documents.",
                              o_.candidates - 1, inputs_->passages.size()));
    }
  }

  std::vector<AdamWeightDecay::Group> parameter_groups() override {
    const double ratio =
        o_.encoder_learning_rate > 0 ? o_.encoder_learning_rate / o_.learning_rate : 1.0;
    NamedParameters embedder = trained_parameters(embedder_->named(), o_);
    for (NamedParameter& named : embedder) named.name = "embedder." + named.name;
    NamedParameters encoder = trained_parameters(encoder_->named(), o_);
    for (NamedParameter& named : encoder) named.name = "encoder." + named.name;
    return {{std::move(embedder), 1.0}, {std::move(encoder), ratio}};
  }

  void begin() override { index_.build(embedder_); }

  Metrics step(int64_t step, RunWriter& run) override {
    const double waited = index_.before_step(step, embedder_, run);
    embedder_->train();
    encoder_->train();
    // Differs from REALM's code: that draws a passage and one of all its spans, each once however
    // often it stands there (REALM_SPEC 5.1). An example here is a sentence of the training text,
    // which need not be a passage's: a sentence is drawn, and then one of its spans, so that a
    // sentence with many is hidden no more often.
    std::vector<const TrainingSentence*> sentences;
    for (int i = 0; i < o_.batch_size; ++i) {
      sentences.push_back(&inputs_->text->sentences[rng_.below(inputs_->text->sentences.size())]);
    }
    // Every rank draws the whole batch, so that the draws do not depend on how many there are.
    const SentenceBatch batch = mask_batch(std::move(sentences), *masker_, rng_);
    MarginalMetrics measured(o_.marginal);
    double loss_sum = 0;  // a mean over the batch
    double dropped = 0;
    double tokens = 0;
    const std::vector<BatchPart> parts =
        parts_of(inputs_->ranks->share_of(batch.sentences.size()), o_.accumulate_steps);
    for (const BatchPart& part : parts) {
      const SentenceBatch some = batch.part(part);
      const MarginalForward forward =
          run_marginal({*inputs_, embedder_, encoder_}, index_.index(), some);
      const torch::Tensor loss = marginal_loss(o_.marginal, forward);
      // The loss is a mean over examples, or over pieces; a part counts by its share of them.
      const double share = o_.marginal == MarginalForm::kPaper
                               ? share_of(part.size, batch.sentences.size())
                               : share_of(some.pieces(), batch.pieces());
      (loss * share).backward();
      loss_sum += share * loss.item<double>();
      measured.add(forward, some.sentences);
      if (&part == &parts.front() && is_logged(step))
        record_samples(*inputs_, some, forward, step + 1, run);
      dropped += static_cast<double>(forward.candidates.dropped_trivial);
      tokens += static_cast<double>(forward.tokens);
    }
    sum_over_ranks(*inputs_->ranks, loss_sum, dropped, tokens);
    measured.sum_over(*inputs_->ranks);
    Metrics metrics = {{"loss", loss_sum}};
    const auto append = [&](const Metrics& more) {
      metrics.insert(metrics.end(), more.begin(), more.end());
    };
    append(measured.means(""));
    append(index_.metrics(step));
    metrics.emplace_back("dropped_trivial", dropped);
    if (const auto warm = warm_.learn(encoder_, step)) {
      metrics.emplace_back("warm_loss", warm->loss);
      tokens += static_cast<double>(warm->tokens);
    }
    metrics.emplace_back(kTokens, tokens);
    metrics.emplace_back(kExamples, static_cast<double>(batch.sentences.size()));
    metrics.emplace_back(kWaitedSeconds, waited);
    return metrics;
  }

  // With the index in use: its generation is among the measurements.
  Metrics evaluate() override {
    if (!inputs_->held_out) return {};
    const torch::NoGradGuard no_grad;
    embedder_->eval();
    encoder_->eval();
    Rng rng(0x5eed);
    const auto& all = inputs_->held_out->sentences;
    const auto count = std::min(all.size(), static_cast<size_t>(o_.evaluate_examples));
    MarginalMetrics measured(o_.marginal);
    constexpr size_t kBatch = 16;
    for (size_t begin = 0; begin < count; begin += kBatch) {
      inputs_->looks.within_part(kEvaluateStage);
      std::vector<const TrainingSentence*> sentences;
      for (size_t i = begin; i < std::min(count, begin + kBatch); ++i) sentences.push_back(&all[i]);
      const SentenceBatch batch = mask_batch(std::move(sentences), *salient_, rng);
      measured.add(run_marginal({*inputs_, embedder_, encoder_}, index_.index(), batch),
                   batch.sentences);
    }
    Metrics metrics = measured.all_means("held_out/");
    metrics.emplace_back("held_out/index_generation",
                         static_cast<double>(index_.index().generation()));
    return metrics;
  }

  void measure_probes(int64_t step, RunWriter& run) override {
    embedder_->eval();
    encoder_->eval();
    const ProbedModel model{
        &embedder_, &encoder_, {&index_.index(), &index_.vectors(), index_.made_at_step()}};
    probes_.record(model, step, run);
  }

  void refresh_now(int64_t step, RunWriter& run) override { index_.request(step, run); }
  void repeat_refresh(int64_t step) override { index_.repeat_request(step); }

  void save_models(const std::filesystem::path& folder) const override {
    save_embedder(folder / "embedder", embedder_, *inputs_->tokenizer);
    save_encoder(folder / "encoder", encoder_, *inputs_->tokenizer);
  }

  TaskState state() const override {
    const ReadingSampler::State warm = warm_.state();
    nlohmann::json json = index_.state();
    json["rng"] = rng_.state();
    json["warm_rng"] = warm.rng;
    json["warm_group_step"] = warm.group_step;
    json["warm_served"] = warm.served;
    return {index_.weights(), json.dump()};
  }

  void restore(const std::string& json,
               const std::vector<std::pair<std::string, torch::Tensor>>& tensors) override {
    const auto saved = nlohmann::json::parse(json);
    rng_ = Rng::from_state(saved.at("rng").get<Rng::State>());
    warm_.restore({saved.at("warm_rng").get<Rng::State>(),
                   saved.at("warm_group_step").get<int64_t>(),
                   saved.at("warm_served").get<int64_t>()});
    index_.restore(saved, tensors, embedder_);
  }

 private:
  bool is_logged(int64_t step) const {
    return inputs_->ranks->is_first() && (step + 1) % o_.log_every_steps == 0;
  }

  std::shared_ptr<const TaskInputs> inputs_;
  const TrainOptions& o_;
  Embedder embedder_;
  KnowledgeAugmentedEncoder encoder_;
  RefreshedIndex index_;
  Rng rng_;
  WarmPairs warm_;
  ProbeRecorder probes_{*inputs_};
  std::unique_ptr<const SentenceMasker> masker_;
  // Measurements always hide salient spans, so that maskings can be compared.
  std::unique_ptr<const SentenceMasker> salient_ =
      make_sentence_masker(Masking::kSalient, inputs_->vocabulary());
};

}  // namespace

std::unique_ptr<TrainingTask> make_pretrain_task(std::shared_ptr<const TaskInputs> inputs) {
  return std::make_unique<PretrainTask>(std::move(inputs));
}

}  // namespace realm
