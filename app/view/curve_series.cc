#include "app/view/curve_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/base/check.h"

namespace realm::view {
namespace {

constexpr size_t kFanBits = 4;
constexpr size_t kFan = CurvePyramid::kBlock;  // blocks of one level in a block of the next
static_assert(kFan == size_t{1} << kFanBits);

bool counts(double value, bool positive_only) {
  return std::isfinite(value) && (!positive_only || value > 0);
}

void add_sample(CurveExtent& extent, size_t index, double value) {
  const auto at = static_cast<uint32_t>(index);
  if (extent.count == 0) {
    extent = {.count = 1,
              .first = at,
              .last = at,
              .low_at = at,
              .high_at = at,
              .low = value,
              .high = value};
    return;
  }
  ++extent.count;
  extent.last = at;
  if (value < extent.low) {
    extent.low = value;
    extent.low_at = at;
  }
  if (value > extent.high) {
    extent.high = value;
    extent.high_at = at;
  }
}

// `next` lies behind `extent`.
void add_extent(CurveExtent& extent, const CurveExtent& next) {
  if (next.count == 0) return;
  if (extent.count == 0) {
    extent = next;
    return;
  }
  extent.count += next.count;
  extent.last = next.last;
  if (next.low < extent.low) {
    extent.low = next.low;
    extent.low_at = next.low_at;
  }
  if (next.high > extent.high) {
    extent.high = next.high;
    extent.high_at = next.high_at;
  }
}

std::vector<std::vector<CurveExtent>> build_levels(std::span<const double> values,
                                                   bool positive_only) {
  std::vector<std::vector<CurveExtent>> levels;
  if (values.size() < kFan) return levels;
  std::vector<CurveExtent> blocks((values.size() + kFan - 1) / kFan);
  for (size_t i = 0; i < values.size(); ++i) {
    if (counts(values[i], positive_only)) add_sample(blocks[i / kFan], i, values[i]);
  }
  levels.push_back(std::move(blocks));
  while (levels.back().size() >= kFan) {
    const std::vector<CurveExtent>& below = levels.back();
    std::vector<CurveExtent> above((below.size() + kFan - 1) / kFan);
    for (size_t i = 0; i < below.size(); ++i) add_extent(above[i / kFan], below[i]);
    levels.push_back(std::move(above));
  }
  return levels;
}

}  // namespace

std::vector<double> smooth_values(std::span<const double> values, double weight) {
  std::vector<double> smoothed(values.begin(), values.end());
  weight = std::clamp(weight, 0.0, 1.0 - 1e-9);
  if (!(weight > 0)) return smoothed;
  double average = 0;
  double rest = 1;  // weight^n: what is missing at the beginning from a sum of weights of 1
  for (double& value : smoothed) {
    if (!std::isfinite(value)) continue;
    rest *= weight;
    if (rest < 1e-300) rest = 0;  // subnormal numbers are slow
    // The corrected average of n samples, from that of n - 1: s_n = s + (1-w)/(1-w^n) · (y - s).
    // The first share is 1, and y - s is 0 in a constant.
    const double share = (1 - weight) / (1 - rest);
    const double step = value - average;
    // Without an overflow for values of 1e308 and -1e308.
    average = std::isfinite(step) ? average + share * step : (1 - share) * average + share * value;
    value = average;
  }
  return smoothed;
}

CurvePyramid::CurvePyramid(std::shared_ptr<const std::vector<double>> values)
    : values_(std::move(values)) {
  REALM_CHECK(values_ != nullptr && values_->size() <= std::numeric_limits<uint32_t>::max());
  finite_ = build_levels(*values_, false);
  const bool all_positive = std::none_of(values_->begin(), values_->end(), [](double value) {
    return std::isfinite(value) && value <= 0;
  });
  if (!all_positive) positive_ = build_levels(*values_, true);
}

std::span<const double> CurvePyramid::values() const {
  if (values_ == nullptr) return {};
  return *values_;
}

CurveExtent CurvePyramid::extent(size_t begin, size_t end, bool positive_only) const {
  const Levels& levels = positive_only && !positive_.empty() ? positive_ : finite_;
  const std::span<const double> all = values();
  end = std::min(end, all.size());
  CurveExtent extent;
  for (size_t at = begin; at < end;) {
    // The largest block that begins here and ends within the range.
    size_t level = 0;
    while (level < levels.size()) {
      const size_t size = size_t{1} << (kFanBits * (level + 1));
      if ((at & (size - 1)) != 0 || at + size > end) break;
      ++level;
    }
    if (level > 0) {
      add_extent(extent, levels[level - 1][at >> (kFanBits * level)]);
    } else if (counts(all[at], positive_only)) {
      add_sample(extent, at, all[at]);
    }
    at += size_t{1} << (kFanBits * level);
  }
  return extent;
}

std::shared_ptr<const PreparedCurve> prepare_curve(std::shared_ptr<const CurveSeries> series,
                                                   double smoothing) {
  REALM_CHECK(series != nullptr && series->x.size() == series->y.size());
  auto curve = std::make_shared<PreparedCurve>();
  curve->smoothing = smoothing;
  // Shares the series and points at its values.
  curve->raw = CurvePyramid(std::shared_ptr<const std::vector<double>>(series, &series->y));
  if (smoothing > 0) {
    curve->smoothed = CurvePyramid(
        std::make_shared<const std::vector<double>>(smooth_values(series->y, smoothing)));
  }
  for (size_t i = 0; i < series->y.size(); ++i) {
    if (!std::isfinite(series->y[i])) curve->non_finite_x.push_back(series->x[i]);
  }
  curve->series = std::move(series);
  return curve;
}

bool is_drawn(const ShownCurve& shown) {
  return !shown.hidden && shown.curve != nullptr && !shown.curve->series->x.empty();
}

std::string_view name_of(const ShownCurve& shown) {
  if (shown.curve == nullptr) return {};
  return shown.curve->series->name;
}

// Found by a search for the largest smallest distance (CIE76) between any two as seen by normal,
// protan, deutan and tritan eyes.
Color series_color(ThemeKind theme, size_t index) {
  constexpr std::array kOnLight = {rgb(0x166CCB), rgb(0xD77500), rgb(0x02A968), rgb(0x750C3E),
                                   rgb(0x918EC6), rgb(0x62460F), rgb(0x4A0E74), rgb(0x52567F)};
  constexpr std::array kOnDark = {rgb(0x00A0FF), rgb(0xD75A10), rgb(0x007A4C), rgb(0xEE949D),
                                  rgb(0xBFFFFF), rgb(0xE6DD64), rgb(0x7464A1), rgb(0xAAB1DF)};
  return theme == ThemeKind::kDark ? kOnDark[index % kOnDark.size()]
                                   : kOnLight[index % kOnLight.size()];
}

}  // namespace realm::view
