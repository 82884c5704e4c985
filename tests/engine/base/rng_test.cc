#include "engine/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

namespace realm {
namespace {

// Worked from the published xoshiro256** step by hand: rotl(s1 * 5, 7) * 9 with s1 = 2 is 11520.
TEST(Rng, FollowsXoshiro256StarStar) {
  Rng rng = Rng::from_state({1, 2, 3, 4});
  EXPECT_EQ(rng.next(), 11520U);
  EXPECT_EQ(rng.next(), 0U);
  EXPECT_EQ(rng.next(), 1509978240U);
  EXPECT_EQ(rng.next(), 1215971899390074240U);
}

TEST(Rng, EqualSeedsGiveEqualSequencesAndOthersDiffer) {
  Rng a(7);
  Rng b(7);
  Rng c(8);
  const uint64_t first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
}

TEST(Rng, ContinuesFromASavedState) {
  Rng rng(42);
  for (int i = 0; i < 5; ++i) rng.next();
  Rng copy = Rng::from_state(rng.state());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(copy.next(), rng.next());
}

TEST(Rng, BelowReachesEveryValueAboutEquallyOften) {
  Rng rng(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts.at(rng.below(7));
  // Expected 10,000 each with a standard deviation of 93.
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Rng, UniformStaysInItsRangeWithTheRightMean) {
  Rng rng(3);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double value = rng.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
}

TEST(Rng, ShuffleKeepsEveryElement) {
  Rng rng(5);
  std::vector<int> values(100);
  std::iota(values.begin(), values.end(), 0);
  const std::vector<int> sorted = values;
  rng.shuffle(values);
  EXPECT_NE(values, sorted);
  EXPECT_EQ(std::set<int>(values.begin(), values.end()),
            std::set<int>(sorted.begin(), sorted.end()));
}

}  // namespace
}  // namespace realm
