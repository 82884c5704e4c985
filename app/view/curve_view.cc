#include "app/view/curve_view.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/view/curve_geometry.h"

namespace realm::view {
namespace {

constexpr double kMarginX = 0.01, kMarginY = 0.05;  // parts of the data's own range
constexpr double kLargest = 1e300;                  // so that high - low is finite
constexpr double kLargestLog10 = 300;
constexpr double kZoomStep = 0.8;
constexpr double kClosest = 1e-7;  // of the larger bound: axes in doubles stay exact

struct Bounds {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  bool has_any() const { return low <= high; }
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

// A range around the data; `half` is what one single value gets on each side.
Bounds with_margin(const Bounds& data, double margin, double half) {
  const double low = std::clamp(data.low, -kLargest, kLargest);
  const double high = std::clamp(data.high, -kLargest, kLargest);
  const double largest = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-12 * largest || high == low) return {low - half, high + half};
  const double room = margin * (high - low);
  return {low - room, high + room};
}

Bounds fit_x(std::span<const ShownCurve> curves) {
  Bounds data;
  for (const ShownCurve& shown : curves) {
    if (!is_drawn(shown)) continue;
    data.add(shown.curve->series->x.front());
    data.add(shown.curve->series->x.back());
  }
  if (!data.has_any()) return {0, 1};
  return with_margin(data, kMarginX, std::max(1.0, 1e-6 * std::abs(data.low)));
}

Bounds values_between(std::span<const ShownCurve> curves, double x_low, double x_high, bool log) {
  Bounds data;
  const auto add = [&](const CurvePyramid& values, const SampleRange& range) {
    const CurveExtent extent = values.extent(range.begin, range.end, log);
    if (extent.count == 0) return;
    data.add(extent.low);
    data.add(extent.high);
  };
  for (const ShownCurve& shown : curves) {
    if (!is_drawn(shown)) continue;
    const SampleRange range = samples_between(shown.curve->series->x, x_low, x_high);
    add(shown.curve->raw, range);
    if (shown.curve->smoothed) add(*shown.curve->smoothed, range);
  }
  return data;
}

Bounds fit_y(std::span<const ShownCurve> curves, double x_low, double x_high, bool log) {
  Bounds data = values_between(curves, x_low, x_high, log);
  if (!data.has_any()) {  // a stretch between two samples
    data = values_between(curves, -std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::infinity(), log);
  }
  if (!log) {
    if (!data.has_any()) return {0, 1};
    return with_margin(data, kMarginY, data.low == 0 ? 1 : 0.1 * std::abs(data.low));
  }
  if (!data.has_any()) return {0.1, 10};
  const auto log_of = [](double value) {
    return std::clamp(std::log10(value), 1 - kLargestLog10, kLargestLog10 - 1);
  };
  const Bounds logs{log_of(data.low), log_of(data.high)};
  const Bounds room = logs.high - logs.low < 1e-9 ? Bounds{logs.low - 0.3, logs.high + 0.3}
                                                  : with_margin(logs, kMarginY, 0.3);
  return {std::pow(10.0, std::max(room.low, -kLargestLog10)),
          std::pow(10.0, std::min(room.high, kLargestLog10))};
}

// A range after a zoom; nullopt: that close or far one cannot go. `at` in [0, 1] stays.
std::optional<Bounds> scaled(const Bounds& range, double at, double factor, double farthest) {
  const double fixed = range.low + at * (range.high - range.low);
  const Bounds out{fixed - (fixed - range.low) * factor, fixed + (range.high - fixed) * factor};
  const double largest = std::max(std::abs(out.low), std::abs(out.high));
  if (!(out.high - out.low > kClosest * largest) && factor < 1) return std::nullopt;
  if (!(out.high > out.low) || largest > farthest) return std::nullopt;
  return out;
}

Bounds y_on_axis(const PlotRange& shown) {
  if (!shown.log_y) return {shown.y_low, shown.y_high};
  return {std::log10(shown.y_low), std::log10(shown.y_high)};
}

void choose_y(PlotView& view, const Bounds& on_axis) {
  view.y_low = view.log_y ? std::pow(10.0, on_axis.low) : on_axis.low;
  view.y_high = view.log_y ? std::pow(10.0, on_axis.high) : on_axis.high;
}

}  // namespace

PlotRange shown_range(const PlotView& chosen, std::span<const ShownCurve> curves) {
  PlotView view = chosen;
  if (const auto newest = newest_x(curves)) view = follow_newest(chosen, *newest);
  PlotRange range{.log_y = view.log_y};
  const Bounds x = fit_x(curves);
  range.x_low = view.x_low.value_or(x.low);
  range.x_high = view.x_high.value_or(x.high);
  if (!(range.x_high > range.x_low))
    range.x_high = range.x_low + std::max(1.0, 1e-6 * std::abs(range.x_low));

  const auto usable = [&](std::optional<double> bound) {
    return bound && (!view.log_y || *bound > 0);
  };
  const Bounds y = fit_y(curves, range.x_low, range.x_high, view.log_y);
  range.y_low = usable(view.y_low) ? *view.y_low : y.low;
  range.y_high = usable(view.y_high) ? *view.y_high : y.high;
  if (!(range.y_high > range.y_low)) {
    range.y_high = view.log_y ? range.y_low * 10
                              : range.y_low + (range.y_low == 0 ? 1 : 0.1 * std::abs(range.y_low));
  }
  return range;
}

std::optional<double> newest_x(std::span<const ShownCurve> curves) {
  std::optional<double> newest;
  for (const ShownCurve& shown : curves) {
    if (!is_drawn(shown)) continue;
    const double last = shown.curve->series->x.back();
    newest = newest ? std::max(*newest, last) : last;
  }
  return newest;
}

PlotView fit_view(const PlotView& view) { return {.log_y = view.log_y, .follow = view.follow}; }

PlotView zoom_view(const PlotView& view, const PlotRange& shown, const PlotZoom& zoom) {
  PlotView out = view;
  const double factor = std::pow(kZoomStep, zoom.steps);
  if (zoom.axes != ZoomAxes::kY) {
    const double at = view.follow ? 1 : zoom.x;
    const auto x = scaled({shown.x_low, shown.x_high}, at, factor, kLargest);
    if (!x) return view;
    out.x_low = x->low;
    out.x_high = x->high;
  }
  if (zoom.axes != ZoomAxes::kX) {
    const auto y = scaled(y_on_axis(shown), zoom.y, factor, shown.log_y ? kLargestLog10 : kLargest);
    if (!y) return view;
    choose_y(out, *y);
  }
  return out;
}

PlotView pan_view(const PlotView& view, const PlotRange& shown, double right, double up) {
  PlotView out = view;
  if (right != 0) {
    const double by = right * (shown.x_high - shown.x_low);
    out.x_low = shown.x_low - by;
    out.x_high = shown.x_high - by;
    out.follow = false;
  }
  if (up != 0 && (view.y_low || view.y_high)) {
    const Bounds y = y_on_axis(shown);
    const double by = up * (y.high - y.low);
    const Bounds moved{y.low - by, y.high - by};
    const double farthest = shown.log_y ? kLargestLog10 : kLargest;
    if (std::max(std::abs(moved.low), std::abs(moved.high)) <= farthest) choose_y(out, moved);
  }
  return out;
}

PlotView follow_newest(const PlotView& view, double newest) {
  if (!view.follow || !view.x_low || !view.x_high) return view;
  PlotView out = view;
  out.x_low = newest - (*view.x_high - *view.x_low);
  out.x_high = newest;
  return out;
}

PlotView with_log(const PlotView& view, bool log_y) {
  PlotView out = view;
  out.log_y = log_y;
  out.y_low.reset();
  out.y_high.reset();
  return out;
}

}  // namespace realm::view
