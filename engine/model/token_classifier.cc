#include "engine/model/token_classifier.h"

namespace realm {

TokenClassifierImpl::TokenClassifierImpl(const ModelConfig& config, int64_t classes) {
  body_ = register_module("body", BertBody(config));
  classifier_ =
      register_module("classifier", Dense(config.hidden, classes, config.initializer_range));
}

torch::Tensor TokenClassifierImpl::forward(const BertBatch& batch) {
  return classifier_(body_(batch));  // [B, L, H] -> [B, L, C]
}

NamedParameters TokenClassifierImpl::named() const {
  NamedParameters out;
  body_->append_named(out, "realm.");
  classifier_->append_named(out, "classifier.");
  return out;
}

TokenClassifier make_token_classifier(const TokenClassifierTensors& tensors, torch::Device device) {
  const torch::NoGradGuard no_grad;
  TokenClassifier network(tensors.tensors.config, static_cast<int64_t>(tensors.labels.size()));
  for (const NamedParameter& named : network->named()) {
    const TensorView* const view = tensors.tensors.find(named.name);
    if (view == nullptr) continue;  // the pooler, which is not read
    torch::Tensor value = named.value();
    copy_float32(*view, {value.data_ptr<float>(), static_cast<size_t>(value.numel())});
  }
  network->to(device);
  network->eval();
  return network;
}

}  // namespace realm
