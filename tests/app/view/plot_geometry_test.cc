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
