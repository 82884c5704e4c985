#include "trainer/parallel/card_group.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(CardGroup, IsOfRanksWithACardEach) {
  const double first = place_of({torch::kCUDA, 0}), second = place_of({torch::kCUDA, 1});
  EXPECT_EQ(place_of(torch::kCPU), 0);
  EXPECT_EQ(place_of(torch::kCUDA), first) << "the current card is the first";
  EXPECT_NE(first, second);
  EXPECT_TRUE(each_has_its_own(std::vector<double>{first, second}));
  EXPECT_FALSE(each_has_its_own(std::vector<double>{first, first})) << "NCCL refuses this";
  EXPECT_FALSE(each_has_its_own(std::vector<double>{first, 0.0})) << "one trains on the CPU";
}

TEST(CardGroup, PlacesAreWholeNumbersThatSumsKeep) {
  const double place = place_of({torch::kCUDA, 3});
  EXPECT_GT(place, 0);
  EXPECT_LT(place, 4503599627370496.0);  // 2^52
  EXPECT_EQ(place + 0.0 + 0.0, place);
}

}  // namespace
}  // namespace realm
