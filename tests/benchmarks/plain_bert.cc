#include "tests/benchmarks/plain_bert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace realm::benchmarks {

using torch::Tensor;

PlainBatch plain_batch(std::span<const BertInput> inputs, const SpecialIds& special) {
  size_t longest = 0;
  for (const BertInput& input : inputs) longest = std::max(longest, input.ids.size());
  const auto rows = static_cast<int64_t>(inputs.size());
  const auto columns = static_cast<int64_t>(longest);
  PlainBatch batch{torch::full({rows, columns}, static_cast<int64_t>(special.pad), torch::kInt64),
                   torch::zeros({rows, columns}, torch::kInt64), torch::zeros({rows, columns})};
  for (size_t row = 0; row < inputs.size(); ++row) {
    const BertInput& input = inputs[row];
    std::copy(input.ids.begin(), input.ids.end(), batch.ids.data_ptr<int64_t>() + row * longest);
    std::copy(input.segments.begin(), input.segments.end(),
              batch.segments.data_ptr<int64_t>() + row * longest);
    std::fill_n(batch.attention.data_ptr<float>() + row * longest, input.ids.size(), 1.0F);
  }
  return batch;
}

PlainBert::PlainBert(ModelConfig config, const NamedParameters& weights, bool trains)
    : config_(std::move(config)) {
  for (const NamedParameter& named : weights) {
    weights_[named.name] =
        trains ? named.value().detach().clone().requires_grad_() : named.value().detach();
  }
}

std::vector<Tensor> PlainBert::parameters() const {
  std::vector<Tensor> out;
  for (const auto& [name, weight] : weights_) out.push_back(weight);
  return out;
}

Tensor PlainBert::dense(const Tensor& x, const std::string& name) const {
  return torch::linear(x, weights_.at(name + ".weight"), weights_.at(name + ".bias"));
}

Tensor PlainBert::norm(const Tensor& x, const std::string& name) const {
  // LibTorch 1.13 normalises no bf16 with fp32 weights, which autocast would ask of it.
  return torch::layer_norm(x.to(torch::kFloat32), {x.size(-1)}, weights_.at(name + ".weight"),
                           weights_.at(name + ".bias"), config_.layer_norm_eps);
}

Tensor PlainBert::layer(const Tensor& hidden, const Tensor& mask, int index) const {
  const int64_t batch = hidden.size(0), length = hidden.size(1);
  const int64_t heads = config_.heads, width = config_.hidden / heads;
  const std::string name = fmt::format("realm.encoder.layer.{}.", index);
  const auto project = [&](const char* what) {
    return dense(hidden, name + "attention.self." + what)
        .view({batch, length, heads, width})
        .transpose(1, 2);  // [B, A, L, d]
  };
  const Tensor query = project("query"), key = project("key"), value = project("value");
  const Tensor scores = torch::matmul(query, key.transpose(-1, -2)) /
                        std::sqrt(static_cast<double>(width));  // [B, A, L, L]
  const Tensor context = torch::matmul(torch::softmax(scores + mask, -1), value)
                             .transpose(1, 2)
                             .reshape({batch, length, config_.hidden});  // [B, L, H]
  const Tensor attended = norm(hidden + dense(context, name + "attention.output.dense"),
                               name + "attention.output.LayerNorm");
  const Tensor wide = torch::gelu(dense(attended, name + "intermediate.dense"), "tanh");
  return norm(attended + dense(wide, name + "output.dense"), name + "output.LayerNorm");
}

Tensor PlainBert::hidden(const PlainBatch& batch) const {
  const std::string table = "realm.embeddings.";
  const Tensor mask =
      ((1.0 - batch.attention) * std::numeric_limits<float>::lowest()).unsqueeze(1).unsqueeze(1);
  const Tensor sum =
      torch::embedding(weights_.at(table + "word_embeddings.weight"), batch.ids) +
      torch::embedding(weights_.at(table + "token_type_embeddings.weight"), batch.segments) +
      weights_.at(table + "position_embeddings.weight").slice(0, 0, batch.ids.size(1));
  Tensor hidden = norm(sum, table + "LayerNorm");
  for (int i = 0; i < config_.layers; ++i) hidden = layer(hidden, mask, i);
  return hidden;
}

}  // namespace realm::benchmarks
