#include "trainer/tasks/initial_weights.h"

#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

namespace realm {
namespace {

constexpr double kPositionAmplitude = 0.05;  // like the spread of the word embeddings
constexpr double kMatchingScale = 0.8;
constexpr double kLongestPeriod = 1000.0;

torch::Tensor orthogonal(int64_t size) {
  torch::Tensor matrix = torch::empty({size, size});
  torch::nn::init::orthogonal_(matrix);
  return matrix;
}

torch::Tensor sinusoids(int64_t positions, int64_t width) {
  torch::Tensor out = torch::zeros({positions, width});
  auto at = out.accessor<float, 2>();
  for (int64_t p = 0; p < positions; ++p) {
    for (int64_t i = 0; i < width; ++i) {
      const double rate = std::pow(kLongestPeriod, -static_cast<double>(i / 2 * 2) / static_cast<double>(width));
      const double angle = static_cast<double>(p) * rate;
      at[p][i] = static_cast<float>(kPositionAmplitude * (i % 2 == 0 ? std::sin(angle) : std::cos(angle)));
    }
  }
  return out;
}

}  // namespace

void set_copying_weights(const NamedParameters& parameters, int64_t layers, int64_t heads) {
  const torch::NoGradGuard no_grad;
  std::unordered_map<std::string, torch::Tensor> by_name;
  for (const NamedParameter& named : parameters) by_name.emplace(named.name, named.value());
  torch::Tensor positions = by_name.at("realm.embeddings.position_embeddings.weight");
  positions.copy_(sinusoids(positions.size(0), positions.size(1)));
  const int64_t width = positions.size(1);
  const int64_t matching = width / heads * (heads / 2);  // rows of the heads that match
  for (int64_t layer = 0; layer < layers; ++layer) {
    const std::string attention = fmt::format("realm.encoder.layer.{}.attention.", layer);
    if (layer + 1 < layers) {
      const torch::Tensor same = orthogonal(width).slice(0, 0, matching) * kMatchingScale;
      by_name.at(attention + "self.query.weight").slice(0, 0, matching).copy_(same);
      by_name.at(attention + "self.key.weight").slice(0, 0, matching).copy_(same);
    }
    const torch::Tensor passed = orthogonal(width);
    by_name.at(attention + "self.value.weight").copy_(passed);
    by_name.at(attention + "output.dense.weight").copy_(passed.transpose(0, 1));
  }
  if (const auto head = by_name.find("cls.predictions.transform.dense.weight"); head != by_name.end()) {
    head->second.copy_(torch::eye(width));
  }
}

}  // namespace realm
