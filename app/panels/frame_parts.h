// The parts of the frame. Private to app/panels.
#pragma once

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

// Model and step, corpus and revision, age of the index: always in sight, amber when something is
// stale.
void draw_badges(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& menu);
void draw_status_bar(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// How far the English workspace is, where other work shows it; what came of it, left of `right`.
void draw_setup_work(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& bar);
void draw_setup_news(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& bar,
                     float right);
void draw_toasts(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

}  // namespace realm::panels
