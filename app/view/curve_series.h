// The numbers behind a curve: the series as it was recorded, its smoothed values, and blocks of
// smallest and largest values that let a million points be drawn at the cost of the pixels.
//
// Values and pure functions; thread-safe, never blocking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/theme.h"

namespace realm::view {

struct CurveSeries {
  std::string name{};
  // Of one length. x is finite and ascending and may repeat; y may be NaN or infinite.
  std::vector<double> x{}, y{};
};

// Exponential moving average over the samples, `weight` in [0, 1) being that of what came before.
// Corrected for the beginning, so that the first value is the first sample and a constant stays
// exactly constant. A sample that is NaN or infinite stays as it is and has no part in the others.
std::vector<double> smooth_values(std::span<const double> values, double weight);

// What a range of samples holds. Samples that are not finite do not count, nor do those at or below
// 0 where only positive ones are asked for.
struct CurveExtent {
  uint32_t count = 0;
  // Indices and values, without meaning where count is 0.
  uint32_t first = 0, last = 0, low_at = 0, high_at = 0;
  double low = 0, high = 0;
};

// Values with their extents in blocks of 16, 256, 4096, ... samples.
class CurvePyramid {
 public:
  static constexpr size_t kBlock = 16;

  CurvePyramid() = default;
  explicit CurvePyramid(std::shared_ptr<const std::vector<double>> values);

  std::span<const double> values() const;
  // Of the samples [begin, end), in a time that grows with the logarithm of their number.
  CurveExtent extent(size_t begin, size_t end, bool positive_only) const;

 private:
  using Levels = std::vector<std::vector<CurveExtent>>;  // [k]: blocks of 16^(k+1) samples

  std::shared_ptr<const std::vector<double>> values_;
  Levels finite_, positive_;  // positive_ is empty where every finite value is positive
};

// A series made ready for drawing.
struct PreparedCurve {
  std::shared_ptr<const CurveSeries> series{};
  double smoothing = 0;
  CurvePyramid raw{};
  std::optional<CurvePyramid> smoothed{};  // nullopt: smoothing is 0
  std::vector<double> non_finite_x{};      // x of the samples that are NaN or infinite, ascending

  // The line that stands for the series: the smoothed one where there is one.
  const CurvePyramid& line() const { return smoothed ? *smoothed : raw; }
};

// Takes about 15 ms for a million points: to be kept for as long as the series is the same.
std::shared_ptr<const PreparedCurve> prepare_curve(std::shared_ptr<const CurveSeries> series,
                                                   double smoothing);

// One curve of a plot. A null curve is a name's place without numbers.
struct ShownCurve {
  std::shared_ptr<const PreparedCurve> curve{};
  Color color{};
  bool hidden = false;
};

bool is_drawn(const ShownCurve& shown);  // not hidden, and it has samples
std::string_view name_of(const ShownCurve& shown);

// Colours for series that have no fixed colour of their own: eight, told apart by colour-blind eyes
// and with 3:1 or better on a pane, then again from the first.
Color series_color(ThemeKind theme, size_t index);

}  // namespace realm::view
