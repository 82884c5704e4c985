// The parts of the Corpus workspace, one file each. Private to app/panels.
#pragma once

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

// Search box, counts, filters, Add; gives its height.
float draw_corpus_tools(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
void draw_corpus_table(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                       bool scroll_to_selected);
void draw_corpus_passage(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
void draw_corpus_form(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

}  // namespace realm::panels
