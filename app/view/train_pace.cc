// How long a run has still to go.
#include <algorithm>
#include <utility>

#include "app/view/train_state.h"

namespace realm::view {
namespace {

constexpr size_t kLast = 50;                        // intervals between numbers that are looked at
constexpr double kGapTimes = 10, kGapSeconds = 30;  // an interval above both is no training

// The rows [first, last] since the run last stood still; those before where there is but one.
std::pair<size_t, size_t> steady_rows(const std::vector<double>& seconds) {
  const size_t last = seconds.size() - 1;
  const size_t first = last > kLast ? last - kLast : 0;
  std::vector<double> intervals;
  for (size_t i = first; i < last; ++i) intervals.push_back(seconds[i + 1] - seconds[i]);
  // The lower of the middle two, so that of two intervals one can be a gap.
  const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>((intervals.size() - 1) / 2);
  std::nth_element(intervals.begin(), middle, intervals.end());
  const double gap = std::max(kGapTimes * *middle, kGapSeconds);
  const auto is_gap = [&](size_t i) { return seconds[i + 1] - seconds[i] > gap; };
  size_t to = last;
  while (to > first && is_gap(to - 1)) --to;  // the row after a gap tells no pace yet
  size_t from = to;
  while (from > first && !is_gap(from - 1)) --from;
  return {from, to};
}

}  // namespace

std::optional<double> seconds_left(const RunSummary& run, const RunDetail& detail) {
  const auto curve = find_curve(detail, "loss");
  if (!is_alive(run) || !curve || curve->steps.size() < 2 || run.total_steps <= 0)
    return std::nullopt;
  const auto [first, last] = steady_rows(curve->seconds);
  const double steps = curve->steps[last] - curve->steps[first];
  const double seconds = curve->seconds[last] - curve->seconds[first];
  if (steps <= 0 || seconds <= 0) return std::nullopt;
  return std::max(0.0, static_cast<double>(run.total_steps) - static_cast<double>(run.step)) *
         seconds / steps;
}

}  // namespace realm::view
