// The small pictures of Ask: probability bars, the stacked share bar, the Table 3 strip on one
// logarithmic axis. Geometry comes from app/view/plot_geometry.h.
//
// GUI thread only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "app/view/ask_state.h"
#include "app/widgets/ui.h"

namespace realm::widgets {

// A bar 8 px high, rounded 2 px, from the left edge of `slot`. `fraction` in [0, 1]; a value above
// 0 is never invisible.
void draw_bar(Ui& ui, const view::Box& slot, double fraction, view::Color color);
// A bar of which a first part is drawn in a stronger colour.
void draw_split_bar(Ui& ui, const view::Box& slot, double fraction, double part_of_it,
                    view::Color strong, view::Color light);

// The shape that stands for a source of numbers beside its colour: diamond REALM, circle BERT,
// square ∅, triangle passage.
void draw_marker(Ui& ui, view::StripSource source, float x, float y, float size, float alpha = 1);
void draw_hollow_marker(Ui& ui, view::StripSource source, float x, float y, float size);
view::Color color_of(const view::Theme& theme, view::StripSource source);

// The colour of a passage by its share of a word: from the empty track's to REALM's.
view::Color share_color(const view::Theme& theme, double share, bool is_null);

// The share bar. Gives the row that is hovered and whether it was clicked.
struct ShareBarResult {
  std::optional<size_t> hovered;
  bool clicked = false;
};
ShareBarResult share_bar(Ui& ui, const char* name, const view::Box& box,
                         const view::PassageTable& table, std::optional<size_t> highlighted,
                         bool greyed);

// The Table 3 strip: the points on one logarithmic axis, with labels that do not overlap.
void strip(Ui& ui, const char* name, const view::Box& box, std::span<const view::StripPoint> points,
           bool greyed);

}  // namespace realm::widgets
