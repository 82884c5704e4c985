// From curves to pixels: lines of at most four points a pixel column, marks of what is no number,
// and what a crosshair reads.
//
// Pure functions; thread-safe. Drawing a million samples costs what drawing the columns costs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "app/view/curve_axis.h"
#include "app/view/curve_series.h"
#include "app/view/curve_view.h"
#include "app/view/text_layout.h"

namespace realm::view {

struct PlotScales {
  AxisScale x, y;
  friend bool operator==(const PlotScales&, const PlotScales&) = default;
};
PlotScales scales_of(const PlotRange& range, const Box& area);

struct SampleRange {
  size_t begin = 0, end = 0;
};
// Of ascending xs, the samples within [low, high]; found by halving.
SampleRange samples_between(std::span<const double> xs, double low, double high);

struct CurvePoint {
  float x = 0, y = 0;
};

// Parts of a line with gaps between them; a part of one point is to be drawn as a dot.
struct CurveLine {
  std::vector<CurvePoint> points{};
  std::vector<size_t> begins{};  // of each part

  size_t parts() const { return begins.size(); }
  std::span<const CurvePoint> part(size_t index) const;
};

// The line through the samples, cut off so many pixels outside of the plot. Of the samples in one
// pixel column the first, the smallest, the largest and the last are kept in their order, so that
// no spike is lost; of hundreds in a column the smallest and the largest alone. There is a gap
// where samples are not finite, or on a logarithmic axis not above 0; one that is narrower than a
// column among five samples or more is not seen.
CurveLine curve_line(std::span<const double> xs, const CurvePyramid& ys, const PlotScales& scales,
                     double outside = 8);

// Where a curve's own mark stands: at the last sample within the shown x; none where that one is
// above or below the plot.
std::optional<CurvePoint> end_of_line(const ShownCurve& shown, const PlotScales& scales);

// How many finite samples of the drawn curves within the shown x a logarithmic axis leaves out.
size_t left_out_count(std::span<const ShownCurve> curves, const PlotRange& range);

// Pixels of marks at the xs (ascending) that are shown; one is left out where it would stand closer
// than `min_gap` to the one before.
std::vector<float> mark_places(std::span<const double> xs, const AxisScale& scale, double min_gap);

// Of samples as near, the one before; of samples with the same x, the last.
std::optional<size_t> nearest_sample(std::span<const double> xs, double x);

struct CurveReading {
  size_t curve = 0, index = 0;  // index: of the sample
  double x = 0, y = 0, smoothed = 0;
};
// The nearest sample of each drawn curve.
std::vector<CurveReading> read_curves(std::span<const ShownCurve> curves, double x);

// The convex outline of the mark that tells a curve apart where colours do not: eight shapes, then
// again from the first.
std::vector<CurvePoint> series_shape(size_t index, CurvePoint center, float radius);

}  // namespace realm::view
