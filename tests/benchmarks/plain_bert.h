// PlainBert: BERT as it is commonly written, to compare ours with: three projections, every
// position of every layer whatever is read of it, batches padded to their longest text. Thread
// rule: one thread.
#pragma once

#include <map>
#include <span>
#include <string>

#include "engine/checkpoint/model_config.h"
#include "engine/model/named_parameter.h"
#include "engine/model/torch.h"
#include "engine/text/bert_input.h"

namespace realm::benchmarks {

struct PlainBatch {
  torch::Tensor ids, segments;  // [B, L]
  torch::Tensor attention;      // [B, L] 1 where a piece is
};
PlainBatch plain_batch(std::span<const BertInput> inputs, const SpecialIds& special);

class PlainBert {
 public:
  // Weights by their names in a checkpoint; the body's begin with "realm.". With `trains`, copies
  // that take gradients, else the network's own.
  PlainBert(ModelConfig config, const NamedParameters& weights, bool trains);

  torch::Tensor hidden(const PlainBatch& batch) const;  // [B, L, H], of the last layer
  torch::Tensor dense(const torch::Tensor& x, const std::string& name) const;
  torch::Tensor norm(const torch::Tensor& x, const std::string& name) const;
  const torch::Tensor& weight(const std::string& name) const { return weights_.at(name); }
  std::vector<torch::Tensor> parameters() const;

 private:
  torch::Tensor layer(const torch::Tensor& hidden, const torch::Tensor& mask, int index) const;

  ModelConfig config_;
  std::map<std::string, torch::Tensor> weights_;
};

}  // namespace realm::benchmarks
