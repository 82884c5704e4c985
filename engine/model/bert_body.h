// BertBody: the transformer encoder that every REALM network shares (REALM_SPEC 4.1): BERT with
// post-layer-norm, absolute positions and a tanh pooler.
//
// Thread rule: as torch::nn::Module; concurrent forward calls are safe in eval mode while no one
// changes parameters.
#pragma once

#include <string>
#include <vector>

#include "engine/checkpoint/model_config.h"
#include "engine/model/bert_batch.h"
#include "engine/model/named_parameter.h"
#include "engine/model/torch.h"

namespace realm {

// y = activation(x); gelu_new of the configs is the tanh form.
torch::Tensor activate(const torch::Tensor& x, HiddenActivation activation);

// Layer normalisation over the last dimension, with gain and bias.
class LayerNormImpl : public torch::nn::Module {
 public:
  LayerNormImpl(int64_t size, double epsilon);
  torch::Tensor forward(const torch::Tensor& x);  // any shape [..., size]
  void append_named(NamedParameters& out, const std::string& prefix) const;

 private:
  torch::Tensor gain_, bias_;
  double epsilon_;
};
TORCH_MODULE(LayerNorm);

// x W^T + b with BERT's initialisation N(0, range), biases 0.
class DenseImpl : public torch::nn::Module {
 public:
  DenseImpl(int64_t in, int64_t out, double initializer_range);
  torch::Tensor forward(const torch::Tensor& x);  // [..., in] -> [..., out]
  const torch::Tensor& weight() const { return weight_; }
  const torch::Tensor& bias() const { return bias_; }
  void append_named(NamedParameters& out, const std::string& prefix) const;

 private:
  torch::Tensor weight_, bias_;  // [out, in], [out]
};
TORCH_MODULE(Dense);

class BertLayerImpl : public torch::nn::Module {
 public:
  explicit BertLayerImpl(const ModelConfig& config);
  // hidden [B, L, H]; additive_mask [B, 1, 1, L] (0 or the lowest float), undefined without
  // padding.
  torch::Tensor forward(const torch::Tensor& hidden, const torch::Tensor& additive_mask);
  // The same, but computes outputs only at `rows` of the flattened batch: [B, L, H] -> [R, H]. For
  // a last layer of which only some positions are read; equal to forward(...)[rows].
  torch::Tensor forward_rows(const torch::Tensor& hidden, const torch::Tensor& additive_mask,
                             const torch::Tensor& rows);
  void append_named(NamedParameters& out, const std::string& prefix) const;

 private:
  torch::Tensor attend(const torch::Tensor& hidden,
                       const torch::Tensor& additive_mask);  // [B, L, H], before the output
  torch::Tensor finish(const torch::Tensor& context,
                       const torch::Tensor& residual);  // any leading shape

  int64_t heads_;
  double attention_dropout_, hidden_dropout_;
  HiddenActivation activation_;
  Dense qkv_{nullptr}, attention_output_{nullptr}, intermediate_{nullptr}, output_{nullptr};
  LayerNorm attention_norm_{nullptr}, output_norm_{nullptr};
};
TORCH_MODULE(BertLayer);

class BertBodyImpl : public torch::nn::Module {
 public:
  explicit BertBodyImpl(const ModelConfig& config);

  torch::Tensor embed(
      const BertBatch& batch);  // [B, L, H]: the embeddings' sum after its layer norm
  std::vector<torch::Tensor> all_hidden(
      const BertBatch& batch);  // embeddings and every layer, layers + 1 of [B, L, H]
  torch::Tensor forward(const BertBatch& batch);  // [B, L, H]
  // Last hidden vectors at `rows` (int64 [R], indices into the flattened [B*L]) only: [R, H].
  torch::Tensor forward_rows(const BertBatch& batch, const torch::Tensor& rows);
  torch::Tensor pool(const torch::Tensor& cls);  // [B, H] -> tanh(W h + b), [B, H]

  const torch::Tensor& word_embeddings() const { return word_; }  // [V, H]
  const ModelConfig& config() const { return config_; }
  // Parameters by canonical name under `prefix` ("realm.").
  void append_named(NamedParameters& out, const std::string& prefix) const;

 private:
  torch::Tensor additive_mask(const BertBatch& batch) const;

  ModelConfig config_;
  torch::Tensor word_, position_, type_;  // [V, H], [P, H], [T, H]
  LayerNorm embeddings_norm_{nullptr};
  std::vector<BertLayer> layers_;
  Dense pooler_{nullptr};
};
TORCH_MODULE(BertBody);

}  // namespace realm
