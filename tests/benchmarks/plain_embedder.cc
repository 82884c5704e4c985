#include "tests/benchmarks/plain_embedder.h"

#include <algorithm>

namespace realm::benchmarks {

torch::Tensor PlainEmbedder::embed(std::span<const BertInput> inputs,
                                   const SpecialIds& special) const {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  for (size_t begin = 0; begin < inputs.size(); begin += kBatch) {
    const auto batch = inputs.subspan(begin, std::min(kBatch, inputs.size() - begin));
    const torch::Tensor pooled = torch::tanh(
        bert_.dense(bert_.hidden(plain_batch(batch, special)).select(1, 0), "realm.pooler.dense"));
    parts.push_back(bert_.norm(bert_.dense(pooled, "cls.dense"), "cls.LayerNorm"));
  }
  return torch::cat(parts);
}

}  // namespace realm::benchmarks
