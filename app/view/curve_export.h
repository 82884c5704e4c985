// Curves as text: every number as CSV, and what a plot shows as SVG.
//
// Pure functions; thread-safe. A million points of CSV take about half a second: not for the GUI
// thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/view/curve_axis.h"
#include "app/view/curve_series.h"
#include "app/view/curve_view.h"

namespace realm::view {

// "x,name,value", then every sample of every series in its order, exactly; NaN and infinite ones as
// nan, inf and -inf. Names are quoted where they need it (RFC 4180), lines end with a newline.
std::string curves_csv(std::span<const std::shared_ptr<const CurveSeries>> series);

// All of a plot's series, hidden ones too.
std::vector<std::shared_ptr<const CurveSeries>> series_of(std::span<const ShownCurve> curves);

struct CurvePicture {
  std::string title{};
  std::span<const ShownCurve> curves{};
  PlotView view{};
  CurveXKind x_kind = CurveXKind::kSteps;
  ThemeKind theme = ThemeKind::kLight;
  double width = 800, height = 440;  // pixels
};

// What is shown: axes, ticks, labels, lines and a legend of the curves that are not hidden.
std::string curves_svg(const CurvePicture& picture);

}  // namespace realm::view
