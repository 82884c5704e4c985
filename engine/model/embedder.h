// Embedder: Embed_input and Embed_doc of REALM (paper section 3.2; REALM_SPEC 4.2), one network for
// both sides:
//   h = tanh(W_pool BERT(.)[CLS] + b_pool);  e = LayerNorm(W_proj h + b_proj);  f(x,z) = e(x) .
//   e(z)
// The config may say otherwise (ModelConfig's pooling, projection_kind, normalize), so that a
// sentence-transformers encoder can be the retriever: h the mean of BERT(.), e = sqrt(s) h/|h|,
// f(x,z) = s cos(x,z). Thread rule: as BertBody.
#pragma once

#include "engine/model/bert_body.h"

namespace realm {

class EmbedderImpl : public torch::nn::Module {
 public:
  explicit EmbedderImpl(const ModelConfig& config);

  torch::Tensor forward(const BertBatch& batch);  // [B, P], one embedding a row
  BertBody& body() { return body_; }
  const ModelConfig& config() const { return body_->config(); }
  // How x is packed for this retriever.
  QueryMasks query_masks() const {
    return config().query_masks ? QueryMasks::kKept : QueryMasks::kLeftOut;
  }
  // realm.*, cls.dense.*, cls.LayerNorm.*: every tensor of a Hugging Face RealmEmbedder but its
  // unused MLM head; cls.log_score_scale where embeddings are normalised.
  NamedParameters named() const;

 private:
  torch::Tensor pooled(const BertBatch& batch);  // h: [B, H]

  BertBody body_{nullptr};
  Dense projection_{nullptr};           // none: not made
  LayerNorm projection_norm_{nullptr};  // likewise
  torch::Tensor log_score_scale_;       // [1]; undefined where embeddings are not normalised
};
TORCH_MODULE(Embedder);

}  // namespace realm
