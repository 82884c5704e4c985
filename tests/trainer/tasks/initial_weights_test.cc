#include "trainer/tasks/initial_weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "engine/model/knowledge_augmented_encoder.h"

namespace realm {
namespace {

constexpr int64_t kHidden = 128;
constexpr int64_t kHeads = 4;
constexpr int64_t kSize = kHidden / kHeads;
constexpr int64_t kLength = 120;

class CopyingWeights : public ::testing::Test {
 protected:
  CopyingWeights() {
    torch::manual_seed(7);
    ModelConfig config;
    config.vocabulary = 500;
    config.hidden = kHidden;
    config.heads = kHeads;
    config.layers = 3;
    config.intermediate = 64;
    config.positions = 192;
    config.hidden_dropout = config.attention_dropout = 0;
    encoder_ = KnowledgeAugmentedEncoder(config);
    set_copying_weights(encoder_->named(), config.layers, config.heads);
    encoder_->eval();
    batch_.ids = torch::randint(config.vocabulary, {1, kLength}, torch::kInt64);
    batch_.segments = torch::zeros({1, kLength}, torch::kInt64);
  }
  torch::Tensor named(const std::string& name) const {
    for (const NamedParameter& parameter : encoder_->named()) {
      if (parameter.name == name) return parameter.value();
    }
    ADD_FAILURE() << name;
    return {};
  }
  // Attention of a head, [L, L], worked out from the weights by their names.
  torch::Tensor attention(const torch::Tensor& hidden, int64_t layer, int64_t head) const {
    const std::string prefix = "realm.encoder.layer." + std::to_string(layer) + ".attention.self.";
    const auto rows = [&](const char* name) {
      return named(prefix + name + ".weight").slice(0, head * kSize, (head + 1) * kSize);
    };
    const torch::Tensor query = torch::matmul(hidden, rows("query").t());
    const torch::Tensor key = torch::matmul(hidden, rows("key").t());
    return torch::softmax(torch::matmul(query, key.t()) / std::sqrt(double{kSize}), -1);
  }
  // The mean weight on the piece `shift` further, away from the ends.
  static double weight_at(const torch::Tensor& attention, int64_t shift) {
    return attention.diagonal(shift).slice(0, 4, kLength - 8).mean().item<double>();
  }

  KnowledgeAugmentedEncoder encoder_{nullptr};
  BertBatch batch_;
};

// What made readers learn the order of pieces: a head that looks aside is nearly certain of its
// piece, whatever words stand there, and the second layer can do it again.
TEST_F(CopyingWeights, LookAsideSharplyInTheFirstTwoLayers) {
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> hidden = encoder_->body()->all_hidden(batch_);
  const std::vector<std::vector<int64_t>> shifts = {{-1, 1, -2}, {-1, 1, -2}};
  for (size_t layer = 0; layer < shifts.size(); ++layer) {
    for (size_t head = 0; head < shifts[layer].size(); ++head) {
      const torch::Tensor weights =
          attention(hidden[layer][0], static_cast<int64_t>(layer), static_cast<int64_t>(head));
      EXPECT_GT(weight_at(weights, shifts[layer][head]), layer == 0 ? 0.8 : 0.5)
          << "layer " << layer << ", head " << head;
    }
  }
}

TEST_F(CopyingWeights, LetEqualWordsAttendToEachOther) {
  const torch::NoGradGuard no_grad;
  constexpr int64_t kApart = 60;
  batch_.ids.slice(1, kApart, kLength).copy_(batch_.ids.slice(1, 0, kLength - kApart));
  const torch::Tensor weights = attention(encoder_->body()->all_hidden(batch_)[0][0], 0, 3);
  const auto mean_at = [&](int64_t shift) { return weights.diagonal(shift).mean().item<double>(); };
  // Other words as far away get a fraction of it.
  EXPECT_GT(mean_at(kApart), 4 * mean_at(kApart - 1));
  EXPECT_GT(mean_at(kApart), 4 * mean_at(kApart + 1));
}

TEST_F(CopyingWeights, PassOnWhatIsAttendedToAsItIs) {
  for (const char* layer : {"0", "2"}) {
    const std::string prefix = std::string("realm.encoder.layer.") + layer + ".attention.";
    const torch::Tensor value = named(prefix + "self.value.weight");
    // Orthogonal, and where no head looks aside the output turns it back.
    EXPECT_TRUE(torch::allclose(torch::matmul(value, value.t()), torch::eye(kHidden), 0, 1e-4));
  }
  const std::string last = "realm.encoder.layer.2.attention.";
  EXPECT_TRUE(torch::allclose(
      torch::matmul(named(last + "output.dense.weight"), named(last + "self.value.weight")),
      torch::eye(kHidden), 0, 1e-4));
}

class GrownEncoder : public CopyingWeights {
 protected:
  torch::Tensor logits(KnowledgeAugmentedEncoder encoder) const {
    const torch::NoGradGuard no_grad;
    encoder->eval();
    return encoder->logits(encoder->body()->forward(batch_));
  }
  static torch::Tensor named_of(const KnowledgeAugmentedEncoder& encoder, const std::string& name) {
    for (const NamedParameter& parameter : encoder->named()) {
      if (parameter.name == name) return parameter.value();
    }
    ADD_FAILURE() << name;
    return {};
  }
};

// With gains 1 and biases 0 every hidden vector has mean 0 and variance 1, so that passing on is
// exact.
TEST_F(GrownEncoder, SaysTheSameAtFirst) {
  const KnowledgeAugmentedEncoder grown = grow_encoder(encoder_, 5);
  EXPECT_EQ(grown->config().layers, 5);
  EXPECT_EQ(encoder_->config().layers, 3);
  EXPECT_TRUE(torch::allclose(logits(grown), logits(encoder_), 1e-4, 1e-3));
}

TEST_F(GrownEncoder, KeepsTheScaleOfTrainedNorms) {
  const torch::NoGradGuard no_grad;
  const std::string below = "realm.encoder.layer.2.output.LayerNorm.";
  named(below + "weight").fill_(2.0);
  torch::Tensor bias = named(below + "bias");
  bias.zero_();
  bias.slice(0, 0, kHidden / 2).fill_(3.0);  // mean 1.5, variance 2.25
  const KnowledgeAugmentedEncoder grown = grow_encoder(encoder_, 4);
  for (const char* norm : {"attention.output.LayerNorm.", "output.LayerNorm."}) {
    const std::string prefix = std::string("realm.encoder.layer.3.") + norm;
    EXPECT_TRUE(torch::allclose(named_of(grown, prefix + "weight"),
                                torch::full({kHidden}, 2.5)));  // sqrt(4 + 2.25)
    EXPECT_TRUE(torch::allclose(named_of(grown, prefix + "bias"), torch::full({kHidden}, 1.5)));
  }
}

TEST_F(GrownEncoder, CanLearnInTheNewLayers) {
  KnowledgeAugmentedEncoder grown = grow_encoder(encoder_, 4);
  grown->logits(grown->body()->forward(batch_)).square().mean().backward();
  for (const NamedParameter& parameter : grown->named()) {
    if (parameter.name == "realm.encoder.layer.3.output.dense.weight" ||
        parameter.name == "realm.encoder.layer.3.attention.output.dense.weight") {
      EXPECT_GT(parameter.gradient().abs().max().item<double>(), 0) << parameter.name;
    }
  }
}

TEST_F(GrownEncoder, SharesNothingWithTheOldOne) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor before = logits(encoder_).clone();
  const KnowledgeAugmentedEncoder grown = grow_encoder(encoder_, 3);
  for (const NamedParameter& parameter : grown->named()) parameter.value().add_(0.5);
  EXPECT_TRUE(torch::equal(logits(encoder_), before));
}

}  // namespace
}  // namespace realm
