// The film of learning to retrieve: the user's own queries at every measurement of a run, with a
// slider over the measurements. Keeps the curves made ready for drawing for as long as they are the
// same.
//
// GUI thread only.
#pragma once

#include <memory>
#include <vector>

#include "app/view/curve_series.h"
#include "app/view/train_state.h"
#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

class TrainFilm {
 public:
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
            const view::RunDetail& detail);

 private:
  void draw_curves(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
  void prepare(std::shared_ptr<const view::ProbeFilm> film, view::ThemeKind theme);

  std::shared_ptr<const view::ProbeFilm> film_;  // whose curves these are
  view::ThemeKind theme_ = view::ThemeKind::kLight;
  std::vector<view::ShownCurve> chances_, ranks_;
};

}  // namespace realm::panels
