#include "engine/model/knowledge_augmented_encoder.h"

#include "engine/model/compute_mode.h"

namespace realm {

KnowledgeAugmentedEncoderImpl::KnowledgeAugmentedEncoderImpl(const ModelConfig& config) {
  body_ = register_module("body", BertBody(config));
  transform_ =
      register_module("transform", Dense(config.hidden, config.hidden, config.initializer_range));
  transform_norm_ =
      register_module("transform_norm", LayerNorm(config.hidden, config.layer_norm_eps));
  decoder_bias_ = register_parameter("decoder_bias", torch::zeros({config.vocabulary}));
}

torch::Tensor KnowledgeAugmentedEncoderImpl::forward(const BertBatch& batch,
                                                     const torch::Tensor& rows) {
  return logits(body_->forward_rows(batch, rows));
}

torch::Tensor KnowledgeAugmentedEncoderImpl::logits(const torch::Tensor& hidden) {
  const torch::Tensor transformed =
      transform_norm_(activate(transform_(hidden), body_->config().activation));  // [..., H]
  return linear_product(transformed, body_->word_embeddings(), decoder_bias_);    // [..., V]
}

NamedParameters KnowledgeAugmentedEncoderImpl::named() const {
  NamedParameters out;
  body_->append_named(out, "realm.");
  out.push_back(whole("cls.predictions.bias", decoder_bias_));
  transform_->append_named(out, "cls.predictions.transform.dense.");
  transform_norm_->append_named(out, "cls.predictions.transform.LayerNorm.");
  return out;
}

}  // namespace realm
