// Which part of its curves a plot shows, and how wheel, drag and new numbers change that.
//
// Pure functions over values; thread-safe.
#pragma once

#include <optional>
#include <span>

#include "app/view/curve_series.h"

namespace realm::view {

// What the user has chosen; bounds without a value are fitted to the data, again and again as it
// grows.
struct PlotView {
  std::optional<double> x_low{}, x_high{}, y_low{}, y_high{};
  bool log_y = false;
  bool follow = false;  // the right edge stays at the newest x
  friend bool operator==(const PlotView&, const PlotView&) = default;
};

// What is shown: low < high, and above 0 where log_y is set.
struct PlotRange {
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  bool log_y = false;
};

// The bounds fitted to the drawn curves with a small margin; y to what of them lies between the
// bounds of x.
PlotRange shown_range(const PlotView& view, std::span<const ShownCurve> curves);

// The greatest x of the drawn curves.
std::optional<double> newest_x(std::span<const ShownCurve> curves);

// All of the data; whether y is logarithmic and whether new numbers are followed stays.
PlotView fit_view(const PlotView& view);

enum class ZoomAxes { kBoth, kX, kY };

struct PlotZoom {
  // Where the cursor is, as parts of the plot in [0, 1] from its low ends. That point stays, but
  // the right edge does where new numbers are followed.
  double x = 0, y = 0;
  double steps = 0;  // of the wheel; above 0: closer
  ZoomAxes axes = ZoomAxes::kBoth;
};

PlotView zoom_view(const PlotView& view, const PlotRange& shown, const PlotZoom& zoom);

// The content moves by parts of the plot's width to the right and of its height upwards. A fitted y
// stays fitted. Dragged to the side, a plot no longer follows.
PlotView pan_view(const PlotView& view, const PlotRange& shown, double right, double up);

// With follow set and a chosen range of x: that range, as wide as before, up to `newest`.
PlotView follow_newest(const PlotView& view, double newest);

// The other kind of y axis, fitted.
PlotView with_log(const PlotView& view, bool log_y);

}  // namespace realm::view
