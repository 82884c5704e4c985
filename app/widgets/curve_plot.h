// A plot of curves: a faint raw line under each smoothed one, a legend that hides and shows, a
// crosshair that reads all of them, and marks where a sample is no number. Geometry comes from
// app/view/curve_geometry.h; what the plot shows is the caller's to keep.
//
// Wheel: closer or farther (Shift: x alone, Ctrl: y alone); drag: moves; double click or Home: all
// of the data; Ctrl+C: copy; right click: a menu.
//
// GUI thread only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "app/view/curve_axis.h"
#include "app/view/curve_export.h"
#include "app/view/curve_series.h"
#include "app/view/curve_view.h"
#include "app/widgets/curve_lines.h"
#include "app/widgets/ui.h"

namespace realm::widgets {

struct CurvePlotInput {
  std::string_view title{};
  std::span<const view::ShownCurve> curves{};
  view::PlotView view{};
  view::CurveXKind x_kind = view::CurveXKind::kSteps;
  // The x that the mouse points at in another plot of the same x: a line is drawn here, too.
  std::optional<double> linked_x{};
  std::string_view empty_text = "No numbers yet";
  CurveLines* lines = nullptr;  // that are kept from frame to frame; nullptr: they are made anew
};

struct CurvePlotResult {
  std::optional<view::PlotView> view{};  // what shall be shown from now on
  std::optional<size_t> toggled{};       // the curve to be hidden or shown
  std::optional<double> pointed_x{};     // under the crosshair
  bool wants_copy = false;               // view::curves_csv
  bool wants_svg = false;                // view::curves_svg
  std::optional<view::CurveFile> saves_as{};
};

// `name` is our own identifier. Widgets for tests: name (the area of the curves), and
// name.legend.0, name.legend.1, ... and in the menu name.copy, name.svg, name.save_png,
// name.save_svg, name.save_csv, name.log, name.follow, name.fit.
CurvePlotResult curve_plot(Ui& ui, const char* name, const view::Box& box,
                           const CurvePlotInput& input);

}  // namespace realm::widgets
