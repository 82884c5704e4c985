// The axes of a curve plot: from values to pixels and back, and ticks at round values.
//
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

namespace realm::view {

enum class CurveXKind { kSteps, kExamples, kSeconds };

// The values [low, high] over the pixels from `from` to `to`, which may be the smaller one.
struct AxisScale {
  double low = 0, high = 1;
  double from = 0, to = 1;
  bool logarithmic = false;  // low and high are above 0

  // Values far outside are held at 10^9 pixels. On a logarithmic axis the value must be above 0.
  double at(double value) const;
  double value_at(double pixel) const;
  double length() const { return to > from ? to - from : from - to; }
  friend bool operator==(const AxisScale&, const AxisScale&) = default;
};

struct CurveTick {
  double value = 0;
  double at = 0;  // pixels
  std::string label{};
};

// Ticks at 1, 2 or 5 times a power of ten, or on a logarithmic axis at decades (with 2 and 5 where
// there is room); in the order of their values and at least `min_gap` pixels apart.
std::vector<CurveTick> value_ticks(const AxisScale& scale, double min_gap);

// Ticks at whole steps or examples, or at round numbers of seconds, minutes and hours.
std::vector<CurveTick> x_ticks(const AxisScale& scale, CurveXKind kind, double min_gap);

// "0.500 s", "42 s", "3 min 20 s", "2 h 5 min".
std::string format_seconds(double seconds);
// "step 1,234", "1,234 examples" or a time.
std::string format_x(double x, CurveXKind kind);
// As numbers are written everywhere, and "NaN" where it is none.
std::string format_curve_value(double value);

}  // namespace realm::view
