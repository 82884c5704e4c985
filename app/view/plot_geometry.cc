#include "app/view/plot_geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace realm::view {
namespace {

// Tries every side and tier for each label, the cheapest so far kept. There are four labels at
// most on screen, so that this is a few thousand steps.
class FlagSearch {
 public:
  FlagSearch(std::span<const LabelBox> labels, const FlagRoom& room)
      : labels_(labels), room_(room), now_(labels.size()) {}

  std::optional<std::vector<Flag>> best() {
    place(0, 0);
    return best_;
  }

 private:
  void place(size_t at, float cost) {
    if (best_ && cost >= best_cost_) return;
    if (at == labels_.size()) {
      best_ = now_;
      best_cost_ = cost;
      return;
    }
    const float middle = (room_.left + room_.right) / 2;
    for (int tier = 0; tier < room_.tiers; ++tier) {
      for (const bool to_left : {false, true}) {
        const LabelBox& label = labels_[at];
        const Flag flag{
            to_left ? label.anchor - room_.to_pole - label.width : label.anchor + room_.to_pole,
            tier};
        if (flag.x < room_.left || flag.x + label.width > room_.right || !is_free(at, flag))
          continue;
        now_[at] = flag;
        // Text towards the middle reads best; a tier costs far more.
        const bool inwards = to_left == (label.anchor > middle);
        place(at + 1, cost + 4 * static_cast<float>(tier) + (inwards ? 0.0F : 1.0F));
      }
    }
  }

  bool is_free(size_t at, const Flag& flag) const {
    const float end = flag.x + labels_[at].width;
    const float margin = room_.to_pole / 2;
    for (size_t i = 0; i < at; ++i) {
      const Flag& other = now_[i];
      const float other_end = other.x + labels_[i].width;
      const float anchor = labels_[at].anchor, other_anchor = labels_[i].anchor;
      if (other.tier == flag.tier && flag.x < other_end + room_.apart &&
          other.x < end + room_.apart)
        return false;
      if (other.tier > flag.tier && other_anchor > flag.x - margin && other_anchor < end + margin)
        return false;
      if (flag.tier > other.tier && anchor > other.x - margin && anchor < other_end + margin)
        return false;
    }
    return true;
  }

  std::span<const LabelBox> labels_;
  const FlagRoom& room_;
  std::vector<Flag> now_;
  std::optional<std::vector<Flag>> best_;
  float best_cost_ = 0;
};

constexpr size_t kMaxSearched = 5;

}  // namespace

float LogAxis::x(double log10_value) const {
  const double held = std::clamp(log10_value, low, high);
  return left + static_cast<float>((held - low) / (high - low)) * (right - left);
}

LogAxis fit_log_axis(std::span<const double> log10_values, float left, float right) {
  LogAxis axis{.low = -3, .high = 0, .left = left, .right = right};
  for (const double value : log10_values) {
    if (std::isfinite(value)) axis.low = std::min(axis.low, std::floor(value - 0.15));
  }
  return axis;
}

std::vector<AxisTick> log_ticks(const LogAxis& axis, float min_gap) {
  constexpr std::array kSteps = {1, 2, 5, 10, 20, 50, 100, 200, 500};
  const double pixels_a_decade = (axis.right - axis.left) / std::max(1e-6, axis.high - axis.low);
  int step = kSteps.back();
  for (const int candidate : kSteps) {
    if (candidate * pixels_a_decade >= min_gap) {
      step = candidate;
      break;
    }
  }
  std::vector<AxisTick> ticks;
  for (int exponent = 0; exponent >= axis.low - 1e-9; exponent -= step) {
    std::string label;
    switch (exponent) {
      case 0:
        label = "1";
        break;
      case -1:
        label = "0.1";
        break;
      case -2:
        label = "0.01";
        break;
      default:
        label = fmt::format("1e\u2212{}", -exponent);
    }
    ticks.push_back({.x = axis.x(exponent), .exponent = exponent, .label = std::move(label)});
  }
  std::reverse(ticks.begin(), ticks.end());
  return ticks;
}

// Labels that would overlap are joined into one block that stands at the mean of what its members
// want (isotonic regression by pooling neighbours), which moves them least in the squared sense.
std::vector<float> spread_labels(std::span<const LabelBox> labels, float left, float right,
                                 float gap) {
  std::vector<size_t> order(labels.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return labels[a].anchor < labels[b].anchor; });
  struct Block {
    std::vector<size_t> members;
    float wanted_sum = 0;  // of (anchor - centre's place within the block)
    float width = 0;
    float begin(float low, float high) const {
      const float wanted = wanted_sum / static_cast<float>(members.size());
      return std::max(low, std::min(wanted, high - width));
    }
  };
  std::vector<Block> blocks;
  for (const size_t index : order) {
    Block block;
    block.members = {index};
    block.width = labels[index].width;
    block.wanted_sum = labels[index].anchor - labels[index].width / 2;
    while (!blocks.empty() && blocks.back().begin(left, right) + blocks.back().width + gap >
                                  block.begin(left, right)) {
      Block& before = blocks.back();
      const float shift = before.width + gap;
      before.wanted_sum += block.wanted_sum - shift * static_cast<float>(block.members.size());
      before.members.insert(before.members.end(), block.members.begin(), block.members.end());
      before.width += gap + block.width;
      block = std::move(before);
      blocks.pop_back();
    }
    blocks.push_back(std::move(block));
  }
  std::vector<float> lefts(labels.size());
  for (const Block& block : blocks) {
    float x = block.begin(left, right);
    for (const size_t index : block.members) {
      lefts[index] = x;
      x += labels[index].width + gap;
    }
  }
  return lefts;
}

std::vector<Flag> place_flags(std::span<const LabelBox> labels, const FlagRoom& room) {
  if (labels.size() <= kMaxSearched) {
    if (const auto found = FlagSearch(labels, room).best()) return *found;
  }
  std::vector<Flag> flags(labels.size());
  if (static_cast<int>(labels.size()) <= room.tiers) {
    for (size_t i = 0; i < labels.size(); ++i) {
      const float wanted = labels[i].anchor - labels[i].width / 2;
      flags[i] = {std::max(room.left, std::min(wanted, room.right - labels[i].width)),
                  static_cast<int>(i)};
    }
    return flags;
  }
  const std::vector<float> lefts = spread_labels(labels, room.left, room.right, room.apart);
  for (size_t i = 0; i < labels.size(); ++i) flags[i] = {lefts[i], 0};
  return flags;
}

std::vector<Segment> stack_shares(std::span<const double> shares, float width, float min_width) {
  std::vector<Segment> segments;
  float x = 0;
  double rest = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    const float segment_width = static_cast<float>(std::max(0.0, shares[i])) * width;
    if (segment_width < min_width) {
      rest += std::max(0.0, shares[i]);
      continue;
    }
    segments.push_back({.part = static_cast<int>(i), .x = x, .width = segment_width});
    x += segment_width;
  }
  const float rest_width = static_cast<float>(rest) * width;
  if (rest_width >= 0.5F) segments.push_back({.part = -1, .x = x, .width = rest_width});
  return segments;
}

double bar_fraction(double value, bool logarithmic, double low) {
  if (!(value > 0)) return 0;
  if (!logarithmic) return std::min(1.0, value);
  return std::clamp((std::log10(value) - low) / -low, 0.0, 1.0);
}

}  // namespace realm::view
