// TokenClassifier: BERT with a dense layer over each piece, Hugging Face's
// BertForTokenClassification. Thread rule: as BertBody.
#pragma once

#include "engine/checkpoint/token_classifier_tensors.h"
#include "engine/model/bert_body.h"

namespace realm {

class TokenClassifierImpl : public torch::nn::Module {
 public:
  TokenClassifierImpl(const ModelConfig& config, int64_t classes);

  torch::Tensor forward(const BertBatch& batch);  // [B, L, C] logits
  const ModelConfig& config() const { return body_->config(); }
  // realm.*, classifier.*
  NamedParameters named() const;

 private:
  BertBody body_{nullptr};
  Dense classifier_{nullptr};
};
TORCH_MODULE(TokenClassifier);

// Copies the tensors to the device; in eval mode. Blocks on disk.
TokenClassifier make_token_classifier(const TokenClassifierTensors& tensors, torch::Device device);

}  // namespace realm
