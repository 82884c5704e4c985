#include "engine/model/embedder.h"

#include <cmath>

namespace realm {
namespace {

// What cosines are multiplied by in the training of sentence-transformers' encoders.
constexpr double kUsualScoreScale = 20.0;

}  // namespace

EmbedderImpl::EmbedderImpl(const ModelConfig& config) {
  body_ = register_module("body", BertBody(config));
  if (config.projection_kind != RetrieverProjection::kNone) {
    projection_ = register_module(
        "projection", Dense(config.hidden, config.projection, config.initializer_range));
  }
  if (config.projection_kind == RetrieverProjection::kDenseNorm) {
    projection_norm_ =
        register_module("projection_norm", LayerNorm(config.projection, config.layer_norm_eps));
  }
  if (config.normalize) {
    log_score_scale_ =
        register_parameter("log_score_scale", torch::full({1}, std::log(kUsualScoreScale)));
  }
}

torch::Tensor EmbedderImpl::pooled(const BertBatch& batch) {
  if (config().pooling == RetrieverPooling::kMean) {
    const torch::Tensor hidden = body_->forward(batch);  // [B, L, H]
    if (!batch.attention.defined()) return hidden.mean(1);
    const torch::Tensor weight = batch.attention.unsqueeze(2);  // [B, L, 1]
    return (hidden * weight).sum(1) / weight.sum(1);
  }
  const int64_t rows = batch.ids.size(0);
  const int64_t length = batch.ids.size(1);
  const torch::Tensor cls_rows = torch::arange(
      0, rows * length, length, torch::TensorOptions(torch::kInt64).device(batch.ids.device()));
  const torch::Tensor cls = body_->forward_rows(batch, cls_rows);  // [B, H]
  return config().pooling == RetrieverPooling::kCls ? cls : body_->pool(cls);
}

torch::Tensor EmbedderImpl::forward(const BertBatch& batch) {
  torch::Tensor embedding = pooled(batch);
  // A mean over the pieces of rows of unlike lengths is in fp32 where the weights are in bf16.
  if (projection_) embedding = projection_(embedding.to(projection_->weight().scalar_type()));
  if (projection_norm_) embedding = projection_norm_(embedding);
  if (config().projection_kind == RetrieverProjection::kDenseTanh)
    embedding = torch::tanh(embedding);
  if (!log_score_scale_.defined()) return embedding;  // [B, P]
  const torch::Tensor length =
      embedding.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12);  // torch's normalize has this floor
  return embedding / length * torch::exp(0.5 * log_score_scale_);
}

NamedParameters EmbedderImpl::named() const {
  NamedParameters out;
  body_->append_named(out, "realm.");
  if (projection_) projection_->append_named(out, "cls.dense.");
  if (projection_norm_) projection_norm_->append_named(out, "cls.LayerNorm.");
  if (log_score_scale_.defined()) out.push_back(whole("cls.log_score_scale", log_score_scale_));
  return out;
}

}  // namespace realm
