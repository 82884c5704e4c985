// Curves as text: every number as CSV, and what a plot shows as SVG. What a plot shows as a picture
// of pixels is drawn by app/platform/chart_picture.h.
//
// Pure functions; thread-safe. A million points of CSV take about half a second: not for the GUI
// thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  std::string subject{};  // whose curves they are, a run's name; stands above the title
  std::vector<ShownCurve> curves{};
  PlotView view{};
  CurveXKind x_kind = CurveXKind::kSteps;
  ThemeKind theme = ThemeKind::kLight;
  double width = 800, height = 440;  // pixels
};

// Two kinds of line are shown, so that a legend has to tell them apart: what was recorded, pale,
// and the smoothed line over it. nullopt: one kind alone. The colour is that of the curve that the
// legend takes as its example.
std::optional<Color> smoothing_example(const CurvePicture& picture);
constexpr std::string_view kRawLine = "as recorded", kSmoothedLine = "smoothed";
// The paler one of the two.
Color raw_line_color(Color line, const Theme& theme);

// What stands under the horizontal axis of a picture.
std::string_view x_name(CurveXKind kind);

// What is shown: axes, ticks, labels, lines and a legend of the curves that are not hidden.
std::string curves_svg(const CurvePicture& picture);

// The kinds of file that curves are saved as, told by the end of its name; nullopt: by none.
enum class CurveFile { kPng, kSvg, kCsv };
std::optional<CurveFile> curve_file(const std::filesystem::path& file);
// "20261122-pretrain loss" as "20261122-pretrain-loss.png".
std::string file_name_of(std::string_view title, CurveFile kind);

// What a file of that name holds: the CSV of all curves, or the SVG; for a PNG nothing.
std::string curves_text(const CurvePicture& picture, const std::filesystem::path& file);

}  // namespace realm::view
