#include "engine/model/embedder.h"

namespace realm {

EmbedderImpl::EmbedderImpl(const ModelConfig& config) {
  body_ = register_module("body", BertBody(config));
  projection_ = register_module("projection",
                                Dense(config.hidden, config.projection, config.initializer_range));
  projection_norm_ =
      register_module("projection_norm", LayerNorm(config.projection, config.layer_norm_eps));
}

torch::Tensor EmbedderImpl::forward(const BertBatch& batch) {
  const int64_t rows = batch.ids.size(0);
  const int64_t length = batch.ids.size(1);
  const torch::Tensor cls_rows = torch::arange(
      0, rows * length, length, torch::TensorOptions(torch::kInt64).device(batch.ids.device()));
  const torch::Tensor cls = body_->forward_rows(batch, cls_rows);  // [B, H]
  return projection_norm_(projection_(body_->pool(cls)));          // [B, P]
}

NamedParameters EmbedderImpl::named() const {
  NamedParameters out;
  body_->append_named(out, "realm.");
  projection_->append_named(out, "cls.dense.");
  projection_norm_->append_named(out, "cls.LayerNorm.");
  return out;
}

}  // namespace realm
