#include "trainer/tasks/initial_weights.h"

#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/base/check.h"

namespace realm {
namespace {

constexpr double kWordSpread = 0.07;        // standard deviation of the word embeddings
constexpr double kWordShareOfFast = 0.1;    // of that, in the dimensions of the fast sinusoids
constexpr double kTypeSpread = 0.02;        // of the segments' embeddings
constexpr double kPositionAmplitude = 0.1;  // of the sinusoids: about the words' share of a vector
constexpr double kShiftScale = 2.0;         // so that a head that looks aside puts its weight there
constexpr double kMatchingScale = 0.8;
constexpr double kLongestPeriod = 1000.0;
constexpr double kGoldenRatio = 0.6180339887498949;

torch::Tensor orthogonal(int64_t size) {
  torch::Tensor matrix = torch::empty({size, size});
  torch::nn::init::orthogonal_(matrix);
  return matrix;
}

// Radians a position of the pair of dimensions 2i and 2i+1. The first `fast` dimensions tell
// neighbours apart: their rates are spread over half a turn without a common period. The others
// grow slower and slower, as in Vaswani et al. (2017), and tell far from near.
double rate_of(int64_t dimension, int64_t width, int64_t fast) {
  const auto pair = static_cast<double>(dimension / 2);
  if (dimension < fast) {
    const double turn = (pair + 1) * kGoldenRatio;
    return M_PI * (turn - std::floor(turn));
  }
  return std::pow(kLongestPeriod, -2.0 * pair / static_cast<double>(width));
}

torch::Tensor sinusoids(int64_t positions, int64_t width, int64_t fast) {
  torch::Tensor out = torch::zeros({positions, width});
  auto at = out.accessor<float, 2>();
  for (int64_t p = 0; p < positions; ++p) {
    for (int64_t i = 0; i < width; ++i) {
      const double angle = static_cast<double>(p) * rate_of(i, width, fast);
      at[p][i] =
          static_cast<float>(kPositionAmplitude * (i % 2 == 0 ? std::sin(angle) : std::cos(angle)));
    }
  }
  return out;
}

// The query rows of a head [size, width] that turns the fastest sinusoids by `shift` positions;
// with the plain selection of the same dimensions as its key it attends to the piece that stands
// `shift` further.
torch::Tensor shifted_selection(int64_t size, int64_t width, double shift) {
  torch::Tensor rows = torch::zeros({size, width});
  auto at = rows.accessor<float, 2>();
  for (int64_t i = 0; i + 1 < size; i += 2) {
    const double angle = shift * rate_of(i, width, size);
    const auto cosine = static_cast<float>(kShiftScale * std::cos(angle));
    const auto sine = static_cast<float>(kShiftScale * std::sin(angle));
    at[i][i] = cosine;
    at[i][i + 1] = sine;
    at[i + 1][i] = -sine;
    at[i + 1][i + 1] = cosine;
  }
  return rows;
}

// Where head `head` of layer `layer` looks: 0 is to equal words.
int shift_of(int64_t layer, int64_t head) {
  constexpr int kFirst[] = {-1, 1, -2, 0};
  constexpr int kSecond[] = {-1, 1, -2, 0};
  constexpr int kLater[] = {-1, 0, 0, 0};
  return (layer == 0 ? kFirst : layer == 1 ? kSecond : kLater)[head % 4];
}

constexpr const char* kLayerPrefix = "realm.encoder.layer.";

using ByName = std::unordered_map<std::string, torch::Tensor>;

ByName by_name_of(const NamedParameters& parameters) {
  ByName by_name;
  for (const NamedParameter& named : parameters) by_name.emplace(named.name, named.value());
  return by_name;
}

// The norms of a layer that is to pass on what the layer norm (gain, bias) below gives it: vectors
// whose mean is that of the biases, and whose variance is the mean square of the gains plus the
// variance of the biases, as the normalised values have mean 0 and variance 1.
void set_passing_norms(const ByName& parameters, const std::string& layer,
                       const torch::Tensor& gain, const torch::Tensor& bias) {
  const torch::Tensor spread = (gain.square().mean() + bias.var(false)).sqrt();
  for (const char* norm : {"attention.output.LayerNorm", "output.LayerNorm"}) {
    parameters.at(layer + norm + ".weight").copy_(spread.expand_as(gain));
    parameters.at(layer + norm + ".bias").copy_(bias.mean().expand_as(bias));
  }
}

}  // namespace

KnowledgeAugmentedEncoder grow_encoder(const KnowledgeAugmentedEncoder& trained, int layers) {
  const torch::NoGradGuard no_grad;
  ModelConfig config = trained->config();
  const int64_t last = config.layers - 1;
  REALM_CHECK(layers > last);
  config.layers = layers;
  KnowledgeAugmentedEncoder grown(config);
  const ByName old = by_name_of(trained->named());
  grown->to(old.begin()->second.device());
  const ByName parameters = by_name_of(grown->named());
  for (const auto& [name, value] : old) parameters.at(name).copy_(value);
  const std::string below = fmt::format("{}{}.", kLayerPrefix, last);
  for (int64_t layer = last + 1; layer < layers; ++layer) {
    const std::string prefix = fmt::format("{}{}.", kLayerPrefix, layer);
    for (const auto& [name, value] : old) {
      if (name.starts_with(below)) parameters.at(prefix + name.substr(below.size())).copy_(value);
    }
    for (const char* projection : {"attention.output.dense", "output.dense"}) {
      parameters.at(prefix + projection + ".weight").zero_();
      parameters.at(prefix + projection + ".bias").zero_();
    }
    set_passing_norms(parameters, prefix, old.at(below + "output.LayerNorm.weight"),
                      old.at(below + "output.LayerNorm.bias"));
  }
  return grown;
}

void set_copying_weights(const NamedParameters& parameters, int64_t layers, int64_t heads) {
  const torch::NoGradGuard no_grad;
  const ByName by_name = by_name_of(parameters);
  torch::Tensor positions = by_name.at("realm.embeddings.position_embeddings.weight");
  const int64_t width = positions.size(1);
  const int64_t size = width / heads;
  positions.copy_(sinusoids(positions.size(0), width, size));
  torch::Tensor words = by_name.at("realm.embeddings.word_embeddings.weight");
  words.normal_(0.0, kWordSpread);
  words.slice(1, 0, size).mul_(kWordShareOfFast);
  by_name.at("realm.embeddings.token_type_embeddings.weight").normal_(0.0, kTypeSpread);
  for (int64_t layer = 0; layer < layers; ++layer) {
    const std::string attention = fmt::format("realm.encoder.layer.{}.attention.", layer);
    const torch::Tensor passed = orthogonal(width);
    torch::Tensor query = by_name.at(attention + "self.query.weight");
    torch::Tensor key = by_name.at(attention + "self.key.weight");
    torch::Tensor output = by_name.at(attention + "output.dense.weight");
    by_name.at(attention + "self.value.weight").copy_(passed);
    output.copy_(passed.transpose(0, 1));
    if (layer + 1 == layers) continue;  // the last layer only fetches
    const torch::Tensor elsewhere = orthogonal(width);
    for (int64_t head = 0; head < heads; ++head) {
      const int64_t begin = head * size;
      const int64_t end = begin + size;
      if (const int shift = shift_of(layer, head); shift != 0) {
        // What is seen aside is kept apart from what the piece itself is.
        query.slice(0, begin, end)
            .copy_(shifted_selection(size, width, static_cast<double>(shift)));
        key.slice(0, begin, end).copy_(shifted_selection(size, width, 0.0));
        output.slice(1, begin, end).copy_(elsewhere.slice(1, begin, end));
        // Nor does it blur where the piece stands: the next layer looks aside too.
        output.slice(1, begin, end).slice(0, 0, size).zero_();
      } else {
        const torch::Tensor same = orthogonal(width).slice(0, 0, size) * kMatchingScale;
        query.slice(0, begin, end).copy_(same);
        key.slice(0, begin, end).copy_(same);
      }
    }
  }
  if (const auto head = by_name.find("cls.predictions.transform.dense.weight");
      head != by_name.end()) {
    head->second.copy_(torch::eye(width));
  }
}

}  // namespace realm
