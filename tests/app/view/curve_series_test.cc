#include "app/view/curve_series.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/app/view/sample_curves.h"

namespace realm::view {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(SmoothValues, LeavesAConstantExactlyConstant) {
  const std::vector<double> constant(1000, 0.1);
  EXPECT_EQ(smooth_values(constant, 0.97), constant);
}

TEST(SmoothValues, BeginsAtTheFirstSampleAndIsTheWeightedMean) {
  const std::vector<double> smoothed = smooth_values(std::vector<double>{1, 3, 0}, 0.5);
  EXPECT_DOUBLE_EQ(smoothed[0], 1);
  EXPECT_DOUBLE_EQ(smoothed[1], (0.5 * 3 + 0.25 * 1) / 0.75);
  EXPECT_DOUBLE_EQ(smoothed[2], (0.5 * 0 + 0.25 * 3 + 0.125 * 1) / 0.875);
}

TEST(SmoothValues, SkipsWhatIsNoNumber) {
  const std::vector<double> smoothed =
      smooth_values(std::vector<double>{kNan, 1, kNan, 3, kInfinity, 0}, 0.5);
  EXPECT_TRUE(std::isnan(smoothed[0]));
  EXPECT_DOUBLE_EQ(smoothed[1], 1);
  EXPECT_TRUE(std::isnan(smoothed[2]));
  EXPECT_DOUBLE_EQ(smoothed[3], 7.0 / 3);
  EXPECT_TRUE(std::isinf(smoothed[4]));
  EXPECT_DOUBLE_EQ(smoothed[5], 1);
}

TEST(SmoothValues, ANoughtOfWeightChangesNothing) {
  const std::vector<double> values = {1, 5, -2};
  EXPECT_EQ(smooth_values(values, 0), values);
}

TEST(SmoothValues, StandsTheLargestNumbers) {
  for (const double value : smooth_values(std::vector<double>{1.7e308, -1.7e308, 1.7e308}, 0.9))
    EXPECT_TRUE(std::isfinite(value));
}

TEST(CurvePyramid, GivesWhatASearchOfTheSamplesGives) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  auto values = std::make_shared<std::vector<double>>(5000);
  for (double& value : *values) value = uniform(random) > 0.9 ? kNan : uniform(random);
  const CurvePyramid pyramid(values);
  for (int trial = 0; trial < 300; ++trial) {
    size_t begin = random() % 5001, end = random() % 5001;
    if (begin > end) std::swap(begin, end);
    const bool positive_only = trial % 2 == 1;
    const CurveExtent extent = pyramid.extent(begin, end, positive_only);
    size_t count = 0, first = 0, last = 0;
    double low = kInfinity, high = -kInfinity;
    for (size_t i = begin; i < end; ++i) {
      const double value = (*values)[i];
      if (!std::isfinite(value) || (positive_only && value <= 0)) continue;
      if (count++ == 0) first = i;
      last = i;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    ASSERT_EQ(extent.count, count) << begin << " to " << end;
    if (count == 0) continue;
    EXPECT_EQ(extent.first, first);
    EXPECT_EQ(extent.last, last);
    EXPECT_EQ(extent.low, low);
    EXPECT_EQ(extent.high, high);
    EXPECT_EQ((*values)[extent.low_at], low);
    EXPECT_EQ((*values)[extent.high_at], high);
  }
}

}  // namespace
}  // namespace realm::view
