#include "tests/benchmarks/plain_embedder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace realm::benchmarks {

using torch::Tensor;

PlainEmbedder::PlainEmbedder(const Embedder& embedder) : config_(embedder->config()) {
  for (const NamedParameter& named : embedder->named()) weights_[named.name] = named.value();
}

Tensor PlainEmbedder::dense(const Tensor& x, const std::string& name) const {
  return torch::linear(x, weights_.at(name + ".weight"), weights_.at(name + ".bias"));
}

Tensor PlainEmbedder::norm(const Tensor& x, const std::string& name) const {
  return torch::layer_norm(x, {x.size(-1)}, weights_.at(name + ".weight"),
                           weights_.at(name + ".bias"), config_.layer_norm_eps);
}

Tensor PlainEmbedder::layer(const Tensor& hidden, const Tensor& mask, int index) const {
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

Tensor PlainEmbedder::embed_batch(const Tensor& ids, const Tensor& segments,
                                  const Tensor& attention) const {
  const std::string table = "realm.embeddings.";
  const Tensor mask =
      ((1.0 - attention) * std::numeric_limits<float>::lowest()).unsqueeze(1).unsqueeze(1);
  const Tensor sum =
      torch::embedding(weights_.at(table + "word_embeddings.weight"), ids) +
      torch::embedding(weights_.at(table + "token_type_embeddings.weight"), segments) +
      weights_.at(table + "position_embeddings.weight").slice(0, 0, ids.size(1));
  Tensor hidden = norm(sum, table + "LayerNorm");
  for (int i = 0; i < config_.layers; ++i) hidden = layer(hidden, mask, i);
  const Tensor pooled = torch::tanh(dense(hidden.select(1, 0), "realm.pooler.dense"));
  return norm(dense(pooled, "cls.dense"), "cls.LayerNorm");
}

Tensor PlainEmbedder::embed(std::span<const BertInput> inputs, const SpecialIds& special) const {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> parts;
  for (size_t begin = 0; begin < inputs.size(); begin += kBatch) {
    const auto batch = inputs.subspan(begin, std::min(kBatch, inputs.size() - begin));
    size_t longest = 0;
    for (const BertInput& input : batch) longest = std::max(longest, input.ids.size());
    const auto rows = static_cast<int64_t>(batch.size());
    const auto columns = static_cast<int64_t>(longest);
    const Tensor ids =
        torch::full({rows, columns}, static_cast<int64_t>(special.pad), torch::kInt64);
    const Tensor segments = torch::zeros({rows, columns}, torch::kInt64);
    const Tensor attention = torch::zeros({rows, columns});
    for (size_t row = 0; row < batch.size(); ++row) {
      const BertInput& input = batch[row];
      std::copy(input.ids.begin(), input.ids.end(), ids.data_ptr<int64_t>() + row * longest);
      std::copy(input.segments.begin(), input.segments.end(),
                segments.data_ptr<int64_t>() + row * longest);
      std::fill_n(attention.data_ptr<float>() + row * longest, input.ids.size(), 1.0F);
    }
    parts.push_back(embed_batch(ids, segments, attention));
  }
  return torch::cat(parts);
}

}  // namespace realm::benchmarks
