#include "engine/model/bert_body.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "engine/model/compute_mode.h"
#include "engine/model/layer_checkpoint.h"

namespace realm {
namespace {

torch::Tensor drop(const torch::Tensor& x, double probability, bool training) {
  return training && probability > 0 ? torch::dropout(x, probability, true) : x;
}

torch::Tensor run_layer(BertLayer& layer, const torch::Tensor& hidden, const torch::Tensor& mask) {
  const bool checkpoint =
      compute_mode().checkpoint_layers && torch::GradMode::is_enabled() && hidden.requires_grad();
  return checkpoint ? checkpointed(layer, hidden, mask) : layer(hidden, mask);
}

}  // namespace

torch::Tensor activate(const torch::Tensor& x, HiddenActivation activation) {
  switch (activation) {
    case HiddenActivation::kGeluErf:
      return torch::gelu(x, "none");
    case HiddenActivation::kGeluTanh:
      return torch::gelu(x, "tanh");
    case HiddenActivation::kRelu:
      return torch::relu(x);
  }
  throw Error(ErrorCode::kUnsupported,
              "The model's activation function is not one of gelu, gelu_new and relu.");
}

LayerNormImpl::LayerNormImpl(int64_t size, double epsilon) : epsilon_(epsilon) {
  gain_ = register_parameter("weight", torch::ones({size}));
  bias_ = register_parameter("bias", torch::zeros({size}));
}

torch::Tensor LayerNormImpl::forward(const torch::Tensor& x) {
  return torch::layer_norm(x, {gain_.size(0)}, gain_, bias_, epsilon_);
}

void LayerNormImpl::append_named(NamedParameters& out, const std::string& prefix) const {
  out.push_back(whole(prefix + "weight", gain_));
  out.push_back(whole(prefix + "bias", bias_));
}

DenseImpl::DenseImpl(int64_t in, int64_t out, double initializer_range) {
  weight_ = register_parameter("weight", torch::empty({out, in}).normal_(0.0, initializer_range));
  bias_ = register_parameter("bias", torch::zeros({out}));
}

torch::Tensor DenseImpl::forward(const torch::Tensor& x) {
  return linear_product(x, weight_, bias_);
}

void DenseImpl::append_named(NamedParameters& out, const std::string& prefix) const {
  out.push_back(whole(prefix + "weight", weight_));
  out.push_back(whole(prefix + "bias", bias_));
}

BertLayerImpl::BertLayerImpl(const ModelConfig& config)
    : heads_(config.heads),
      attention_dropout_(config.attention_dropout),
      hidden_dropout_(config.hidden_dropout),
      activation_(config.activation) {
  const int64_t h = config.hidden;
  const double range = config.initializer_range;
  qkv_ = register_module("qkv", Dense(h, 3 * h, range));
  attention_output_ = register_module("attention_output", Dense(h, h, range));
  attention_norm_ = register_module("attention_norm", LayerNorm(h, config.layer_norm_eps));
  intermediate_ = register_module("intermediate", Dense(h, config.intermediate, range));
  output_ = register_module("output", Dense(config.intermediate, h, range));
  output_norm_ = register_module("output_norm", LayerNorm(h, config.layer_norm_eps));
}

torch::Tensor BertLayerImpl::attend(const torch::Tensor& hidden,
                                    const torch::Tensor& additive_mask) {
  const int64_t batch = hidden.size(0);
  const int64_t length = hidden.size(1);
  const int64_t width = hidden.size(2);
  const int64_t head_width = width / heads_;
  const torch::Tensor qkv =
      qkv_(hidden).view({batch, length, 3, heads_, head_width}).permute({2, 0, 3, 1, 4});
  const torch::Tensor query =
      qkv[0] * (1.0 / std::sqrt(static_cast<double>(head_width)));         // [B, A, L, d]
  torch::Tensor scores = matrix_product(query, qkv[1].transpose(-1, -2));  // [B, A, L, L]
  if (additive_mask.defined()) scores = scores + additive_mask;
  const torch::Tensor weights = drop(torch::softmax(scores, -1), attention_dropout_, is_training());
  return matrix_product(weights, qkv[2])
      .transpose(1, 2)
      .reshape({batch, length, width});  // [B, L, H]
}

torch::Tensor BertLayerImpl::finish(const torch::Tensor& context, const torch::Tensor& residual) {
  const torch::Tensor attended =
      attention_norm_(drop(attention_output_(context), hidden_dropout_, is_training()) + residual);
  const torch::Tensor transformed = output_(activate(intermediate_(attended), activation_));
  return output_norm_(drop(transformed, hidden_dropout_, is_training()) + attended);
}

torch::Tensor BertLayerImpl::forward(const torch::Tensor& hidden,
                                     const torch::Tensor& additive_mask) {
  return finish(attend(hidden, additive_mask), hidden);
}

torch::Tensor BertLayerImpl::forward_rows(const torch::Tensor& hidden,
                                          const torch::Tensor& additive_mask,
                                          const torch::Tensor& rows) {
  const int64_t width = hidden.size(2);
  const torch::Tensor context =
      attend(hidden, additive_mask).view({-1, width}).index_select(0, rows);  // [R, H]
  return finish(context, hidden.reshape({-1, width}).index_select(0, rows));
}

void BertLayerImpl::append_named(NamedParameters& out, const std::string& prefix) const {
  const int64_t h = qkv_->bias().size(0) / 3;
  const char* const projections[] = {"query", "key", "value"};
  for (int64_t i = 0; i < 3; ++i) {
    const std::string name = prefix + "attention.self." + projections[i];
    out.push_back({name + ".weight", qkv_->weight(), i * h, (i + 1) * h});
    out.push_back({name + ".bias", qkv_->bias(), i * h, (i + 1) * h});
  }
  attention_output_->append_named(out, prefix + "attention.output.dense.");
  attention_norm_->append_named(out, prefix + "attention.output.LayerNorm.");
  intermediate_->append_named(out, prefix + "intermediate.dense.");
  output_->append_named(out, prefix + "output.dense.");
  output_norm_->append_named(out, prefix + "output.LayerNorm.");
}

BertBodyImpl::BertBodyImpl(const ModelConfig& config) : config_(config) {
  const auto table = [&](const char* name, int64_t rows) {
    return register_parameter(
        name, torch::empty({rows, config.hidden}).normal_(0.0, config.initializer_range));
  };
  word_ = table("word", config.vocabulary);
  position_ = table("position", config.positions);
  type_ = table("type", config.types);
  embeddings_norm_ =
      register_module("embeddings_norm", LayerNorm(config.hidden, config.layer_norm_eps));
  for (int i = 0; i < config.layers; ++i) {
    layers_.push_back(register_module(fmt::format("layer_{}", i), BertLayer(config)));
  }
  pooler_ =
      register_module("pooler", Dense(config.hidden, config.hidden, config.initializer_range));
}

torch::Tensor BertBodyImpl::embed(const BertBatch& batch) {
  const int64_t length = batch.ids.size(1);
  if (length > position_.size(0)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The model takes up to {} pieces, but the input has {}.",
                            position_.size(0), length));
  }
  const torch::Tensor sum = torch::embedding(word_, batch.ids) +
                            torch::embedding(type_, batch.segments) +
                            position_.slice(0, 0, length).unsqueeze(0);  // [B, L, H]
  return drop(embeddings_norm_(sum), config_.hidden_dropout, is_training());
}

torch::Tensor BertBodyImpl::additive_mask(const BertBatch& batch) const {
  if (!batch.attention.defined()) return {};
  const double lowest = std::numeric_limits<float>::lowest();
  return ((1.0 - batch.attention) * lowest)
      .to(word_.scalar_type())
      .unsqueeze(1)
      .unsqueeze(1);  // [B, 1, 1, L]
}

std::vector<torch::Tensor> BertBodyImpl::all_hidden(const BertBatch& batch) {
  std::vector<torch::Tensor> hidden{embed(batch)};
  const torch::Tensor mask = additive_mask(batch);
  for (BertLayer& layer : layers_) hidden.push_back(layer(hidden.back(), mask));
  return hidden;
}

torch::Tensor BertBodyImpl::forward(const BertBatch& batch) {
  torch::Tensor hidden = embed(batch);
  const torch::Tensor mask = additive_mask(batch);
  for (BertLayer& layer : layers_) hidden = run_layer(layer, hidden, mask);
  return hidden;
}

torch::Tensor BertBodyImpl::forward_rows(const BertBatch& batch, const torch::Tensor& rows) {
  torch::Tensor hidden = embed(batch);
  const torch::Tensor mask = additive_mask(batch);
  for (size_t i = 0; i + 1 < layers_.size(); ++i) hidden = run_layer(layers_[i], hidden, mask);
  if (layers_.empty()) return hidden.view({-1, hidden.size(2)}).index_select(0, rows);
  return layers_.back()->forward_rows(hidden, mask, rows);
}

torch::Tensor BertBodyImpl::pool(const torch::Tensor& cls) { return torch::tanh(pooler_(cls)); }

void BertBodyImpl::append_named(NamedParameters& out, const std::string& prefix) const {
  out.push_back(whole(prefix + "embeddings.word_embeddings.weight", word_));
  out.push_back(whole(prefix + "embeddings.position_embeddings.weight", position_));
  out.push_back(whole(prefix + "embeddings.token_type_embeddings.weight", type_));
  embeddings_norm_->append_named(out, prefix + "embeddings.LayerNorm.");
  for (size_t i = 0; i < layers_.size(); ++i) {
    layers_[i]->append_named(out, fmt::format("{}encoder.layer.{}.", prefix, i));
  }
  pooler_->append_named(out, prefix + "pooler.dense.");
}

}  // namespace realm
