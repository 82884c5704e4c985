// Layers that are computed again on the way back, and matrix products in bf16.
#include "engine/model/compute_mode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/model/embedder.h"
#include "engine/model/knowledge_augmented_encoder.h"

namespace realm {
namespace {

using torch::Tensor;

ModelConfig small_config(double dropout) {
  ModelConfig config;
  config.vocabulary = 40;
  config.hidden = 32;
  config.layers = 3;
  config.heads = 4;
  config.intermediate = 64;
  config.positions = 12;
  config.projection = 8;
  config.hidden_dropout = dropout;
  config.attention_dropout = dropout;
  config.initializer_range = 0.2;
  return config;
}

BertBatch two_sequences() {
  const SpecialIds special{0, 1, 2, 3, 4};
  std::vector<BertInput> inputs(2);
  inputs[0].ids = {2, 7, 9, 11, 4, 3};
  inputs[1].ids = {2, 8, 4, 3};  // padded
  for (BertInput& input : inputs) input.segments.assign(input.ids.size(), 0);
  return make_batch(inputs, special, torch::kCPU);
}

// The loss of a small encoder at two places, and the gradient of every parameter.
struct Outcome {
  Tensor loss;
  std::vector<Tensor> gradients;
};

Outcome run(KnowledgeAugmentedEncoder& encoder, ComputeMode mode) {
  encoder->train();
  encoder->zero_grad();
  torch::manual_seed(17);  // dropout
  const ComputeModeGuard guard(mode);
  const Tensor log_p = torch::log_softmax(
      encoder(two_sequences(), torch::tensor(std::vector<int64_t>{4, 8}, torch::kInt64)), -1);
  Outcome out{-log_p[0][13] - log_p[1][21], {}};
  out.loss.backward();
  for (const Tensor& parameter : encoder->parameters())
    out.gradients.push_back(parameter.grad().defined() ? parameter.grad().clone() : Tensor());
  return out;
}

TEST(ComputeMode, EndsWithItsScope) {
  EXPECT_FALSE(compute_mode().bf16_products);
  {
    const ComputeModeGuard outer({true, false});
    {
      const ComputeModeGuard inner({false, true});
      EXPECT_FALSE(compute_mode().bf16_products);
      EXPECT_TRUE(compute_mode().checkpoint_layers);
    }
    EXPECT_TRUE(compute_mode().bf16_products);
  }
  EXPECT_FALSE(compute_mode().bf16_products);
  EXPECT_FALSE(compute_mode().checkpoint_layers);
}

TEST(LayerCheckpoint, ChangesNoGradientAndDrawsTheSameDropout) {
  for (const double dropout : {0.0, 0.3}) {
    torch::manual_seed(3);
    KnowledgeAugmentedEncoder encoder(small_config(dropout));
    const Outcome plain = run(encoder, {});
    const Tensor after_plain = torch::rand({1});
    const Outcome checkpointed = run(encoder, {false, true});
    const Tensor after_checkpointed = torch::rand({1});
    EXPECT_TRUE(torch::equal(plain.loss, checkpointed.loss));
    ASSERT_EQ(plain.gradients.size(), checkpointed.gradients.size());
    for (size_t i = 0; i < plain.gradients.size(); ++i) {
      ASSERT_EQ(plain.gradients[i].defined(), checkpointed.gradients[i].defined()) << i;
      if (plain.gradients[i].defined()) {
        EXPECT_TRUE(torch::equal(plain.gradients[i], checkpointed.gradients[i])) << i;
      }
    }
    // Recomputing leaves the generator where it was.
    EXPECT_TRUE(torch::equal(after_plain, after_checkpointed)) << dropout;
  }
}

TEST(LayerCheckpoint, WorksForAnInputWithoutPadding) {
  const SpecialIds special{0, 1, 2, 3, 4};
  BertInput input;
  input.ids = {2, 7, 9, 3};
  input.segments = {0, 0, 0, 0};
  torch::manual_seed(3);
  Embedder embedder(small_config(0.0));
  const auto gradient = [&](ComputeMode mode) {
    embedder->zero_grad();
    const ComputeModeGuard guard(mode);
    embedder(make_batch({&input, 1}, special, torch::kCPU)).select(1, 2).sum().backward();
    return embedder->body()->word_embeddings().grad().clone();
  };
  EXPECT_TRUE(torch::equal(gradient({}), gradient({false, true})));
}

// bf16 keeps 8 bits: a relative error of 2^-9 in each factor.
TEST(Bf16Products, AreNearTheProductsInFp32AndGiveFp32) {
  torch::manual_seed(5);
  const Tensor a = torch::randn({64, 48});
  const Tensor b = torch::randn({48, 32});
  const Tensor exact = torch::matmul(a, b);
  const ComputeModeGuard guard({true, false});
  const Tensor product = matrix_product(a, b);
  EXPECT_EQ(product.scalar_type(), torch::kFloat32);
  const double error = ((product - exact).norm() / exact.norm()).item<double>();
  EXPECT_LT(error, 0.01);
  EXPECT_GT(error, 1e-5) << "was it computed in fp32?";
  // Of what bf16 holds exactly, sums and all, the product is exact.
  const Tensor whole = matrix_product(torch::full({2, 3}, 4.0), torch::full({3, 2}, 0.5));
  EXPECT_TRUE(torch::equal(whole, torch::full({2, 2}, 6.0)));
}

TEST(Bf16Products, GiveGradientsOfTheSameDirectionInFp32) {
  torch::manual_seed(3);
  KnowledgeAugmentedEncoder encoder(small_config(0.0));
  const Outcome exact = run(encoder, {});
  for (const bool checkpoint : {false, true}) {
    const Outcome rough = run(encoder, {true, checkpoint});
    EXPECT_NEAR(rough.loss.item<double>(), exact.loss.item<double>(),
                0.03 * exact.loss.item<double>());
    double dot = 0;
    double of_exact = 0;
    double of_rough = 0;
    for (size_t i = 0; i < exact.gradients.size(); ++i) {
      if (!exact.gradients[i].defined()) continue;
      EXPECT_EQ(rough.gradients[i].scalar_type(), torch::kFloat32);
      dot += (exact.gradients[i] * rough.gradients[i]).sum().item<double>();
      of_exact += exact.gradients[i].square().sum().item<double>();
      of_rough += rough.gradients[i].square().sum().item<double>();
    }
    EXPECT_GT(dot / std::sqrt(of_exact * of_rough), 0.995);
    EXPECT_FALSE(torch::equal(rough.loss, exact.loss));
  }
}

}  // namespace
}  // namespace realm
