// Measuring probe queries with the networks of a training run (UI.md I 66, 67). The retriever and
// the reader are the engine's own (engine/retrieval, engine/prediction), so that a probe has the
// numbers that `realm ask` gives with the same weights and candidates. All calls block; thread rule
// as the networks.
#pragma once

#include <optional>
#include <string>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"
#include "storage/run_database.h"
#include "trainer/tasks/probe_baseline.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

// The index that chooses candidates, its vectors, and the step whose weights made them.
struct ProbedIndex {
  const MipsIndex* index = nullptr;
  const VectorTable* vectors = nullptr;
  int64_t made_at_step = 0;
};

// What a task trains, in evaluation mode. Without an embedder nothing is retrieved, and the reader
// is measured beside the named passage and without one; without an encoder nothing is read.
struct ProbedModel {
  Embedder* embedder = nullptr;
  KnowledgeAugmentedEncoder* encoder = nullptr;
  ProbedIndex retrieval{};  // where there is an embedder
};

// One JSON object, whose fields are those of `realm ask --json` and mean the same, without the
// texts of documents and with five top words; fields that the model cannot give are missing. Beside
// them:
//   index         "generation", "made_at_step", "age_steps" of the index that chose
//   log_p_y_null  log p(y|null,x)
//   gold          null, or the named passage: "id", "title", "rank" among all passages by e(x) and
//                 the index's vectors (1 is best), "is_candidate", "p_z_given_x" (null: no
//                 candidate)
// Documents are embedded with the current weights; none is left out as trivial. Without retrieval
// "documents" holds the named passage and the null document, and p_y_given_x is missing.
std::string measure_probe(const TaskInputs& inputs, const ProbedModel& model,
                          const ProbeQuery& probe, int64_t step);

// [CLS] x [SEP] alone, as plain BERT reads it: {"query", "baseline": {"p_y_given_x",
// "log_p_y_given_x"}}.
std::string measure_probe_alone(const TaskInputs& inputs, KnowledgeAugmentedEncoder& encoder,
                                const ProbeQuery& probe);

// Every probe of the inputs into a run's record, all of them or, where inputs.looks end it, none.
// One owner; the inputs must outlive it.
class ProbeRecorder {
 public:
  explicit ProbeRecorder(const TaskInputs& inputs) : inputs_(inputs) {}

  // As measure_probe; where something is read and the workspace has a baseline, also
  //   baseline      "name", "p_y_given_x", "log_p_y_given_x" of plain BERT without passages
  void record(const ProbedModel& model, int64_t step, RunWriter& run);
  // As measure_probe_alone.
  void record_alone(KnowledgeAugmentedEncoder& encoder, int64_t step, RunWriter& run);

 private:
  const std::optional<ProbeBaseline>& baseline(int64_t step, RunWriter& run);

  const TaskInputs& inputs_;
  bool knows_baseline_ = false;  // it was looked for
  std::optional<ProbeBaseline> baseline_;
};

// 1 + the number of rows with a higher inner product with `query`, or an equal one and a smaller
// id. [D] values; `id` must be in the table.
int64_t rank_of(const VectorTable& vectors, std::span<const float> query, DocumentId id);

}  // namespace realm
