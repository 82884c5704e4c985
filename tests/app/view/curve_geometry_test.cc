#include "app/view/curve_geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/app/view/sample_curves.h"

namespace realm::view {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One pixel for one unit of x, and of y upwards from 0 at `height`.
PlotScales pixels(double width, double height, bool log_y = false) {
  const PlotRange range{0, width, log_y ? 1.0 : 0.0, log_y ? 1000.0 : height, log_y};
  return scales_of(range, {0, 0, static_cast<float>(width), static_cast<float>(height)});
}

TEST(CurveLine, KeepsASpikeAmongAMillionSamples) {
  std::vector<double> x(1000000), y(1000000, 1.0);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  y[654321] = 7;
  y[123456] = -3;
  const ShownCurve curve = shown(std::move(x), std::move(y));
  const PlotScales scales = scales_of({0, 1e6, -3, 7, false}, {0, 0, 1200, 400});
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, scales);
  ASSERT_EQ(line.parts(), 1U);
  EXPECT_LE(line.points.size(), 4U * 1200);
  const auto at_y = [&](float wanted) {
    return std::find_if(line.points.begin(), line.points.end(),
                        [&](const CurvePoint& point) { return point.y == wanted; });
  };
  ASSERT_NE(at_y(0), line.points.end());
  EXPECT_NEAR(at_y(0)->x, 654321 * 0.0012, 1e-3);
  ASSERT_NE(at_y(400), line.points.end());
  EXPECT_NEAR(at_y(400)->x, 123456 * 0.0012, 1e-3);
  EXPECT_TRUE(std::is_sorted(line.points.begin(), line.points.end(),
                             [](const CurvePoint& a, const CurvePoint& b) { return a.x < b.x; }));
}

TEST(CurveLine, KeepsFirstLowestHighestAndLastOfAColumnInTheirOrder) {
  const ShownCurve curve =
      shown({1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7}, {50, 60, 90, 70, 40, 10, 30, 20});
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, pixels(100, 100));
  ASSERT_EQ(line.points.size(), 4U);
  EXPECT_FLOAT_EQ(line.points[0].y, 100 - 50);
  EXPECT_FLOAT_EQ(line.points[1].y, 100 - 90);
  EXPECT_FLOAT_EQ(line.points[2].y, 100 - 10);
  EXPECT_FLOAT_EQ(line.points[3].y, 100 - 20);
  EXPECT_FLOAT_EQ(line.points[1].x, 1.2F);
}

TEST(CurveLine, HasGapsWhereSamplesAreNoNumbers) {
  const ShownCurve curve = shown({0, 10, 20, 30, 40, 50, 60}, {1, 2, kNan, 4, kInfinity, 6, 7});
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, pixels(100, 100));
  ASSERT_EQ(line.parts(), 3U);
  EXPECT_EQ(line.part(0).size(), 2U);
  ASSERT_EQ(line.part(1).size(), 1U);  // a dot
  EXPECT_FLOAT_EQ(line.part(1)[0].x, 30);
  EXPECT_FLOAT_EQ(line.part(1)[0].y, 96);
  EXPECT_EQ(line.part(2).size(), 2U);
}

TEST(CurveLine, HasAGapAtAColumnOfNothingElse) {
  std::vector<double> x, y;
  for (int i = 0; i < 300; ++i) {  // ten a column
    x.push_back(i / 10.0);
    y.push_back(i >= 95 && i < 205 ? kNan : 5);
  }
  const ShownCurve curve = shown(x, y);
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, pixels(30, 30));
  ASSERT_EQ(line.parts(), 2U);
  EXPECT_FLOAT_EQ(line.part(0).back().x, 9.4F);
  EXPECT_FLOAT_EQ(line.part(1).front().x, 20.5F);
}

TEST(CurveLine, GoesOnBeyondThePlot) {
  const ShownCurve curve = shown({-1000, 1000}, {-1000, 1000});  // y = x
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, pixels(100, 100));
  ASSERT_EQ(line.points.size(), 2U);
  EXPECT_FLOAT_EQ(line.points[0].x, -8);
  EXPECT_FLOAT_EQ(line.points[0].y, 108);
  EXPECT_FLOAT_EQ(line.points[1].x, 108);
  EXPECT_FLOAT_EQ(line.points[1].y, -8);
}

TEST(CurveLine, IsCutAboveAndBelowThePlot) {
  const ShownCurve curve = shown({0, 50, 100}, {50, 1e200, 50});
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, pixels(100, 100));
  ASSERT_EQ(line.parts(), 2U);
  for (const CurvePoint& point : line.points) {
    EXPECT_GE(point.y, -8.01F);
    EXPECT_LE(point.y, 108.01F);
  }
}

TEST(CurveLine, IsEmptyWithoutSamplesInSight) {
  const ShownCurve curve = shown({200, 300}, {1, 2});
  const CurveLine line = curve_line(curve.curve->series->x, curve.curve->raw, pixels(100, 100));
  EXPECT_EQ(line.parts(), 0U);
  EXPECT_EQ(curve_line({}, CurvePyramid(), pixels(100, 100)).parts(), 0U);
}

TEST(CurveLine, LeavesOutAndCountsWhatALogarithmicAxisCannotShow) {
  const ShownCurve curve = shown({0, 10, 20, 30, 40}, {1, 0, 1000, -5, kNan});
  const CurveLine line =
      curve_line(curve.curve->series->x, curve.curve->raw, pixels(100, 300, true));
  ASSERT_EQ(line.parts(), 2U);
  EXPECT_FLOAT_EQ(line.part(0)[0].y, 300);  // 1, at the low end
  EXPECT_FLOAT_EQ(line.part(1)[0].y, 0);    // 1000
  const std::vector<ShownCurve> curves = {curve};
  EXPECT_EQ(left_out_count(curves, {0, 100, 1, 1000, true}), 2U);
  EXPECT_EQ(left_out_count(curves, {0, 15, 1, 1000, true}), 1U);
  EXPECT_EQ(left_out_count(curves, {0, 100, 1, 1000, false}), 0U);
}

TEST(NearestSample, PrefersTheOneBeforeAndTheLastOfEquals) {
  const std::vector<double> xs = {0, 10, 10, 20};
  EXPECT_EQ(nearest_sample(xs, -5), 0U);
  EXPECT_EQ(nearest_sample(xs, 5), 0U);
  EXPECT_EQ(nearest_sample(xs, 6), 2U);
  EXPECT_EQ(nearest_sample(xs, 10), 2U);
  EXPECT_EQ(nearest_sample(xs, 15), 2U);
  EXPECT_EQ(nearest_sample(xs, 16), 3U);
  EXPECT_EQ(nearest_sample(xs, 99), 3U);
  EXPECT_EQ(nearest_sample(std::vector<double>{10, 10}, 0), 1U);
  EXPECT_EQ(nearest_sample({}, 0), std::nullopt);
}

TEST(ReadCurves, GivesRawAndSmoothedOfEachDrawnCurve) {
  std::vector<ShownCurve> curves = {shown({0, 10}, {1, 3}, 0.5), shown({0}, {9}),
                                    shown({0, 4, 8}, {5, 6, kNan}), ShownCurve{}};
  curves[1].hidden = true;
  const std::vector<CurveReading> readings = read_curves(curves, 9);
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[0].index, 1U);
  EXPECT_DOUBLE_EQ(readings[0].y, 3);
  EXPECT_DOUBLE_EQ(readings[0].smoothed, 7.0 / 3);
  EXPECT_EQ(readings[1].curve, 2U);
  EXPECT_DOUBLE_EQ(readings[1].x, 8);
  EXPECT_TRUE(std::isnan(readings[1].y));
}

TEST(MarkPlaces, StandWhereSamplesAreNoNumbers) {
  const ShownCurve curve = shown({0, 1, 1.1, 2, 3, 50}, {1, kNan, kInfinity, -kInfinity, 5, kNan});
  EXPECT_EQ(curve.curve->non_finite_x, (std::vector<double>{1, 1.1, 2, 50}));
  const AxisScale scale{.low = 0, .high = 10, .from = 0, .to = 100};
  EXPECT_EQ(mark_places(curve.curve->non_finite_x, scale, 6), (std::vector<float>{10, 20}));
}

TEST(SeriesColor, CanBeSeenOnBothThemes) {
  for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
    for (size_t i = 0; i < 8; ++i)
      EXPECT_GE(contrast_ratio(series_color(kind, i), theme_of(kind).pane()), 3) << i;
    EXPECT_EQ(series_color(kind, 8), series_color(kind, 0));
  }
}

}  // namespace
}  // namespace realm::view
