// KnowledgeAugmentedEncoder: p(y_j|z,x), BERT over the joint input with the masked language model
// head (paper section 3.2; REALM_SPEC 4.4). The same network without a passage is plain BERT, so it
// serves the baseline too. Thread rule: as BertBody.
#pragma once

#include "engine/model/bert_body.h"

namespace realm {

class KnowledgeAugmentedEncoderImpl : public torch::nn::Module {
 public:
  explicit KnowledgeAugmentedEncoderImpl(const ModelConfig& config);

  // Logits over the vocabulary at `rows` (int64 [R], indices into the flattened [B*L] batch): [R,
  // V].
  torch::Tensor forward(const BertBatch& batch, const torch::Tensor& rows);
  // The head alone, on hidden vectors [..., H] -> logits [..., V].
  torch::Tensor logits(const torch::Tensor& hidden);

  BertBody& body() { return body_; }
  const ModelConfig& config() const { return body_->config(); }
  // realm.*, cls.predictions.*; the decoder is tied to the word embeddings and is not listed.
  NamedParameters named() const;

 private:
  BertBody body_{nullptr};
  Dense transform_{nullptr};
  LayerNorm transform_norm_{nullptr};
  torch::Tensor decoder_bias_;  // [V]
};
TORCH_MODULE(KnowledgeAugmentedEncoder);

}  // namespace realm
