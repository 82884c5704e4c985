// The inverse cloze task: the embedder's warm start (REALM section 4.2 of the paper's pre-training;
// REALM_SPEC 5.7).
#include <algorithm>
#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/index/faiss_index.h"
#include "engine/model/model_io.h"
#include "engine/objective/marginal_loss.h"
#include "trainer/data/ict_example.h"
#include "trainer/run_stages.h"
#include "trainer/tasks/probe_measurement.h"
#include "trainer/tasks/retrieval_probe.h"
#include "trainer/tasks/task_inputs.h"
#include "trainer/throughput.h"

namespace realm {
namespace {

class IctTask final : public TrainingTask {
 public:
  explicit IctTask(std::shared_ptr<const TaskInputs> inputs)
      : inputs_(std::move(inputs)),
        embedder_(load_or_make_embedder(*inputs_)),
        sampler_(inputs_->options, inputs_->vocabulary(), inputs_->passages,
                 inputs_->text ? &*inputs_->text : nullptr, embedder_->query_masks()),
        rng_(static_cast<uint64_t>(inputs_->options.seed)) {
    if (inputs_->options.neighbour_probability > 0) {
      sampler_.set_nearest([this](int64_t row, int count) { return nearest(row, count); });
    }
  }

  std::vector<AdamWeightDecay::Group> parameter_groups() override {
    return {{trained_parameters(embedder_->named(), inputs_->options), 1.0}};
  }

  Metrics step(int64_t step, RunWriter& run) override {
    const double waited = refresh_neighbours(step, run);
    embedder_->train();
    const IctBatch batch = sampler_.sample(rng_);
    const SpecialIds& special = inputs_->vocabulary().special();
    // Each rank embeds its share and scores all queries against all documents.
    const auto embed = [&](std::span<const BertInput> inputs) {  // [B, P]
      const BatchPart own = inputs_->ranks->share_of(inputs.size());
      return inputs_->ranks->gather_rows(
          embedder_(make_batch(inputs.subspan(own.begin, own.size), special, inputs_->device)));
    };
    const torch::Tensor queries = embed(batch.queries);
    const torch::Tensor documents = embed(batch.documents);
    const torch::Tensor scores = in_batch_scores(queries, documents, batch.undecided);  // [B, B]
    const torch::Tensor loss = in_batch_loss(scores);
    loss.backward();
    const torch::Tensor hit = scores.detach().argmax(1) ==
                              torch::arange(scores.size(0), scores.options().dtype(torch::kInt64));
    int64_t tokens = 0;
    for (const BertInput& input : batch.queries) tokens += static_cast<int64_t>(input.ids.size());
    for (const BertInput& input : batch.documents) tokens += static_cast<int64_t>(input.ids.size());
    return {{"loss", loss.item<double>()},
            {"in_batch_accuracy", hit.to(torch::kFloat32).mean().item<double>()},
            {kTokens, static_cast<double>(tokens)},
            {kExamples, static_cast<double>(batch.queries.size())},
            {kWaitedSeconds, waited}};
  }

  Metrics evaluate() override {
    if (!inputs_->held_out) return {};
    const VectorTable vectors =
        embed_corpus(*inputs_, embedder_, {.goes_on = looks(kEvaluateStage)});
    if (!inputs_->probes.empty()) measured_ = vectors;
    return measure_recall(*inputs_, embedder_, vectors);
  }

  // Retrieval alone, from the corpus as it is embedded now.
  void measure_probes(int64_t step, RunWriter& run) override {
    if (inputs_->probes.empty()) return;
    if (!measured_)
      measured_ = embed_corpus(*inputs_, embedder_, {.goes_on = looks(kEvaluateStage)});
    const VectorTable vectors = *std::exchange(measured_, std::nullopt);
    const auto index = make_index(kExactIndexType, vectors, 0);
    embedder_->eval();
    probes_.record({&embedder_, nullptr, {index.get(), &vectors, step}}, step, run);
  }

  void save_models(const std::filesystem::path& folder) const override {
    save_embedder(folder / "embedder", embedder_, *inputs_->tokenizer);
  }

  // With the embeddings that neighbours are chosen by, so that a resumed run draws the same
  // batches.
  TaskState state() const override {
    TaskState state{{}, nlohmann::json{{"rng", rng_.state()}}.dump()};
    if (neighbours_) state.tensors.emplace_back(kNeighbourTensor, neighbour_rows_);
    return state;
  }

  void restore(const std::string& json,
               const std::vector<std::pair<std::string, torch::Tensor>>& tensors) override {
    rng_ = Rng::from_state(nlohmann::json::parse(json).at("rng").get<Rng::State>());
    for (const auto& [name, rows] : tensors) {
      if (name != kNeighbourTensor || rows.size(0) != inputs_->passages.size()) continue;
      keep_neighbours(vectors_of(rows));
    }
  }

 private:
  static constexpr const char* kNeighbourTensor = "neighbours";

  // A stop need not wait until the corpus is embedded.
  std::function<void()> looks(const char* stage) const {
    return [this, stage] { inputs_->looks.within_part(stage); };
  }

  // Embeds the corpus anew where that is due; returns the seconds that it took.
  double refresh_neighbours(int64_t step, RunWriter& run) {
    const bool is_due = inputs_->options.neighbour_probability > 0 &&
                        (!neighbours_ || step % inputs_->options.refresh_every_steps == 0);
    if (!is_due) return 0;
    const auto began = std::chrono::steady_clock::now();
    run.heartbeat(step, kRefreshStage);
    keep_neighbours(embed_corpus(*inputs_, embedder_,
                                 {.goes_on = looks(kRefreshStage), .ranks = inputs_->ranks.get()}));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }

  // Rows [N, P] in the order of the passages.
  VectorTable vectors_of(const torch::Tensor& rows) const {
    std::vector<DocumentId> ids;
    for (const Passage& passage : inputs_->passages.all()) ids.push_back(passage.id);
    const torch::Tensor values = rows.to(torch::kFloat32).contiguous();
    const float* begin = values.data_ptr<float>();
    return VectorTable::from_memory(std::move(ids), {begin, begin + values.numel()},
                                    static_cast<int>(values.size(1)));
  }

  void keep_neighbours(VectorTable vectors) {
    const int64_t width = vectors.dimension();
    neighbour_rows_ = torch::empty({inputs_->passages.size(), width});
    for (int64_t row = 0; row < inputs_->passages.size(); ++row) {
      const auto from = vectors.row(vectors.row_of(inputs_->passages.at(row).id));
      std::copy(from.begin(), from.end(), neighbour_rows_.data_ptr<float>() + row * width);
    }
    neighbours_ = make_index(kExactIndexType, std::move(vectors), 0);
  }

  std::vector<int64_t> nearest(int64_t row, int count) const {
    const auto width = static_cast<size_t>(neighbour_rows_.size(1));
    const float* query = neighbour_rows_.data_ptr<float>() + static_cast<size_t>(row) * width;
    std::vector<int64_t> out;
    const std::vector<std::vector<Hit>> hits = neighbours_->search({query, width}, count + 1);
    for (const Hit& hit : hits.front()) {
      const int64_t other = inputs_->passages.row_of(hit.id);
      if (other != row) out.push_back(other);
    }
    return out;
  }

  std::shared_ptr<const TaskInputs> inputs_;
  mutable Embedder embedder_;
  IctSampler sampler_;
  Rng rng_;
  ProbeRecorder probes_{*inputs_};
  std::shared_ptr<const MipsIndex> neighbours_;  // of the last refresh
  torch::Tensor neighbour_rows_;                 // [N, P], its vectors by passage row
  std::optional<VectorTable> measured_;          // of evaluate(), for the probes after it
};

}  // namespace

std::unique_ptr<TrainingTask> make_ict_task(std::shared_ptr<const TaskInputs> inputs) {
  return std::make_unique<IctTask>(std::move(inputs));
}

}  // namespace realm
