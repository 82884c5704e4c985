// Geometry of the small pictures of Ask, kept apart from drawing: the logarithmic axis of the Table
// 3 strip, labels that do not overlap, and the segments of the share bar.
//
// Pure functions in pixels; thread-safe.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace realm::view {

// From 10^low to 10^high over the pixels [left, right].
struct LogAxis {
  double low = -3, high = 0;  // decimal logarithms
  float left = 0, right = 0;

  float x(double log10_value) const;  // values outside are held at the ends
};

// An axis of whole decades that holds all values (decimal logarithms; infinite ones are left out)
// with its upper end at 1, and at least three decades long.
LogAxis fit_log_axis(std::span<const double> log10_values, float left, float right);

struct AxisTick {
  float x = 0;
  int exponent = 0;
  std::string label{};  // "1", "0.1", "0.01", "1e−6"
};

// Ticks at round decades, at least `min_gap` pixels apart.
std::vector<AxisTick> log_ticks(const LogAxis& axis, float min_gap);

struct LabelBox {
  float anchor = 0;  // where it wants its centre
  float width = 0;
};

// Left edges in the order given: labels keep the order of their anchors, stand `gap` apart, stay
// within [left, right] where they fit, and are moved as little as that allows.
std::vector<float> spread_labels(std::span<const LabelBox> labels, float left, float right,
                                 float gap);

// A label as a flag on a pole over its anchor: to the left or the right of the pole, on a tier
// counted upwards from 0.
struct Flag {
  float x = 0;  // left edge
  int tier = 0;
};
struct FlagRoom {
  float left = 0, right = 0;  // what flags stay within
  float to_pole = 0;          // from a pole to its text
  float apart = 0;            // between the texts of one tier
  int tiers = 1;
};

// Flags of which no two overlap and through which no other's pole passes, on as low tiers as that
// allows. Where the room is too small for poles, one label a tier, or all spread over the lowest.
std::vector<Flag> place_flags(std::span<const LabelBox> labels, const FlagRoom& room);

struct Segment {
  int part = -1;  // index into the shares; -1: all parts that are too narrow to be seen, together
  float x = 0, width = 0;
};

// Shares laid side by side over `width` pixels, in the order given; those under `min_width` are put
// together at the end.
std::vector<Segment> stack_shares(std::span<const double> shares, float width, float min_width);

// Length of a bar in [0, 1]: the value itself, or its place on a logarithmic scale from 10^low
// to 1.
double bar_fraction(double value, bool logarithmic, double low);

}  // namespace realm::view
