// The inverse cloze task: the embedder's warm start (REALM section 4.2 of the paper's pre-training;
// REALM_SPEC 5.7).
#include <nlohmann/json.hpp>

#include "engine/model/model_io.h"
#include "engine/objective/marginal_loss.h"
#include "trainer/data/ict_example.h"
#include "trainer/tasks/retrieval_probe.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {
namespace {

class IctTask final : public TrainingTask {
 public:
  explicit IctTask(std::shared_ptr<const TaskInputs> inputs)
      : inputs_(std::move(inputs)),
        embedder_(load_or_make_embedder(*inputs_)),
        sampler_(inputs_->options, inputs_->vocabulary(), inputs_->passages,
                 inputs_->text ? &*inputs_->text : nullptr),
        rng_(static_cast<uint64_t>(inputs_->options.seed)) {}

  std::vector<AdamWeightDecay::Group> parameter_groups() override {
    return {{embedder_->named(), 1.0}};
  }

  Metrics step(int64_t, RunWriter&) override {
    embedder_->train();
    const IctBatch batch = sampler_.sample(rng_);
    const SpecialIds& special = inputs_->vocabulary().special();
    const torch::Tensor queries =
        embedder_(make_batch(batch.queries, special, inputs_->device));  // [B, P]
    const torch::Tensor documents =
        embedder_(make_batch(batch.documents, special, inputs_->device));            // [B, P]
    const torch::Tensor scores = torch::matmul(queries, documents.transpose(0, 1));  // [B, B]
    const torch::Tensor loss = in_batch_loss(scores);
    loss.backward();
    const torch::Tensor hit = scores.detach().argmax(1) ==
                              torch::arange(scores.size(0), scores.options().dtype(torch::kInt64));
    int64_t tokens = 0;
    for (const BertInput& input : batch.queries) tokens += static_cast<int64_t>(input.ids.size());
    for (const BertInput& input : batch.documents) tokens += static_cast<int64_t>(input.ids.size());
    return {{"loss", loss.item<double>()},
            {"in_batch_accuracy", hit.to(torch::kFloat32).mean().item<double>()},
            {"tokens", static_cast<double>(tokens)},
            {"examples", static_cast<double>(batch.queries.size())}};
  }

  Metrics evaluate() override {
    if (!inputs_->held_out) return {};
    return measure_recall(*inputs_, embedder_, embed_corpus(*inputs_, embedder_, {}));
  }

  void save_models(const std::filesystem::path& folder) const override {
    save_embedder(folder / "embedder", embedder_, *inputs_->tokenizer);
  }

  TaskState state() const override { return {{}, nlohmann::json{{"rng", rng_.state()}}.dump()}; }

  void restore(const std::string& json,
               const std::vector<std::pair<std::string, torch::Tensor>>&) override {
    rng_ = Rng::from_state(nlohmann::json::parse(json).at("rng").get<Rng::State>());
  }

 private:
  std::shared_ptr<const TaskInputs> inputs_;
  mutable Embedder embedder_;
  IctSampler sampler_;
  Rng rng_;
};

}  // namespace

std::unique_ptr<TrainingTask> make_ict_task(std::shared_ptr<const TaskInputs> inputs) {
  return std::make_unique<IctTask>(std::move(inputs));
}

}  // namespace realm
