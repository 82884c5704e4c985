// Embedding the corpus with the current weights, and measuring retrieval on held-out sentences.
// Functions without state.
#pragma once

#include <stop_token>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

// Embeddings of every passage, on `inputs.device`, in batches of like length. The same weights give
// the same bits. Blocks; throws Error{kCancelled} soon after a request to stop.
VectorTable embed_corpus(const TaskInputs& inputs, Embedder& embedder, std::stop_token stop);

// Recall of the named passage at 1, 5 and 8 over the held-out sentences that name one.
Metrics measure_recall(const TaskInputs& inputs, Embedder& embedder, VectorTable vectors);

}  // namespace realm
