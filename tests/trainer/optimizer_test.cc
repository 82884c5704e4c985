#include "trainer/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

using torch::Tensor;

Tensor parameter(const std::vector<double>& values) {
  return torch::tensor(values, torch::kFloat64).requires_grad_(true);
}

void set_gradient(Tensor parameter, const std::vector<double>& values) {
  parameter.mutable_grad() = torch::tensor(values, torch::kFloat64).view(parameter.sizes());
}

std::vector<double> values(const Tensor& tensor) {
  const Tensor flat = tensor.detach().reshape({-1}).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

// Two parameters, the second a bias, through six updates, to the fixture's nine digits.
TEST(AdamWeightDecay, FollowsTheReferenceStepByStep) {
  const auto fixture = testing::read_json(testing::require_parity("formats/optimizer.json"));
  const Tensor w = parameter(fixture.at("w0").get<std::vector<double>>());
  const Tensor b = parameter(fixture.at("b0").get<std::vector<double>>());
  AdamWeightDecay optimizer({{{whole("layer.weight", w), whole("layer.bias", b)}, 1.0}}, {});
  ASSERT_GE(fixture.at("steps").size(), 6U);
  for (const auto& step : fixture.at("steps")) {
    const double rate = scheduled_rate(fixture.at("init_lr"), step.at("schedule_step"),
                                       fixture.at("total_steps"), fixture.at("warmup_steps"));
    EXPECT_NEAR(rate, step.at("lr").get<double>(), 1e-12);
    optimizer.zero_gradients();
    set_gradient(w, step.at("grad_w").get<std::vector<double>>());
    set_gradient(b, step.at("grad_b").get<std::vector<double>>());
    EXPECT_NEAR(optimizer.step(rate), step.at("global_norm").get<double>(), 1e-7);
    for (size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(values(w)[i], step.at("w_after").at(i).get<double>(), 6e-9);
    for (size_t i = 0; i < 2; ++i)
      EXPECT_NEAR(values(b)[i], step.at("b_after").at(i).get<double>(), 6e-9);
  }
}

// The released code's schedule: 200,000 steps, 10,000 of them warm-up, from 3e-5.
TEST(ScheduledRate, IsBertsSchedule) {
  const auto fixture = testing::read_json(testing::require_parity("formats/optimizer.json"));
  for (const auto& entry : fixture.at("schedule_3e5")) {
    const auto expected = entry.at(1).get<double>();
    EXPECT_NEAR(scheduled_rate(3e-5, entry.at(0).get<int64_t>(), 200000, 10000), expected,
                1e-9 * 3e-5)
        << entry;
  }
}

TEST(ScheduledRate, IsZeroAtBothEndsAndNeverBelow) {
  EXPECT_EQ(scheduled_rate(1.0, 0, 100, 10), 0.0);
  EXPECT_EQ(scheduled_rate(1.0, 100, 100, 10), 0.0);
  EXPECT_EQ(scheduled_rate(1.0, 150, 100, 10), 0.0);
  EXPECT_DOUBLE_EQ(scheduled_rate(1.0, 9, 100, 10), 0.9);
  EXPECT_DOUBLE_EQ(scheduled_rate(1.0, 10, 100, 10),
                   0.9);  // the full schedule's decay, not one that starts now
  EXPECT_DOUBLE_EQ(scheduled_rate(1.0, 60, 100, 10), 0.4);
}

TEST(ScheduledRate, EndsAtTheShareAskedFor) {
  EXPECT_DOUBLE_EQ(scheduled_rate(2.0, 100, 100, 10, 0.25), 0.5);
  EXPECT_DOUBLE_EQ(scheduled_rate(2.0, 50, 100, 10, 0.25), 2.0 * (0.25 + 0.75 * 0.5));
  EXPECT_DOUBLE_EQ(scheduled_rate(2.0, 5, 100, 10, 0.25),
                   1.0);  // the warm-up begins at 0 all the same
}

// One update by hand: m = 0.1 g, v = 0.001 g^2, so the step is 0.1 g / (sqrt(0.001) |g| + 1e-6).
TEST(AdamWeightDecay, HasNoBiasCorrection) {
  const Tensor w = parameter({1.0});
  AdamWeightDecay optimizer({{{whole("w", w)}, 1.0}}, {});
  set_gradient(w, {0.5});
  EXPECT_DOUBLE_EQ(optimizer.step(0.1), 0.5);
  const double update = 0.05 / (std::sqrt(0.001 * 0.25) + 1e-6);
  EXPECT_NEAR(values(w)[0], 1.0 - 0.1 * update - 0.1 * 0.01 * 1.0, 1e-12);
}

TEST(AdamWeightDecay, ClipsByTheNormOverAllParameters) {
  OptimizerSettings settings;
  settings.weight_decay = 0;
  settings.clip_norm = 1.0;
  const auto moved = [&](double scale) {
    const Tensor a = parameter({0.0});
    const Tensor b = parameter({0.0, 0.0});
    AdamWeightDecay optimizer({{{whole("a", a)}, 1.0}, {{whole("b", b)}, 1.0}}, settings);
    set_gradient(a, {2.0 * scale});
    set_gradient(b, {3.0 * scale, 6.0 * scale});
    EXPECT_NEAR(optimizer.step(0.01), 7.0 * scale, 1e-12);  // of 2, 3 and 6
    return values(optimizer.state()[0].second)[0];          // m of a
  };
  EXPECT_NEAR(moved(1.0), 0.1 * 2.0 / 7.0, 1e-12);
  EXPECT_NEAR(moved(0.1), 0.1 * 0.2, 1e-12);  // a norm of 0.7 is left alone
}

TEST(AdamWeightDecay, SparesLayerNormsAndBiasesFromDecay) {
  const std::vector<std::string> spared = {
      "realm.embeddings.LayerNorm.weight", "cls.LayerNorm.bias", "realm.pooler.dense.bias",
      "cls.predictions.bias", "qa_outputs.layer_normalization.weight"};
  const std::vector<std::string> decayed = {"realm.pooler.dense.weight",
                                            "realm.embeddings.word_embeddings.weight"};
  for (const bool is_spared : {true, false}) {
    for (const std::string& name : is_spared ? spared : decayed) {
      const Tensor w = parameter({1.0});
      AdamWeightDecay optimizer({{{whole(name, w)}, 1.0}}, {});
      set_gradient(w, {0.0});
      optimizer.step(0.5);
      EXPECT_NEAR(values(w)[0], is_spared ? 1.0 : 1.0 - 0.5 * 0.01, 1e-15) << name;
    }
  }
}

TEST(AdamWeightDecay, UpdatesAParameterBehindSeveralNamesOnce) {
  const Tensor qkv = torch::ones({6, 1}, torch::kFloat64).requires_grad_(true);
  const NamedParameters windows = {
      {"query.weight", qkv, 0, 2}, {"key.weight", qkv, 2, 4}, {"value.weight", qkv, 4, 6}};
  AdamWeightDecay optimizer({{windows, 1.0}}, {});
  EXPECT_EQ(optimizer.state().size(), 2U);
  set_gradient(qkv, {0, 0, 0, 0, 0, 0});
  optimizer.step(0.5);
  for (const double value : values(qkv)) EXPECT_NEAR(value, 1.0 - 0.5 * 0.01, 1e-15);
}

TEST(AdamWeightDecay, LeavesAParameterWithoutAGradient) {
  const Tensor used = parameter({1.0});
  const Tensor unused = parameter({1.0});
  AdamWeightDecay optimizer({{{whole("used", used), whole("unused", unused)}, 1.0}}, {});
  set_gradient(used, {1.0});
  optimizer.step(0.1);
  EXPECT_NE(values(used)[0], 1.0);
  EXPECT_EQ(values(unused)[0], 1.0);
}

TEST(AdamWeightDecay, ScalesTheRateOfAGroup) {
  const Tensor slow = parameter({0.0});
  const Tensor fast = parameter({0.0});
  AdamWeightDecay optimizer({{{whole("slow", slow)}, 1.0}, {{whole("fast", fast)}, 2.5}}, {});
  set_gradient(slow, {0.5});
  set_gradient(fast, {0.5});
  optimizer.step(0.01);
  EXPECT_NEAR(values(fast)[0], 2.5 * values(slow)[0], 1e-15);
}

TEST(AdamWeightDecay, ChangesNothingForAGradientThatIsNotFinite) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const Tensor good = parameter({1.0});
    const Tensor broken = parameter({1.0, 2.0});
    AdamWeightDecay optimizer({{{whole("good", good), whole("broken", broken)}, 1.0}}, {});
    EXPECT_EQ(optimizer.non_finite_gradient(), "");
    set_gradient(good, {1.0});
    set_gradient(broken, {0.5, bad});
    EXPECT_FALSE(std::isfinite(optimizer.step(0.1)));
    EXPECT_EQ(optimizer.non_finite_gradient(), "broken");
    EXPECT_EQ(values(good)[0], 1.0);
    EXPECT_EQ(values(broken)[1], 2.0);
    for (const auto& [name, moment] : optimizer.state())
      EXPECT_EQ(moment.abs().max().item<double>(), 0.0) << name;
  }
}

TEST(AdamWeightDecay, GoesOnFromItsMoments) {
  const std::vector<std::vector<double>> gradients = {
      {0.3, -0.2}, {0.1, 0.4}, {-0.5, 0.2}, {0.7, 0.1}};
  const auto train = [&](bool restart) {
    Tensor w = parameter({1.0, -1.0});
    auto optimizer = std::make_unique<AdamWeightDecay>(
        std::vector<AdamWeightDecay::Group>{{{whole("w", w)}, 1.0}}, OptimizerSettings{});
    for (size_t i = 0; i < gradients.size(); ++i) {
      if (restart && i == 2) {
        const auto saved = optimizer->state();
        auto next = std::make_unique<AdamWeightDecay>(
            std::vector<AdamWeightDecay::Group>{{{whole("w", w)}, 1.0}}, OptimizerSettings{});
        const torch::NoGradGuard no_grad;
        for (size_t s = 0; s < saved.size(); ++s) next->state()[s].second.copy_(saved[s].second);
        optimizer = std::move(next);
      }
      set_gradient(w, gradients[i]);
      optimizer->step(0.05);
    }
    return values(w);
  };
  EXPECT_EQ(train(true), train(false));
}

}  // namespace
}  // namespace realm
