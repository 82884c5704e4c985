// The forward pass of REALM pre-training over one batch: x masked, its candidates, f(x,z) and
// log p(y|z,x) with gradients (REALM sections 3.1 to 3.4; REALM_SPEC 5). Thread rule: as the
// networks; blocks.
#pragma once

#include <vector>

#include "engine/base/rng.h"
#include "trainer/data/batch_parts.h"
#include "trainer/data/sentence_masker.h"
#include "trainer/tasks/batch_candidates.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

struct MarginalForward {
  torch::Tensor scores;      // [B, K] f(x,z); the null document last; -infinity: no candidate
  torch::Tensor log_p_y;     // [B, K, M] log p(y_m|z,x), 0 in padding
  torch::Tensor piece_mask;  // [B, M] 1 where a masked piece is scored
  torch::Tensor is_top;  // [B, K, M] 1 where the piece is the top one under z alone, and in padding
  BatchCandidates candidates;
  int64_t tokens = 0;  // word pieces that went through a network: queries, passages, both joined
};

// Both networks and what the batch is made of. References must outlive it.
struct RetrieverAndReader {
  const TaskInputs& inputs;
  Embedder& embedder;
  KnowledgeAugmentedEncoder& encoder;
};

// x of each example, and the same masked.
struct SentenceBatch {
  std::vector<const TrainingSentence*> sentences;
  std::vector<MaskedSentence> masked;

  int64_t pieces() const;  // masked ones
  SentenceBatch part(const BatchPart& part) const;
};

// Masks each sentence with draws from `rng`.
SentenceBatch mask_batch(std::vector<const TrainingSentence*> sentences,
                         const SentenceMasker& masker, Rng& rng);

// K = options.candidates with the null document, chosen by `index`. All K are scored with the
// current weights.
MarginalForward run_marginal(const RetrieverAndReader& model, const MipsIndex& index,
                             const SentenceBatch& batch);

}  // namespace realm
