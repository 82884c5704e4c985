// The Train workspace: runs on the left, the chosen one on the right with its curves, its log, its
// probe queries and its settings; or the form for a new run.
//
// GUI thread only.
#pragma once

#include "app/panels/panel.h"
#include "app/panels/train_charts.h"
#include "app/panels/train_film.h"

namespace realm::panels {

class TrainPanel final : public Panel {
 public:
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box) override;

 private:
  TrainCharts charts_;
  TrainFilm film_;
};

}  // namespace realm::panels
