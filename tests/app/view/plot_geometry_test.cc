#include "app/view/plot_geometry.h"

#include <gtest/gtest.h>

#include <limits>

namespace realm::view {
namespace {

TEST(LogAxis, HoldsAllValuesAndEndsAtOne) {
  const std::vector<double> values = {-16.8, -0.2, -std::numeric_limits<double>::infinity()};
  const LogAxis axis = fit_log_axis(values, 100, 440);
  EXPECT_DOUBLE_EQ(axis.low, -17);
  EXPECT_FLOAT_EQ(axis.x(0), 440);
  EXPECT_FLOAT_EQ(axis.x(-17), 100);
  EXPECT_FLOAT_EQ(axis.x(-400), 100);
  EXPECT_FLOAT_EQ(axis.x(-8.5), 270);
}

TEST(LogAxis, IsAtLeastThreeDecadesLong) {
  const std::vector<double> values = {-0.1};
  EXPECT_DOUBLE_EQ(fit_log_axis(values, 0, 1).low, -3);
}

TEST(LogTicks, KeepTheirDistance) {
  const LogAxis axis{.low = -20, .high = 0, .left = 0, .right = 400};  // 20 px a decade
  const std::vector<AxisTick> ticks = log_ticks(axis, 60);
  ASSERT_EQ(ticks.size(), 5U);  // every five decades
  EXPECT_EQ(ticks.front().exponent, -20);
  EXPECT_EQ(ticks.back().label, "1");
  EXPECT_EQ(ticks[3].label, "1e\u22125");
  EXPECT_FLOAT_EQ(ticks[3].x, 300);
}

TEST(SpreadLabels, LeavesRoomyLabelsWhereTheyWantToBe) {
  const std::vector<LabelBox> labels = {{50, 20}, {150, 40}};
  EXPECT_EQ(spread_labels(labels, 0, 200, 4), (std::vector<float>{40, 130}));
}

TEST(SpreadLabels, PushesNeighboursApartEvenly) {
  const std::vector<LabelBox> labels = {{100, 40}, {100, 40}};
  EXPECT_EQ(spread_labels(labels, 0, 300, 4), (std::vector<float>{58, 102}));
}

TEST(SpreadLabels, StaysInsideAtTheEnd) {
  const std::vector<LabelBox> labels = {{190, 40}, {198, 60}, {195, 30}};
  const std::vector<float> lefts = spread_labels(labels, 0, 200, 4);
  EXPECT_FLOAT_EQ(lefts[1], 140);  // the rightmost anchor ends at 200
  EXPECT_FLOAT_EQ(lefts[2], 140 - 4 - 30);
  EXPECT_FLOAT_EQ(lefts[0], 106 - 4 - 40);
}

void expect_clear(const std::vector<LabelBox>& labels, const FlagRoom& room) {
  const std::vector<Flag> flags = place_flags(labels, room);
  ASSERT_EQ(flags.size(), labels.size());
  for (size_t i = 0; i < flags.size(); ++i) {
    EXPECT_GE(flags[i].x, room.left);
    EXPECT_LE(flags[i].x + labels[i].width, room.right);
    EXPECT_LT(flags[i].tier, room.tiers);
    for (size_t j = 0; j < flags.size(); ++j) {
      if (i == j) continue;
      if (flags[i].tier == flags[j].tier) {
        EXPECT_TRUE(flags[i].x + labels[i].width + room.apart <= flags[j].x ||
                    flags[j].x + labels[j].width + room.apart <= flags[i].x)
            << i << " and " << j;
      } else if (flags[j].tier > flags[i].tier) {  // its pole passes
        EXPECT_FALSE(labels[j].anchor > flags[i].x &&
                     labels[j].anchor < flags[i].x + labels[i].width)
            << i << " and " << j;
      }
    }
  }
}

TEST(PlaceFlags, StandOnOneTierWhereThereIsRoom) {
  const std::vector<LabelBox> labels = {{100, 60}, {500, 60}, {900, 60}};
  const std::vector<Flag> flags =
      place_flags(labels, {.left = 0, .right = 1000, .to_pole = 6, .apart = 12, .tiers = 3});
  EXPECT_FLOAT_EQ(flags[0].x, 106);       // to the right of its pole
  EXPECT_FLOAT_EQ(flags[2].x, 900 - 66);  // towards the middle
  for (const Flag& flag : flags) EXPECT_EQ(flag.tier, 0);
}

TEST(PlaceFlags, NeverOverlapHoweverCloseTheNumbersAre) {
  const FlagRoom room{.left = 0, .right = 1000, .to_pole = 6, .apart = 12, .tiers = 4};
  // As in the paper, all near 1, all alike in the middle, all tiny, two and two.
  expect_clear({{20, 100}, {480, 160}, {988, 90}, {989, 190}}, room);
  expect_clear({{985, 100}, {987, 160}, {988, 90}, {989, 190}}, room);
  expect_clear({{500, 100}, {500, 160}, {500, 90}, {500, 190}}, room);
  expect_clear({{10, 100}, {11, 160}, {12, 90}, {13, 190}}, room);
  expect_clear({{988, 100}, {10, 160}, {989, 90}, {11, 190}}, room);
  for (float a = 10; a < 1000; a += 163)
    for (float b = 10; b < 1000; b += 89)
      for (float c = 10; c < 1000; c += 241)
        expect_clear({{a, 100}, {b, 160}, {c, 90}, {989, 190}}, room);
}

TEST(PlaceFlags, TakeATierEachWhereNothingElseFits) {
  const std::vector<LabelBox> labels = {{50, 90}, {50, 90}, {50, 90}};
  const std::vector<Flag> flags =
      place_flags(labels, {.left = 0, .right = 100, .to_pole = 6, .apart = 12, .tiers = 3});
  EXPECT_NE(flags[0].tier, flags[1].tier);
  EXPECT_NE(flags[1].tier, flags[2].tier);
  for (const Flag& flag : flags) EXPECT_FLOAT_EQ(flag.x, 5);
}

TEST(StackShares, PutsNarrowPartsTogether) {
  const std::vector<double> shares = {0.7, 0.001, 0.29, 0.009};
  const std::vector<Segment> segments = stack_shares(shares, 100, 2);
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_EQ(segments[0].part, 0);
  EXPECT_FLOAT_EQ(segments[0].width, 70);
  EXPECT_EQ(segments[1].part, 2);
  EXPECT_EQ(segments[2].part, -1);
  EXPECT_NEAR(segments[2].width, 1, 1e-4);
  EXPECT_NEAR(segments[2].x + segments[2].width, 100, 1e-3);
}

TEST(BarFraction, IsLinearOrLogarithmic) {
  EXPECT_DOUBLE_EQ(bar_fraction(0.25, false, -6), 0.25);
  EXPECT_DOUBLE_EQ(bar_fraction(1e-3, true, -6), 0.5);
  EXPECT_DOUBLE_EQ(bar_fraction(1e-9, true, -6), 0);
  EXPECT_DOUBLE_EQ(bar_fraction(0, true, -6), 0);
}

}  // namespace
}  // namespace realm::view
