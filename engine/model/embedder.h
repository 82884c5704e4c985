// Embedder: Embed_input and Embed_doc of REALM (paper section 3.2; REALM_SPEC 4.2), one network for
// both sides:
//   h = tanh(W_pool BERT(.)[CLS] + b_pool);  e = LayerNorm(W_proj h + b_proj);  f(x,z) = e(x) .
//   e(z)
// Thread rule: as BertBody.
#pragma once

#include "engine/model/bert_body.h"

namespace realm {

class EmbedderImpl : public torch::nn::Module {
 public:
  explicit EmbedderImpl(const ModelConfig& config);

  torch::Tensor forward(const BertBatch& batch);  // [B, P], one embedding a row
  BertBody& body() { return body_; }
  const ModelConfig& config() const { return body_->config(); }
  // realm.*, cls.dense.*, cls.LayerNorm.*: every tensor of a Hugging Face RealmEmbedder but its
  // unused MLM head.
  NamedParameters named() const;

 private:
  BertBody body_{nullptr};
  Dense projection_{nullptr};
  LayerNorm projection_norm_{nullptr};
};
TORCH_MODULE(Embedder);

}  // namespace realm
