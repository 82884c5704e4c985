// PlainEmbedder: the embedder as it is commonly written, to compare ours with: three projections,
// every position of every layer whatever is read of it, and the texts in the order given, in
// batches padded to the longest. The same weights, so the same vectors. One thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/model/embedder.h"
#include "engine/text/bert_input.h"

namespace realm::benchmarks {

class PlainEmbedder {
 public:
  static constexpr size_t kBatch = 32;

  explicit PlainEmbedder(const Embedder& embedder);

  // [inputs.size(), projection]
  torch::Tensor embed(std::span<const BertInput> inputs, const SpecialIds& special) const;

 private:
  torch::Tensor embed_batch(const torch::Tensor& ids, const torch::Tensor& segments,
                            const torch::Tensor& attention) const;
  torch::Tensor layer(const torch::Tensor& hidden, const torch::Tensor& mask, int index) const;
  torch::Tensor dense(const torch::Tensor& x, const std::string& name) const;
  torch::Tensor norm(const torch::Tensor& x, const std::string& name) const;

  ModelConfig config_;
  std::map<std::string, torch::Tensor> weights_;  // by their names in a checkpoint
};

}  // namespace realm::benchmarks
