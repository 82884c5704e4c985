#include "trainer/trained_leaves.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(TrainedLeaves, AreListedOnceHoweverManyNamesTheyHave) {
  const torch::Tensor fused = torch::zeros({6, 2}), bias = torch::zeros({3}),
                      other = torch::zeros({2});
  const std::vector<AdamWeightDecay::Group> groups = {
      {{{"query", fused, 0, 2}, {"key", fused, 2, 4}, {"value", fused, 4, 6}, whole("bias", bias)},
       1.0},
      {{whole("other", other), whole("bias again", bias)}, 0.5}};
  const std::vector<torch::Tensor> leaves = trained_leaves(groups);
  ASSERT_EQ(leaves.size(), 3U);
  EXPECT_TRUE(leaves[0].is_same(fused));
  EXPECT_TRUE(leaves[1].is_same(bias));
  EXPECT_TRUE(leaves[2].is_same(other));
}

// What is summed over ranks is what the optimizer updates: two moments a leaf.
TEST(TrainedLeaves, AreThoseOfTheOptimizer) {
  const torch::Tensor fused = torch::zeros({6, 2}), bias = torch::zeros({3});
  const std::vector<AdamWeightDecay::Group> groups = {
      {{{"query", fused, 0, 3}, {"value", fused, 3, 6}, whole("bias", bias)}, 1.0}};
  EXPECT_EQ(AdamWeightDecay(groups, {}).state().size(), 2 * trained_leaves(groups).size());
}

}  // namespace
}  // namespace realm
