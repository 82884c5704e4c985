#include "app/view/curve_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "app/view/number_format.h"

namespace realm::view {
namespace {

constexpr double kFarthest = 1e9;       // pixels
constexpr double kExactInteger = 1e15;  // doubles are whole and exact up to here
constexpr int kMostTicks = 200;

// m · 10^exponent with m one of 1, 2, 5.
struct NiceStep {
  int mantissa = 1, exponent = 0;

  double value() const { return multiple(1); }
  // Whole powers of ten are exact, so that 3 · 0.1 is 0.3.
  double multiple(double k) const {
    const double power = std::pow(10.0, std::abs(exponent));
    return exponent < 0 ? k * mantissa / power : k * mantissa * power;
  }
};

// The smallest nice step of at least `least`, which is above 0.
NiceStep nice_step(double least) {
  NiceStep step{.mantissa = 1, .exponent = static_cast<int>(std::floor(std::log10(least)))};
  for (const int mantissa : {1, 2, 5, 10}) {
    step.mantissa = mantissa;
    if (step.value() >= least * (1 - 1e-9)) break;
  }
  if (step.mantissa == 10) step = {.mantissa = 1, .exponent = step.exponent + 1};
  return step;
}

std::string with_true_minus(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, "\u2212");
  return text;
}

// A tick's value with as many decimals as the step has, so that all are told apart and line up.
std::string tick_label(double value, double largest, const NiceStep& step) {
  if (value == 0) value = 0;  // no minus
  if (largest >= kExactInteger || largest < 0.001) return format_exact(value);
  if (step.exponent >= 0) return format_count(static_cast<int64_t>(std::llround(value)));
  return with_true_minus(fmt::format("{:.{}f}", value, -step.exponent));
}

std::vector<CurveTick> linear_ticks(const AxisScale& scale, const NiceStep& step) {
  std::vector<CurveTick> ticks;
  const double size = step.value();
  const double begin = std::ceil(scale.low / size - 1e-6), end = scale.high / size + 1e-6;
  const double largest = std::max(std::abs(scale.low), std::abs(scale.high));
  for (int i = 0; i < kMostTicks && begin + i <= end; ++i) {
    const double value = step.multiple(begin + i);
    ticks.push_back(
        {.value = value, .at = scale.at(value), .label = tick_label(value, largest, step)});
  }
  return ticks;
}

double span_of(const AxisScale& scale) { return scale.high - scale.low; }

// The value difference that takes up so many pixels.
double least_step(const AxisScale& scale, double min_gap) {
  return span_of(scale) * std::max(1.0, min_gap) / std::max(1.0, scale.length());
}

// Whole seconds in hours, minutes and seconds, of which those that are 0 are left out.
std::string time_in_parts(int64_t whole, bool with_seconds) {
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60, seconds = whole % 60;
  std::string text;
  if (hours > 0) text += format_count(hours) + " h ";
  if (minutes > 0) text += fmt::format("{} min ", minutes);
  if (seconds > 0 && with_seconds) text += fmt::format("{} s ", seconds);
  if (!text.empty()) text.pop_back();
  return text;
}

// A tick of time tells as much as the distance between ticks asks for.
std::string time_label(double seconds, double step) {
  if (seconds < 0) return "\u2212" + time_label(-seconds, step);
  if (step >= 1 && step < 60 && seconds >= 60 && seconds < kExactInteger)
    return time_in_parts(std::llround(seconds), true);
  return format_seconds(seconds);
}

std::string decade_label(int exponent, int mantissa) {
  if (exponent < -2 || exponent > 3)
    return fmt::format("{}e{}{}", mantissa, exponent < 0 ? "\u2212" : "", std::abs(exponent));
  if (exponent >= 0)
    return format_count(mantissa * static_cast<int64_t>(std::llround(std::pow(10.0, exponent))));
  return fmt::format("{:.{}f}", mantissa * std::pow(10.0, exponent), -exponent);
}

std::vector<CurveTick> logarithmic_ticks(const AxisScale& scale, double min_gap) {
  const double low = std::log10(scale.low), high = std::log10(scale.high);
  const double pixels_a_decade = scale.length() / std::max(1e-9, high - low);
  const bool with_parts = pixels_a_decade * std::log10(2.0) >= min_gap;  // 1, 2, 5, 10, ...
  int decades = 1;
  for (const int candidate : {1, 2, 5, 10, 20, 50, 100, 200, 500}) {
    decades = candidate;
    if (candidate * pixels_a_decade >= min_gap) break;
  }
  std::vector<CurveTick> ticks;
  const auto add = [&](int exponent, int mantissa) {
    const double log10 = exponent + std::log10(mantissa);
    if (log10 < low - 1e-9 || log10 > high + 1e-9) return;
    const double value = mantissa * std::pow(10.0, exponent);
    ticks.push_back(
        {.value = value, .at = scale.at(value), .label = decade_label(exponent, mantissa)});
  };
  const int begin = static_cast<int>(std::floor(low / decades)) * decades;
  for (int exponent = begin; exponent <= high + 1e-9; exponent += decades) {
    add(exponent, 1);
    if (!with_parts) continue;
    add(exponent, 2);
    add(exponent, 5);
  }
  if (ticks.size() >= 2) return ticks;
  // Less than a decade is shown: round values as on a linear axis, where they are not too close.
  std::vector<CurveTick> close;
  for (CurveTick& tick : linear_ticks(scale, nice_step(least_step(scale, min_gap / 2)))) {
    if (close.empty() || std::abs(tick.at - close.back().at) >= min_gap)
      close.push_back(std::move(tick));
  }
  return close.size() > ticks.size() ? close : ticks;
}

}  // namespace

double AxisScale::at(double value) const {
  const double part =
      logarithmic ? (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low))
                  : (value - low) / (high - low);
  return std::clamp(from + part * (to - from), -kFarthest, kFarthest);
}

double AxisScale::value_at(double pixel) const {
  const double part = to == from ? 0 : (pixel - from) / (to - from);
  if (!logarithmic) return low + part * (high - low);
  const double log10_low = std::log10(low);
  return std::pow(10.0, log10_low + part * (std::log10(high) - log10_low));
}

std::vector<CurveTick> value_ticks(const AxisScale& scale, double min_gap) {
  if (scale.logarithmic) return logarithmic_ticks(scale, min_gap);
  return linear_ticks(scale, nice_step(least_step(scale, min_gap)));
}

std::vector<CurveTick> x_ticks(const AxisScale& scale, CurveXKind kind, double min_gap) {
  const double least = least_step(scale, min_gap);
  if (kind != CurveXKind::kSeconds) return linear_ticks(scale, nice_step(std::max(1.0, least)));

  constexpr double kMinute = 60, kHour = 3600;
  constexpr std::array kSteps = {1.0,          2.0,          5.0,         10.0,        15.0,
                                 30.0,         kMinute,      2 * kMinute, 5 * kMinute, 10 * kMinute,
                                 15 * kMinute, 30 * kMinute, kHour,       2 * kHour,   3 * kHour,
                                 6 * kHour,    12 * kHour,   24 * kHour};
  if (least <= 0.5) {
    std::vector<CurveTick> ticks = linear_ticks(scale, nice_step(least));
    for (CurveTick& tick : ticks) tick.label += " s";
    return ticks;
  }
  double step = 0;
  if (least > kSteps.back()) {
    step = kSteps.back() * nice_step(least / kSteps.back()).value();
  } else {
    step = *std::lower_bound(kSteps.begin(), kSteps.end(), least * (1 - 1e-9));
  }
  std::vector<CurveTick> ticks;
  const double begin = std::ceil(scale.low / step - 1e-6), end = scale.high / step + 1e-6;
  for (int i = 0; i < kMostTicks && begin + i <= end; ++i) {
    const double value = (begin + i) * step;
    ticks.push_back({.value = value, .at = scale.at(value), .label = time_label(value, step)});
  }
  return ticks;
}

std::string format_seconds(double seconds) {
  if (!std::isfinite(seconds)) return format_number(seconds);
  if (seconds < 0) return "\u2212" + format_seconds(-seconds);
  if (seconds == 0) return "0 s";
  if (seconds < 59.95 && seconds != std::floor(seconds)) return format_number(seconds) + " s";
  if (seconds >= kExactInteger) return format_exact(seconds) + " s";
  // Beside hours, seconds are more than can be read.
  return time_in_parts(std::llround(seconds), seconds < 3600);
}

std::string format_x(double x, CurveXKind kind) {
  if (kind == CurveXKind::kSeconds) return format_seconds(x);
  if (kind == CurveXKind::kExamples)
    return format_counted(static_cast<int64_t>(std::llround(x)), "example");
  if (std::abs(x) >= kExactInteger || std::abs(x - std::round(x)) > 1e-6)
    return "step " + format_exact(x);
  return "step " + format_count(std::llround(x));
}

std::string format_curve_value(double value) {
  return std::isnan(value) ? "NaN" : format_number(value);
}

}  // namespace realm::view
