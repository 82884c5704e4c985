// Embedding the corpus with the current weights, and measuring retrieval on held-out sentences.
// Functions without state.
#pragma once

#include <functional>
#include <stop_token>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

struct EmbedRules {
  std::stop_token stop{};
  // Called between batches, if any; what it throws is passed on.
  std::function<void()> goes_on{};
  std::function<void(double share)> progress{};  // likewise: of the corpus, in [0, 1]
  // That share the work; each has the whole table in the end, and the call is collective. nullptr:
  // this process alone.
  RankGroup* ranks = nullptr;
};

// Embeddings of every passage, on the embedder's device, in batches of like length. The same
// weights give the same bits. Blocks; throws Error{kCancelled} soon after a request to stop.
VectorTable embed_corpus(const TaskInputs& inputs, Embedder& embedder,
                         const EmbedRules& rules = {});

// The held-out sentences that measurements use (options.evaluate_examples of them), masked and
// packed for the embedder; the same each time. inputs.held_out must be there.
std::vector<BertInput> held_out_queries(const TaskInputs& inputs, QueryMasks masks);

// Over the held-out sentences that name a passage: its recall at 1, 5 and 8, and as the loss minus
// log p(z|x) of it over the whole corpus (that of training is over a batch).
Metrics measure_recall(const TaskInputs& inputs, Embedder& embedder, const VectorTable& vectors);

}  // namespace realm
