// The parts of the Ask workspace, one file each. Private to app/panels.
#pragma once

#include <string>

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

inline constexpr float kPanePadding = 14;
inline constexpr float kHeadHeight = 36;  // a pane's title line

// The sentence with its controls and the line of news under it.
float hero_height(const view::WorkbenchState& state, widgets::Ui& ui, float width);
void draw_hero(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

void draw_words(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                std::string& watch_draft);
void draw_passages(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
void draw_reading(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
void draw_strip(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// What stands in place of the panes while there is no result: examples, loading, what is missing.
void draw_ask_empty(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

// A pane's title, with its ground and padding.
void draw_head(widgets::Ui& ui, const char* name, const view::Box& box, std::string_view title,
               std::string_view meaning);
// Old numbers fade in place while a new result is made or the sentence is being changed.
void draw_greyed(widgets::Ui& ui, const view::Box& box);

const AskResult* reference_of(const view::WorkbenchState& state);

}  // namespace realm::panels
