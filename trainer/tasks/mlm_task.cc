// Masked language modelling, with the named passage in the input or without one (plain BERT, the
// baseline).
#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/model/model_io.h"
#include "trainer/data/batch_parts.h"
#include "trainer/run_stages.h"
#include "trainer/tasks/probe_measurement.h"
#include "trainer/tasks/reading_loss.h"
#include "trainer/tasks/task_inputs.h"
#include "trainer/throughput.h"

namespace realm {
namespace {

class MlmTask final : public TrainingTask {
 public:
  explicit MlmTask(std::shared_ptr<const TaskInputs> inputs)
      : inputs_(std::move(inputs)),
        encoder_(load_or_make_encoder(*inputs_)),
        sampler_(inputs_->options, inputs_->vocabulary(), inputs_->passages, *inputs_->text) {}

  std::vector<AdamWeightDecay::Group> parameter_groups() override {
    NamedParameters body;
    NamedParameters head;
    for (NamedParameter& named : trained_parameters(encoder_->named(), inputs_->options)) {
      const bool is_head = named.name.starts_with("cls.");
      (is_head ? head : body).push_back(std::move(named));
    }
    return {{std::move(body), 1.0}, {std::move(head), inputs_->options.head_rate_factor}};
  }

  Metrics step(int64_t step, RunWriter&) override {
    encoder_->train();
    const std::vector<ReadingExample> examples = sampler_.batch(step);
    double masked = 0;  // in the whole batch: the means below are over all of it, not over a part
    double visible = 0;
    int64_t tokens = 0;  // of all ranks
    for (const ReadingExample& example : examples) {
      masked += static_cast<double>(example.positions.size());
      visible += static_cast<double>(example.visible.size());
      tokens += static_cast<int64_t>(example.input.ids.size());
    }
    double loss = 0;
    double right = 0;
    for (const BatchPart& part :
         parts_of(inputs_->ranks->share_of(examples.size()), inputs_->options.accumulate_steps)) {
      const TargetScores scores =
          score_targets(encoder_, std::span(examples).subspan(part.begin, part.size),
                        inputs_->vocabulary().special(), inputs_->device);
      const torch::Tensor of_part = -scores.log_p.sum() / masked;
      torch::Tensor total = of_part;
      if (scores.visible_log_p.defined())
        total = total - inputs_->options.unmasked_weight * scores.visible_log_p.sum() / visible;
      total.backward();
      loss += of_part.item<double>();
      right += scores.is_top.sum().item<double>();
    }
    sum_over_ranks(*inputs_->ranks, loss, right);
    return {{"loss", loss},
            {"piece_accuracy", right / masked},
            {kTokens, static_cast<double>(tokens)},
            {kExamples, static_cast<double>(examples.size())}};
  }

  Metrics evaluate() override {
    if (!inputs_->held_out) return {};
    const torch::NoGradGuard no_grad;
    encoder_->eval();
    Metrics metrics = measure(true, "held_out/");
    if (inputs_->options.passage != PassageRule::kNone) {
      for (auto& metric : measure(false, "held_out/null_")) metrics.push_back(std::move(metric));
    }
    return metrics;
  }

  // What the reader alone gives: beside the named passage and without one; for plain BERT, x alone.
  void measure_probes(int64_t step, RunWriter& run) override {
    encoder_->eval();
    if (inputs_->options.passage != PassageRule::kNone) {
      probes_.record({nullptr, &encoder_, {}}, step, run);
    } else {
      probes_.record_alone(encoder_, step, run);
    }
  }

  void save_models(const std::filesystem::path& folder) const override {
    if (inputs_->options.passage == PassageRule::kNone) {
      save_bert(folder / "bert", encoder_, *inputs_->tokenizer);
    } else {
      save_encoder(folder / "encoder", encoder_, *inputs_->tokenizer);
    }
  }

  TaskState state() const override {
    const ReadingSampler::State s = sampler_.state();
    return {
        {},
        nlohmann::json{{"rng", s.rng}, {"group_step", s.group_step}, {"served", s.served}}.dump()};
  }

  void restore(const std::string& json,
               const std::vector<std::pair<std::string, torch::Tensor>>&) override {
    const auto saved = nlohmann::json::parse(json);
    sampler_.restore({saved.at("rng").get<Rng::State>(), saved.at("group_step").get<int64_t>(),
                      saved.at("served").get<int64_t>()});
  }

 private:
  Metrics measure(bool with_passage, const std::string& prefix) {
    Rng rng(0x5eed);
    double log_p = 0;
    double right = 0;
    double pieces = 0;
    const auto& sentences = inputs_->held_out->sentences;
    const auto count =
        std::min(sentences.size(), static_cast<size_t>(inputs_->options.evaluate_examples));
    for (size_t begin = 0; begin < count; begin += 32) {
      inputs_->looks.within_part(kEvaluateStage);
      std::vector<ReadingExample> examples;
      for (size_t i = begin; i < std::min(count, begin + 32); ++i) {
        examples.push_back(sampler_.plain_example(sentences[i], with_passage, rng));
        pieces += static_cast<double>(examples.back().targets.size());
      }
      const TargetScores scores =
          score_targets(encoder_, examples, inputs_->vocabulary().special(), inputs_->device);
      for (const AnswerScore& score : answer_scores(scores, examples)) {
        log_p += score.log_p;
        right += score.right ? 1 : 0;
      }
    }
    const auto n = static_cast<double>(count);
    // The loss is a piece's, as in training.
    return {{prefix + "loss", -log_p / pieces},
            {prefix + "log_p_y", log_p / n},
            {prefix + "answer_right", right / n}};
  }

  std::shared_ptr<const TaskInputs> inputs_;
  KnowledgeAugmentedEncoder encoder_;
  ReadingSampler sampler_;
  ProbeRecorder probes_{*inputs_};
};

}  // namespace

std::unique_ptr<TrainingTask> make_mlm_task(std::shared_ptr<const TaskInputs> inputs) {
  return std::make_unique<MlmTask>(std::move(inputs));
}

}  // namespace realm
