// PlainReader: a training step of masked language modelling as it is commonly written: the logits
// of every position, cross entropy that skips the visible ones, LibTorch's own AdamW, and autocast
// for bf16. Starts from the same weights as ours. One thread.
#pragma once

#include "engine/model/knowledge_augmented_encoder.h"
#include "tests/benchmarks/plain_bert.h"
#include "trainer/data/reading_sampler.h"

namespace realm::benchmarks {

class PlainReader {
 public:
  PlainReader(const KnowledgeAugmentedEncoder& encoder, double rate);

  // Forward, backward and update; returns the loss, a mean over the masked pieces.
  double step(std::span<const ReadingExample> examples, const SpecialIds& special, bool bf16);

 private:
  torch::Tensor loss(const PlainBatch& batch, const torch::Tensor& targets) const;

  PlainBert bert_;
  torch::optim::AdamW optimizer_;
};

}  // namespace realm::benchmarks
