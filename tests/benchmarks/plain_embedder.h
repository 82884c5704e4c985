// PlainEmbedder: the embedder as it is commonly written (plain_bert.h), the texts in the order
// given. The same weights as ours, so the same vectors. One thread.
#pragma once

#include "engine/model/embedder.h"
#include "tests/benchmarks/plain_bert.h"

namespace realm::benchmarks {

class PlainEmbedder {
 public:
  static constexpr size_t kBatch = 32;

  explicit PlainEmbedder(const Embedder& embedder)
      : bert_(embedder->config(), embedder->named(), false) {}

  // [inputs.size(), projection]
  torch::Tensor embed(std::span<const BertInput> inputs, const SpecialIds& special) const;

 private:
  PlainBert bert_;
};

}  // namespace realm::benchmarks
