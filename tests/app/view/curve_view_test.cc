#include "app/view/curve_view.h"

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

}  // namespace
}  // namespace realm::view
