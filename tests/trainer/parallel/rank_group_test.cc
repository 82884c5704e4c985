// Ranks as threads of one process. Skipped where LibTorch has no c10d or Gloo's headers are
// missing.
#include "trainer/parallel/rank_group.h"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "tests/support/free_port.h"
#include "trainer/trained_leaves.h"

namespace realm {
namespace {

class TwoRanks : public ::testing::Test {
 protected:
  void SetUp() override {
#ifndef REALM_WITH_C10D
    GTEST_SKIP() << "built without c10d";
#endif
  }
  // Does this in both ranks at once.
  static void together(const std::function<void(RankGroup&)>& act) {
    const uint16_t port = testing::free_port();
    std::vector<std::shared_ptr<RankGroup>> groups(2);  // neither leaves before both are done
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < 2; ++rank) {
      threads.emplace_back([&act, &group = groups[static_cast<size_t>(rank)], rank, port] {
        group = RankGroup::meet({.rank = rank, .size = 2, .address = "127.0.0.1", .port = port});
        act(*group);
      });
    }
  }
};

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous();
  const float* const data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

// Rank r has (r + 1) times 1, 2, ... in a weight that three names share, and (r + 1) times 10 in a
// bias: the sums are 3 times those, wherever the messages are cut.
TEST_F(TwoRanks, SumEachGradientOnceWhateverTheSizeOfAMessage) {
  for (const int64_t bucket : {int64_t{1}, int64_t{4}, int64_t{13}, kGradientBucket}) {
    together([bucket](RankGroup& ranks) {
      const auto factor = static_cast<float>(ranks.rank() + 1);
      torch::Tensor fused = torch::zeros({6, 2}), bias = torch::zeros({2});
      fused.mutable_grad() = factor * torch::arange(1, 13, torch::kFloat32).view({6, 2});
      bias.mutable_grad() = factor * torch::full({2}, 10.0F);
      const std::vector<AdamWeightDecay::Group> groups = {{{{"query", fused, 0, 2},
                                                            {"key", fused, 2, 4},
                                                            {"value", fused, 4, 6},
                                                            whole("bias", bias)},
                                                           1.0}};
      ranks.sum_gradients(trained_leaves(groups), bucket);
      EXPECT_EQ(values_of(fused.grad()),
                (std::vector<float>{3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36}))
          << "bucket " << bucket;
      EXPECT_EQ(values_of(bias.grad()), (std::vector<float>{30, 30})) << "bucket " << bucket;
    });
  }
}

TEST_F(TwoRanks, CountAGradientThatOneLacksAsZeroAndLeaveOneThatNoneHas) {
  together([](RankGroup& ranks) {
    torch::Tensor of_second = torch::zeros({2}), of_none = torch::zeros({2});
    if (ranks.rank() == 1) of_second.mutable_grad() = torch::tensor({1.0F, 2.0F});
    ranks.sum_gradients(std::vector<torch::Tensor>{of_second, of_none}, 1);
    EXPECT_EQ(values_of(of_second.grad()), (std::vector<float>{1, 2}));
    EXPECT_FALSE(of_none.grad().defined());
  });
}

TEST(RankGroup, AloneLeavesGradientsAsTheyAre) {
  torch::Tensor weight = torch::zeros({2});
  weight.mutable_grad() = torch::tensor({1.0F, 2.0F});
  RankGroup::alone()->sum_gradients(std::vector<torch::Tensor>{weight});
  EXPECT_EQ(values_of(weight.grad()), (std::vector<float>{1, 2}));
}

}  // namespace
}  // namespace realm
