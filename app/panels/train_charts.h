// The charts of the Train workspace: every number of the chosen run and of those beside it, as
// small multiples with one horizontal axis. Keeps the curves made ready for drawing for as long as
// they are the same.
//
// GUI thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "app/view/curve_series.h"
#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

class TrainCharts {
 public:
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

 private:
  using Key = std::tuple<const view::Curve*, double, view::CurveXKind>;  // smoothing
  struct Kept {
    std::shared_ptr<const view::Curve> curve{};  // keeps the key's address its own
    std::shared_ptr<const view::PreparedCurve> prepared{};
    bool used = false;
  };

  std::shared_ptr<const view::PreparedCurve> prepared(
      const std::shared_ptr<const view::Curve>& curve, const view::TrainLook& look,
      std::string name, double examples);
  float draw_tools(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
  void draw_chart(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                  const view::ChartSpec& chart, size_t index);

  std::map<Key, Kept> kept_;
  std::optional<double> pointed_x_, pointing_x_;  // of the last frame and of this one
};

}  // namespace realm::panels
