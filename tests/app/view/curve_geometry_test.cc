#include "app/view/curve_geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/curve_axis.h"
#include "app/view/curve_export.h"
#include "app/view/curve_series.h"
#include "app/view/curve_view.h"

namespace realm::view {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::shared_ptr<const CurveSeries> series(std::vector<double> x, std::vector<double> y,
                                          std::string name = "loss") {
  CurveSeries made{.name = std::move(name), .x = std::move(x), .y = std::move(y)};
  return std::make_shared<const CurveSeries>(std::move(made));
}

ShownCurve shown(std::vector<double> x, std::vector<double> y, double smoothing = 0,
                 std::string name = "loss") {
  return {.curve = prepare_curve(series(std::move(x), std::move(y), std::move(name)), smoothing),
          .color = rgb(0x112233),
          .hidden = false};
}

// One pixel for one unit of x, and of y upwards from 0 at `height`.
PlotScales pixels(double width, double height, bool log_y = false) {
  const PlotRange range{0, width, log_y ? 1.0 : 0.0, log_y ? 1000.0 : height, log_y};
  return scales_of(range, {0, 0, static_cast<float>(width), static_cast<float>(height)});
}

std::vector<std::string> labels(const std::vector<CurveTick>& ticks) {
  std::vector<std::string> out;
  for (const CurveTick& tick : ticks) out.push_back(tick.label);
  return out;
}

using Labels = std::vector<std::string>;

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

TEST(ValueTicks, StandAtRoundValues) {
  const AxisScale scale{.low = 0, .high = 1, .from = 0, .to = 400};
  EXPECT_EQ(labels(value_ticks(scale, 80)), (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels(value_ticks(scale, 81)), (Labels{"0.0", "0.5", "1.0"}));
  EXPECT_DOUBLE_EQ(value_ticks(scale, 80)[3].at, 240);
}

TEST(ValueTicks, AreToldApartWhateverTheirSize) {
  const auto of = [](double low, double high) {
    return labels(value_ticks({.low = low, .high = high, .from = 0, .to = 300}, 100));
  };
  EXPECT_EQ(of(-1, 1), (Labels{"\u22121", "0", "1"}));
  EXPECT_EQ(of(0, 3e-5), (Labels{"0", "1e\u22125", "2e\u22125", "3e\u22125"}));
  EXPECT_EQ(of(0, 3e6), (Labels{"0", "1,000,000", "2,000,000", "3,000,000"}));
  EXPECT_EQ(of(6.7841, 6.7844), (Labels{"6.7841", "6.7842", "6.7843", "6.7844"}));
}

TEST(ValueTicks, StandAtDecadesOfALogarithmicAxis) {
  const AxisScale scale{.low = 1e-4, .high = 1, .from = 400, .to = 0, .logarithmic = true};
  const std::vector<CurveTick> ticks = value_ticks(scale, 60);
  EXPECT_EQ(labels(ticks), (Labels{"1e\u22124", "1e\u22123", "0.01", "0.1", "1"}));
  EXPECT_NEAR(ticks[1].at, 300, 1e-9);
  EXPECT_EQ(labels(value_ticks(scale, 110)), (Labels{"1e\u22124", "0.01", "1"}));
  const std::vector<CurveTick> parts = value_ticks(scale, 30);
  EXPECT_EQ(parts[1].label, "2e\u22124");
  EXPECT_EQ(parts.size(), 13U);
}

TEST(ValueTicks, KeepTheirDistanceWithinADecade) {
  const AxisScale scale{.low = 3, .high = 8, .from = 0, .to = 400, .logarithmic = true};
  const std::vector<CurveTick> ticks = value_ticks(scale, 60);
  ASSERT_GE(ticks.size(), 3U);
  for (size_t i = 1; i < ticks.size(); ++i) EXPECT_GE(ticks[i].at - ticks[i - 1].at, 60);
}

TEST(XTicks, AreWholeSteps) {
  EXPECT_EQ(labels(x_ticks({.low = 0, .high = 3, .from = 0, .to = 300}, CurveXKind::kSteps, 30)),
            (Labels{"0", "1", "2", "3"}));
  EXPECT_EQ(
      labels(x_ticks({.low = 8000, .high = 1e4, .from = 0, .to = 200}, CurveXKind::kSteps, 90)),
      (Labels{"8,000", "9,000", "10,000"}));
}

TEST(XTicks, AreRoundTimes) {
  const auto of = [](double low, double high, double gap) {
    return labels(
        x_ticks({.low = low, .high = high, .from = 0, .to = 600}, CurveXKind::kSeconds, gap));
  };
  EXPECT_EQ(of(0, 3600, 140), (Labels{"0 s", "15 min", "30 min", "45 min", "1 h"}));
  EXPECT_EQ(of(7200, 7230, 190), (Labels{"2 h", "2 h 10 s", "2 h 20 s", "2 h 30 s"}));
  EXPECT_EQ(of(0, 10, 290), (Labels{"0 s", "5 s", "10 s"}));
  EXPECT_EQ(of(61, 62, 290), (Labels{"61.0 s", "61.5 s", "62.0 s"}));
  EXPECT_EQ(of(0, 96 * 3600.0, 290), (Labels{"0 s", "48 h", "96 h"}));
}

TEST(FormatSeconds, LeavesOutPartsOfNought) {
  EXPECT_EQ(format_seconds(0), "0 s");
  EXPECT_EQ(format_seconds(12.34), "12.3 s");
  EXPECT_EQ(format_seconds(42), "42 s");
  EXPECT_EQ(format_seconds(200), "3 min 20 s");
  EXPECT_EQ(format_seconds(7500), "2 h 5 min");
  EXPECT_EQ(format_seconds(3600), "1 h");
  EXPECT_EQ(format_seconds(-90), "\u22121 min 30 s");
}

TEST(FormatX, NamesStepsAndTimes) {
  EXPECT_EQ(format_x(12345, CurveXKind::kSteps), "step 12,345");
  EXPECT_EQ(format_x(12345, CurveXKind::kExamples), "12,345 examples");
  EXPECT_EQ(format_x(90, CurveXKind::kSeconds), "1 min 30 s");
  EXPECT_EQ(format_curve_value(kNan), "NaN");
  EXPECT_EQ(format_curve_value(6.784), "6.78");
}

TEST(ShownRange, FitsTheDataWithAMargin) {
  const std::vector<ShownCurve> curves = {shown({0, 100}, {0, 10}), shown({50}, {kNan})};
  const PlotRange range = shown_range({}, curves);
  EXPECT_DOUBLE_EQ(range.x_low, -1);
  EXPECT_DOUBLE_EQ(range.x_high, 101);
  EXPECT_DOUBLE_EQ(range.y_low, -0.5);
  EXPECT_DOUBLE_EQ(range.y_high, 10.5);
}

TEST(ShownRange, LeavesOutHiddenCurves) {
  std::vector<ShownCurve> curves = {shown({0, 100}, {0, 10}), shown({0, 900}, {0, 1000})};
  curves[1].hidden = true;
  EXPECT_DOUBLE_EQ(shown_range({}, curves).x_high, 101);
  EXPECT_DOUBLE_EQ(shown_range({}, curves).y_high, 10.5);
}

TEST(ShownRange, IsAProperRangeWhateverTheData) {
  const auto expect_proper = [](const std::vector<ShownCurve>& curves) {
    for (const bool log_y : {false, true}) {
      PlotView view;
      view.log_y = log_y;
      const PlotRange range = shown_range(view, curves);
      EXPECT_LT(range.x_low, range.x_high);
      EXPECT_LT(range.y_low, range.y_high);
      EXPECT_TRUE(std::isfinite(range.x_high - range.x_low));
      EXPECT_TRUE(std::isfinite(range.y_high - range.y_low));
      if (log_y) {
        EXPECT_GT(range.y_low, 0);
      }
    }
  };
  expect_proper({});
  expect_proper({ShownCurve{}});
  expect_proper({shown({}, {})});
  expect_proper({shown({5}, {2})});
  expect_proper({shown({5, 6}, {0, 0})});
  expect_proper({shown({5, 6}, {kNan, kInfinity})});
  expect_proper({shown({5, 6}, {-1, -2})});
  expect_proper({shown({5, 5}, {1.7e308, -1.7e308})});
  expect_proper({shown({5, 6}, {5e-324, 1e308})});
  const PlotRange one = shown_range({}, std::vector<ShownCurve>{shown({5}, {2})});
  EXPECT_DOUBLE_EQ(one.x_low, 4);
  EXPECT_DOUBLE_EQ(one.x_high, 6);
  EXPECT_DOUBLE_EQ(one.y_low, 1.8);
  EXPECT_DOUBLE_EQ(one.y_high, 2.2);
}

TEST(ShownRange, FitsYToTheShownX) {
  std::vector<double> x, y;
  for (int i = 0; i <= 100; ++i) {
    x.push_back(i);
    y.push_back(i / 10.0);
  }
  const std::vector<ShownCurve> curves = {shown(x, y)};
  PlotView view;
  view.x_low = 0;
  view.x_high = 10;
  EXPECT_DOUBLE_EQ(shown_range(view, curves).y_high, 1.05);
  EXPECT_DOUBLE_EQ(shown_range(view, curves).y_low, -0.05);
}

TEST(ShownRange, FitsPositiveValuesOfALogarithmicAxis) {
  PlotView view;
  view.log_y = true;
  view.y_high = -3;  // no use here
  const PlotRange range =
      shown_range(view, std::vector<ShownCurve>{shown({0, 1, 2}, {0.01, -7, 100})});
  EXPECT_NEAR(std::log10(range.y_low), -2 - 0.05 * 4, 1e-12);
  EXPECT_NEAR(std::log10(range.y_high), 2 + 0.05 * 4, 1e-12);
}

TEST(ZoomView, KeepsThePointUnderTheCursor) {
  for (const bool log_y : {false, true}) {
    PlotView view;
    view.log_y = log_y;
    const std::vector<ShownCurve> curves = {shown({0, 100}, {1, 1000})};
    const Box area{0, 0, 800, 400};
    const PlotRange before = shown_range(view, curves);
    const PlotScales old_scales = scales_of(before, area);
    const PlotView closer = zoom_view(view, before, {.x = 0.25, .y = 0.75, .steps = 2});
    const PlotRange after = shown_range(closer, curves);
    const PlotScales new_scales = scales_of(after, area);
    EXPECT_NEAR(new_scales.x.value_at(200), old_scales.x.value_at(200), 1e-9);
    EXPECT_NEAR(new_scales.y.value_at(100) / old_scales.y.value_at(100), 1, 1e-12);
    EXPECT_NEAR(after.x_high - after.x_low, 0.64 * (before.x_high - before.x_low), 1e-9);
    const PlotRange back =
        shown_range(zoom_view(closer, after, {.x = 0.25, .y = 0.75, .steps = -2}), curves);
    EXPECT_NEAR(back.x_low, before.x_low, 1e-9);
    EXPECT_NEAR(back.y_high / before.y_high, 1, 1e-12);
  }
}

TEST(ZoomView, OfOneAxisLeavesTheOtherFitted) {
  const std::vector<ShownCurve> curves = {shown({0, 100}, {1, 1000})};
  const PlotView view = zoom_view({}, shown_range({}, curves),
                                  {.x = 0.5, .y = 0.5, .steps = 1, .axes = ZoomAxes::kX});
  EXPECT_TRUE(view.x_low && view.x_high);
  EXPECT_FALSE(view.y_low || view.y_high);
}

TEST(ZoomView, EndsSomewhere) {
  const std::vector<ShownCurve> curves = {shown({0, 100}, {1, 1000})};
  for (const bool log_y : {false, true}) {
    for (const double steps : {1.0, -1.0}) {
      PlotView view;
      view.log_y = log_y;
      for (int i = 0; i < 5000; ++i)
        view = zoom_view(view, shown_range(view, curves), {.x = 0.3, .y = 0.4, .steps = steps});
      const PlotRange range = shown_range(view, curves);
      EXPECT_LT(range.x_low, range.x_high);
      EXPECT_LT(range.y_low, range.y_high);
      EXPECT_TRUE(std::isfinite(range.y_high - range.y_low));
      EXPECT_FALSE(value_ticks(scales_of(range, {0, 0, 500, 300}).y, 40).empty());
    }
  }
}

TEST(PanView, MovesTheContentAndStopsFollowing) {
  PlotView view;
  view.follow = true;
  const PlotRange range{0, 100, 0, 10, false};
  const PlotView moved = pan_view(view, range, 0.1, 0.5);
  EXPECT_DOUBLE_EQ(*moved.x_low, -10);
  EXPECT_DOUBLE_EQ(*moved.x_high, 90);
  EXPECT_FALSE(moved.follow);
  EXPECT_FALSE(moved.y_low.has_value());  // it was fitted and stays so

  view.y_low = 0;
  view.y_high = 10;
  const PlotView up = pan_view(view, range, 0, 0.5);
  EXPECT_DOUBLE_EQ(*up.y_low, -5);
  EXPECT_DOUBLE_EQ(*up.y_high, 5);
  EXPECT_TRUE(up.follow);
}

TEST(FollowNewest, KeepsTheRightEdgeAtTheNewestAndTheWidth) {
  PlotView view;
  view.follow = true;
  EXPECT_EQ(follow_newest(view, 100), view);  // all is shown
  view.x_low = 20;
  view.x_high = 50;
  EXPECT_DOUBLE_EQ(*follow_newest(view, 100).x_low, 70);
  EXPECT_DOUBLE_EQ(*follow_newest(view, 100).x_high, 100);

  const std::vector<ShownCurve> curves = {shown({0, 100}, {1, 10})};
  const PlotRange range = shown_range(view, curves);
  EXPECT_DOUBLE_EQ(range.x_low, 70);
  EXPECT_DOUBLE_EQ(range.x_high, 100);
  const PlotView closer = zoom_view(view, range, {.x = 0.2, .y = 0.5, .steps = 1});
  EXPECT_DOUBLE_EQ(*closer.x_high, 100);
  EXPECT_DOUBLE_EQ(*closer.x_low, 100 - 0.8 * 30);
  view.follow = false;
  EXPECT_DOUBLE_EQ(shown_range(view, curves).x_high, 50);
}

TEST(FitView, ForgetsBoundsAlone) {
  PlotView view{.x_low = 1, .x_high = 2, .y_low = 3, .y_high = 4, .log_y = true, .follow = true};
  EXPECT_EQ(fit_view(view), (PlotView{.log_y = true, .follow = true}));
  EXPECT_FALSE(with_log(view, false).y_low.has_value());
  EXPECT_EQ(with_log(view, false).x_low, view.x_low);
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

TEST(CurvesCsv, HoldsEveryPoint) {
  const std::vector<std::shared_ptr<const CurveSeries>> all = {
      series({0, 1}, {0.1, kNan}, "loss"), series({0.5, 2}, {-kInfinity, 1e-300}, "a, \"b\"")};
  EXPECT_EQ(curves_csv(all),
            "x,name,value\n"
            "0,loss,0.1\n"
            "1,loss,nan\n"
            "0.5,\"a, \"\"b\"\"\",-inf\n"
            "2,\"a, \"\"b\"\"\",1e-300\n");

  std::vector<double> many(200000);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i);
  const std::string csv = curves_csv(std::vector{series(many, many)});
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 200001);
  EXPECT_TRUE(csv.ends_with("199999,loss,199999\n"));
}

TEST(CurvesCsv, TakesHiddenCurvesToo) {
  std::vector<ShownCurve> curves = {shown({0}, {1}), ShownCurve{}, shown({0}, {2}, 0, "rate")};
  curves[2].hidden = true;
  EXPECT_EQ(curves_csv(series_of(curves)), "x,name,value\n0,loss,1\n0,rate,2\n");
}

// Every tag is closed by its own, and text holds no bare sign of XML.
void expect_well_formed(std::string_view xml) {
  std::vector<std::string> open;
  for (size_t at = 0; at < xml.size();) {
    if (xml[at] != '<') {
      ASSERT_NE(xml[at], '>') << xml.substr(at, 40);
      if (xml[at] == '&') {
        ASSERT_NE(xml.substr(at, 6).find(';'), std::string_view::npos);
      }
      ++at;
      continue;
    }
    const size_t end = xml.find('>', at);
    ASSERT_NE(end, std::string_view::npos);
    const std::string_view tag = xml.substr(at + 1, end - at - 1);
    ASSERT_EQ(std::count(tag.begin(), tag.end(), '"') % 2, 0) << tag;
    if (tag.starts_with('/')) {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), tag.substr(1));
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    }
    at = end + 1;
  }
  EXPECT_TRUE(open.empty());
}

TEST(CurvesSvg, ShowsWhatThePlotShows) {
  std::vector<ShownCurve> curves = {shown({0, 1, 2, 3}, {1, 2, kNan, 4}, 0.5, "a <b> & \"c\""),
                                    shown({0, 1}, {3, 3}, 0, "other"),
                                    shown({0, 1}, {3, 900}, 0, "secret")};
  curves[2].hidden = true;
  const std::string svg = curves_svg({.title = "Loss & more", .curves = curves});
  expect_well_formed(svg);
  EXPECT_TRUE(svg.starts_with("<svg xmlns="));
  EXPECT_NE(svg.find("Loss &amp; more"), std::string::npos);
  EXPECT_NE(svg.find("a &lt;b&gt; &amp; &quot;c&quot;"), std::string::npos);
  EXPECT_NE(svg.find(">other</text>"), std::string::npos);
  EXPECT_EQ(svg.find("secret"), std::string::npos);
  EXPECT_NE(svg.find("stroke=\"#B8BDC2\""), std::string::npos);  // the raw line
  EXPECT_NE(svg.find(">step</text>"), std::string::npos);
  EXPECT_NE(svg.find(">4.0</text>"), std::string::npos);  // a tick
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(CurvesSvg, IsWellFormedWithoutCurves) {
  const std::string svg = curves_svg({.title = "Nothing", .theme = ThemeKind::kDark});
  expect_well_formed(svg);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace realm::view
