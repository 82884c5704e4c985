// The reader's forward pass over a batch of examples with masks, shared by the tasks. Functions
// without state.
#pragma once

#include <span>

#include "engine/model/knowledge_augmented_encoder.h"
#include "trainer/data/reading_sampler.h"

namespace realm {

// log p of every target piece of the examples, one after the other: [R]. Also whether it is its
// mask's top piece, [R] bool.
struct TargetScores {
  torch::Tensor log_p;
  torch::Tensor is_top;
  torch::Tensor
      visible_log_p;  // the same of the examples' visible pieces; undefined where there are none
};
TargetScores score_targets(KnowledgeAugmentedEncoder& encoder,
                           std::span<const ReadingExample> examples, const SpecialIds& special,
                           torch::Device device);

// Per example: whether all of its pieces are right, and log p of the whole answer.
struct AnswerScore {
  double log_p = 0;
  bool right = false;
};
std::vector<AnswerScore> answer_scores(const TargetScores& scores,
                                       std::span<const ReadingExample> examples);

}  // namespace realm
