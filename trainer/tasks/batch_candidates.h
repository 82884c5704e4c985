// The candidates z of a training batch: the top of the index, without the passage that holds x
// itself (REALM sections 3.3, 3.4; REALM_SPEC 5.3). The index only selects: the forward pass scores
// them with current weights. Function without state; blocks on the search.
#pragma once

#include <span>
#include <vector>

#include "engine/index/mips_index.h"
#include "engine/model/torch.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

struct BatchCandidates {
  std::vector<std::vector<int64_t>> rows;  // [B][k-1] passage rows; -1: the index held fewer
  // [B] place of the passage that the sentence names among the hits, from 1; 0: not among the first
  // max(k, 8), or none is named. The trivial candidate keeps its place here.
  std::vector<int> gold_rank;
  int64_t dropped_trivial = 0;
  int64_t generation = 0;  // of the index that chose them
};

// How far recall is measured.
inline constexpr int kRecallDepth = 8;

// `queries`: [B, P] embeddings of the sentences by the current weights. k is options.candidates and
// counts the null document, which is not among the rows.
BatchCandidates choose_batch_candidates(const TaskInputs& inputs, const MipsIndex& index,
                                        const torch::Tensor& queries,
                                        std::span<const TrainingSentence* const> sentences);

}  // namespace realm
