// The charts of the Train workspace: every number of the chosen run and of those beside it, as
// small multiples with one horizontal axis. Keeps the curves made ready for drawing for as long as
// they are looked at; long ones are made ready on another thread, and what was drawn before stays
// until they are.
//
// GUI thread only.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/view/curve_series.h"
#include "app/view/workbench.h"
#include "app/widgets/curve_lines.h"
#include "app/widgets/ui.h"

namespace realm::panels {

class TrainCharts {
 public:
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

 private:
  using Key = std::pair<RunId, std::string>;  // the curve's name
  // What a curve is made ready for.
  struct Wish {
    std::shared_ptr<const view::Curve> curve{};
    std::string name{};  // in the legend
    view::CurveXKind axis = view::CurveXKind::kSteps;
    double smoothing = 0, examples = 1;
    friend bool operator==(const Wish&, const Wish&) = default;
  };
  // Written by another thread until it is done.
  struct Job {
    std::shared_ptr<const view::PreparedCurve> prepared{};
    std::atomic<bool> is_done = false;
  };
  struct Kept {
    Wish wish{};  // of `prepared`
    std::shared_ptr<const view::PreparedCurve> prepared{};
    Wish wish_of_job{};
    std::shared_ptr<Job> job{};
  };

  static std::shared_ptr<const view::PreparedCurve> prepare(const Wish& wish);
  std::shared_ptr<const view::PreparedCurve> prepared(widgets::Ui& ui, const RunId& run, Wish wish);
  float draw_tools(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
  void draw_chart(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                  const view::ChartSpec& chart, size_t index);

  widgets::CurveLines lines_;
  std::map<Key, Kept> kept_;                      // of the runs that are shown
  std::optional<double> pointed_x_, pointing_x_;  // of the last frame and of this one
};

}  // namespace realm::panels
