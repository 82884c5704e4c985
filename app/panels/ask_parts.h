// The parts of the Ask workspace, one file each. Private to app/panels.
#pragma once

#include <string>

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

inline constexpr float kPanePadding = 14;
inline constexpr float kHeadHeight = 36;    // a pane's title line
inline constexpr float kStripHeight = 100;  // at most a quarter of the workspace

// The sentence with its controls and the line of news under it.
float hero_height(const view::WorkbenchState& state, widgets::Ui& ui, float width);
void draw_hero(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

void draw_words(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                std::string& watch_draft);
void draw_passages(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
void draw_reading(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// The sentence in its word pieces, where they are to be shown; height 0 where they are not.
float pieces_height(const view::WorkbenchState& state, widgets::Ui& ui, float width);
void draw_pieces(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// How p(y|x) adds up, one line a passage.
float sum_height(widgets::Ui& ui, const view::PassageTable& table);
void draw_sum(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
              const view::PassageTable& table);
void draw_strip(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// What stands in place of the panes while there is no result: examples, loading, what is missing.
void draw_ask_empty(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

struct PaneHead {
  const char* name = "";
  view::Pane pane = view::Pane::kNone;  // a double click on the title lets it fill the workspace
  std::string_view title{}, meaning{};
  float room_right = 0;  // kept free for controls on the same line
};
// A pane's title line.
void draw_head(widgets::Ui& ui, const PaneHead& head, const view::Box& box);
// Old numbers fade in place while a new result is made or the sentence is being changed.
void draw_greyed(widgets::Ui& ui, const view::Box& box);

const AskResult* reference_of(const view::WorkbenchState& state);

}  // namespace realm::panels
