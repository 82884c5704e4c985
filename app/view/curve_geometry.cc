#include "app/view/curve_geometry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace realm::view {
namespace {

constexpr double kSame = 0.25;  // points closer than this, in pixels, are one
constexpr size_t kAllKept = 4;  // samples in a column that are kept as they are
constexpr size_t kBlock = CurvePyramid::kBlock;
// Columns of so many samples end where a block does: a place moves by a few hundredths of a pixel
// at most, and the samples beside blocks need not be looked at.
constexpr size_t kRounded = 20 * kBlock;

struct Place {
  double x = 0, y = 0;
};

struct Limits {
  double left = 0, right = 0, top = 0, bottom = 0;

  bool contains(Place p) const {
    return p.x >= left && p.x <= right && p.y >= top && p.y <= bottom;
  }
};

struct Piece {
  Place from, to;
  bool begins_at_start = true, ends_at_end = true;
};

// The piece of a segment that lies within the limits (Liang and Barsky's way).
std::optional<Piece> cut(Place from, Place to, const Limits& limits) {
  if (limits.contains(from) && limits.contains(to)) return Piece{from, to};
  const double dx = to.x - from.x, dy = to.y - from.y;
  double begin = 0, end = 1;
  const auto cut_at = [&](double step, double room) {
    if (step == 0) return room >= 0;
    const double at = room / step;
    if (step < 0) {
      begin = std::max(begin, at);
    } else {
      end = std::min(end, at);
    }
    return begin <= end;
  };
  if (!cut_at(-dx, from.x - limits.left) || !cut_at(dx, limits.right - from.x) ||
      !cut_at(-dy, from.y - limits.top) || !cut_at(dy, limits.bottom - from.y))
    return std::nullopt;
  Piece piece{from, to, begin == 0, end == 1};
  if (!piece.begins_at_start) piece.from = {from.x + begin * dx, from.y + begin * dy};
  if (!piece.ends_at_end) piece.to = {from.x + end * dx, from.y + end * dy};
  return piece;
}

// Puts a line together from samples in their order.
class LineBuilder {
 public:
  LineBuilder(std::span<const double> xs, std::span<const double> ys, const PlotScales& scales,
              double outside)
      : xs_(xs), ys_(ys), scales_(scales) {
    limits_ = {.left = std::min(scales.x.from, scales.x.to) - outside,
               .right = std::max(scales.x.from, scales.x.to) + outside,
               .top = std::min(scales.y.from, scales.y.to) - outside,
               .bottom = std::max(scales.y.from, scales.y.to) + outside};
  }

  void add(size_t index) { add(index, ys_[index]); }
  void add(size_t index, double y) {
    if (!std::isfinite(y) || (scales_.y.logarithmic && y <= 0)) {
      gap();
      return;
    }
    const Place place{scales_.x.at(xs_[index]), scales_.y.at(y)};
    if (last_) {
      alone_ = false;
      if (const auto piece = cut(*last_, place, limits_)) {
        if (!open_ || !piece->begins_at_start) begin_part(piece->from);
        push(piece->to);
        open_ = piece->ends_at_end;
      } else {
        open_ = false;
      }
    } else {
      alone_ = true;
    }
    last_ = place;
  }

  void gap() {
    if (last_ && alone_ && limits_.contains(*last_)) begin_part(*last_);
    last_.reset();
    alone_ = open_ = false;
  }

  CurveLine take() {
    gap();
    return std::move(line_);
  }

 private:
  void begin_part(Place place) {
    line_.begins.push_back(line_.points.size());
    line_.points.push_back({static_cast<float>(place.x), static_cast<float>(place.y)});
    pushed_ = place;
  }
  void push(Place place) {
    if (std::abs(place.x - pushed_.x) < kSame && std::abs(place.y - pushed_.y) < kSame) return;
    line_.points.push_back({static_cast<float>(place.x), static_cast<float>(place.y)});
    pushed_ = place;
  }

  std::span<const double> xs_, ys_;
  const PlotScales& scales_;
  Limits limits_;
  CurveLine line_;
  std::optional<Place> last_;  // the sample before, nullopt after a gap
  Place pushed_;
  bool alone_ = false;  // no segment has led to the sample before
  bool open_ = false;   // the part at the end of the line ends at the sample before
};

// The first index from `begin` on whose x is not below `bound`. Looked for in growing steps from
// `begin` + `guess` on: every look at a long series may be one at slow memory.
size_t first_from(std::span<const double> xs, size_t begin, double bound, size_t guess) {
  const size_t start = std::min(begin + guess, xs.size());
  size_t from = begin, to = start;  // it is within [from, to]
  size_t step = 1;
  if (start < xs.size() && xs[start] < bound) {
    from = start + 1;
    while (from + step < xs.size() && xs[from + step] < bound) {
      from += step + 1;
      step *= 2;
    }
    to = std::min(from + step, xs.size());
  } else {
    while (to > begin + step && !(xs[to - step] < bound)) {
      to -= step;
      step *= 2;
    }
    if (to > begin + step) from = to - step + 1;
  }
  const auto at = [&](size_t index) { return xs.begin() + static_cast<std::ptrdiff_t>(index); };
  return static_cast<size_t>(std::lower_bound(at(from), at(to), bound) - xs.begin());
}

// The largest block of CurvePyramid that is at most an eighth of so many samples: a column that
// ends with one is looked up in a few of them, and is wider or narrower by an eighth at most.
size_t rounding_of(size_t samples) {
  size_t block = kBlock;
  while (block * kBlock * 8 <= samples) block *= kBlock;
  return block;
}

}  // namespace

PlotScales scales_of(const PlotRange& range, const Box& area) {
  return {.x = {.low = range.x_low,
                .high = range.x_high,
                .from = area.x,
                .to = area.right(),
                .logarithmic = false},
          .y = {.low = range.y_low,
                .high = range.y_high,
                .from = area.bottom(),
                .to = area.y,
                .logarithmic = range.log_y}};
}

SampleRange samples_between(std::span<const double> xs, double low, double high) {
  const auto begin = std::lower_bound(xs.begin(), xs.end(), low);
  const auto end = std::upper_bound(begin, xs.end(), high);
  return {.begin = static_cast<size_t>(begin - xs.begin()),
          .end = static_cast<size_t>(end - xs.begin())};
}

std::span<const CurvePoint> CurveLine::part(size_t index) const {
  const size_t begin = begins[index];
  const size_t end = index + 1 < begins.size() ? begins[index + 1] : points.size();
  return std::span(points).subspan(begin, end - begin);
}

CurveLine curve_line(std::span<const double> xs, const CurvePyramid& ys, const PlotScales& scales,
                     double outside) {
  LineBuilder line(xs, ys.values(), scales, outside);
  const double low = scales.x.low;
  const SampleRange visible = samples_between(xs, low, scales.x.high);
  const double column_width = (scales.x.high - low) / std::max(1.0, scales.x.length());
  const std::span<const double> within = xs.first(visible.end);
  if (visible.begin > 0) line.add(visible.begin - 1);  // the line comes from there
  size_t guess = 1;
  for (size_t at = visible.begin; at < visible.end;) {
    const double column = std::floor((xs[at] - low) / column_width);
    size_t end = std::max(at + 1, first_from(within, at, low + (column + 1) * column_width, guess));
    guess = end - at;
    if (guess >= kRounded) {
      const size_t block = rounding_of(guess);
      end = std::min((end + block - 1) / block * block, visible.end);
    }
    if (guess <= kAllKept) {
      for (size_t i = at; i < end; ++i) line.add(i);
    } else if (const CurveExtent extent = ys.extent(at, end, scales.y.logarithmic);
               extent.count == 0) {
      line.gap();
    } else {
      // Where first and last lie among hundreds, the smallest and the largest are seen alone.
      const bool is_dense = guess >= kRounded && extent.first == at && extent.last + 1 == end &&
                            at != visible.begin && end != visible.end;
      if (extent.first != at) line.gap();
      if (!is_dense) line.add(extent.first);
      const auto add_between = [&](uint32_t index, double value) {
        if (is_dense || (index != extent.first && index != extent.last)) line.add(index, value);
      };
      if (extent.low_at < extent.high_at) {
        add_between(extent.low_at, extent.low);
        add_between(extent.high_at, extent.high);
      } else if (extent.low_at > extent.high_at) {  // equal: all values are
        add_between(extent.high_at, extent.high);
        add_between(extent.low_at, extent.low);
      }
      if (!is_dense && extent.last != extent.first) line.add(extent.last);
      if (extent.last + 1 != end) line.gap();
    }
    at = end;
  }
  if (visible.end < xs.size()) line.add(visible.end);
  return line.take();
}

std::optional<CurvePoint> end_of_line(const ShownCurve& shown, const PlotScales& scales) {
  const std::vector<double>& xs = shown.curve->series->x;
  const CurvePyramid& ys = shown.curve->line();
  const SampleRange visible = samples_between(xs, scales.x.low, scales.x.high);
  const CurveExtent extent = ys.extent(visible.begin, visible.end, scales.y.logarithmic);
  if (extent.count == 0) return std::nullopt;
  const double x = scales.x.at(xs[extent.last]), y = scales.y.at(ys.values()[extent.last]);
  if (y < std::min(scales.y.from, scales.y.to) || y > std::max(scales.y.from, scales.y.to))
    return std::nullopt;
  return CurvePoint{static_cast<float>(x), static_cast<float>(y)};
}

size_t left_out_count(std::span<const ShownCurve> curves, const PlotRange& range) {
  if (!range.log_y) return 0;
  size_t count = 0;
  for (const ShownCurve& shown : curves) {
    if (!is_drawn(shown)) continue;
    const SampleRange visible = samples_between(shown.curve->series->x, range.x_low, range.x_high);
    count += shown.curve->raw.extent(visible.begin, visible.end, false).count -
             shown.curve->raw.extent(visible.begin, visible.end, true).count;
  }
  return count;
}

std::vector<float> mark_places(std::span<const double> xs, const AxisScale& scale, double min_gap) {
  std::vector<float> places;
  const SampleRange visible = samples_between(xs, scale.low, scale.high);
  const double apart = (scale.high - scale.low) * min_gap / std::max(1.0, scale.length());
  const std::span<const double> within = xs.first(visible.end);
  for (size_t at = visible.begin; at < visible.end;) {
    places.push_back(static_cast<float>(scale.at(xs[at])));
    at = std::max(at + 1, first_from(within, at, xs[at] + apart, 1));
  }
  return places;
}

std::optional<size_t> nearest_sample(std::span<const double> xs, double x) {
  if (xs.empty()) return std::nullopt;
  const auto after = std::upper_bound(xs.begin(), xs.end(), x);
  if (after == xs.end()) return xs.size() - 1;
  const auto index_before_end_of = [&](double value) {
    return static_cast<size_t>(std::upper_bound(after, xs.end(), value) - xs.begin()) - 1;
  };
  if (after == xs.begin()) return index_before_end_of(*after);
  const double before = *(after - 1);
  if (x - before <= *after - x) return static_cast<size_t>(after - xs.begin()) - 1;
  return index_before_end_of(*after);
}

std::vector<CurveReading> read_curves(std::span<const ShownCurve> curves, double x) {
  std::vector<CurveReading> readings;
  for (size_t i = 0; i < curves.size(); ++i) {
    if (!is_drawn(curves[i])) continue;
    const CurveSeries& series = *curves[i].curve->series;
    const size_t at = nearest_sample(series.x, x).value_or(0);
    readings.push_back({.curve = i,
                        .index = at,
                        .x = series.x[at],
                        .y = series.y[at],
                        .smoothed = curves[i].curve->line().values()[at]});
  }
  return readings;
}

std::vector<CurvePoint> series_shape(size_t index, CurvePoint center, float radius) {
  std::vector<CurvePoint> shape;
  const auto polygon = [&](int corners, double turned, float size) {
    for (int i = 0; i < corners; ++i) {
      const double angle = turned + 2 * std::numbers::pi * i / corners;
      shape.push_back({center.x + size * static_cast<float>(std::sin(angle)),
                       center.y - size * static_cast<float>(std::cos(angle))});
    }
  };
  const auto rectangle = [&](float width, float height) {
    shape = {{center.x - width, center.y - height},
             {center.x + width, center.y - height},
             {center.x + width, center.y + height},
             {center.x - width, center.y + height}};
  };
  switch (index % 8) {
    case 0:
      polygon(16, 0, radius);
      break;
    case 1:
      rectangle(radius * 0.86F, radius * 0.86F);
      break;
    case 2:
      polygon(3, 0, radius * 1.25F);
      break;
    case 3:
      polygon(4, 0, radius * 1.2F);
      break;
    case 4:
      polygon(3, std::numbers::pi, radius * 1.25F);
      break;
    case 5:
      rectangle(radius * 1.1F, radius * 0.5F);
      break;
    case 6:
      rectangle(radius * 0.5F, radius * 1.1F);
      break;
    default:
      polygon(5, 0, radius * 1.1F);
      break;
  }
  return shape;
}

}  // namespace realm::view
