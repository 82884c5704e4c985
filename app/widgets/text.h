// Text drawing: lines that are cut with an ellipsis, right-aligned numbers, tooltips, wrapped text
// with marks. Everything draws at screen positions into the current window's draw list, and takes
// user text safely.
//
// GUI thread only.
#pragma once

#include <string_view>

#include "app/view/highlight.h"
#include "app/widgets/ui.h"

namespace realm::widgets {

float text_width(ImFont* font, std::string_view text);
float line_height(ImFont* font);
view::Advance advance_of(ImFont* font);

void draw_text(ImFont* font, float x, float y, view::Color color, std::string_view text);
// Cut with an ellipsis so that it takes at most `width`; returns the width taken.
float draw_text_within(ImFont* font, float x, float y, float width, view::Color color,
                       std::string_view text);
// Ends at `right`.
void draw_text_right(ImFont* font, float right, float y, view::Color color, std::string_view text);
// The y at which a line of the font stands in the middle of a row.
float centered_y(const view::Box& row, ImFont* font);

// Wrapped text; returns its height.
float draw_wrapped(ImFont* font, float x, float y, float width, view::Color color,
                   std::string_view text);

// What that would take.
float wrapped_height(ImFont* font, float width, std::string_view text);

// Wrapped text with marked grounds; answers are underlined too, so that colour is not alone.
// Returns its height. Nothing is drawn where `draws` is false, which measures.
float draw_marked(Ui& ui, ImFont* font, const view::Box& box, const view::MarkedText& text,
                  bool draws = true);
// One line with marks, cut at the box's right edge.
void draw_marked_line(Ui& ui, ImFont* font, const view::Box& box, view::Color color,
                      const view::MarkedText& text);

// A tooltip with user text, once the mouse has rested for a moment; the second part is fainter.
void tooltip(Ui& ui, std::string_view text, std::string_view detail = {});
// The same of a control: below it, or above where there is no room, so that its neighbours stay in
// sight.
void tooltip_of(Ui& ui, const view::Box& control, std::string_view text);

// Text of a panel's head or caption that explains itself on hover.
void caption(Ui& ui, const char* name, float x, float y, std::string_view text,
             std::string_view meaning);

}  // namespace realm::widgets
