// Keys and mouse of our own text fields. Private to app/widgets.
#pragma once

#include <string>

#include "app/view/text_editor.h"
#include "app/widgets/ui.h"

namespace realm::widgets {

// What was typed in this frame, in UTF-8.
std::string typed_characters();

// Takes the keys and characters of this frame that a text field has use for. `keeps_newlines`:
// Enter is typed. Gives whether anything happened.
bool handle_text_keys(Ui& ui, view::TextEditor& editor, const view::TextLayout& layout,
                      bool keeps_newlines, bool read_only);

// Selecting with the mouse in a text that stands at (x, y) on the screen. Clicks on a word that
// neither drag nor select are left to the caller, as are double clicks: `clicked_offset` is then
// the byte that was clicked.
struct TextMouse {
  bool took_focus = false, changed = false;
  bool clicked = false, double_clicked = false;
  size_t clicked_offset = 0;  // npos: not on a character
};
TextMouse handle_text_mouse(Ui& ui, const char* name, const view::Box& area, float x, float y,
                            view::TextEditor& editor, const view::TextLayout& layout);

void draw_selection(Ui& ui, const view::TextEditor& editor, const view::TextLayout& layout, float x,
                    float y);
void draw_caret(Ui& ui, const view::TextEditor& editor, const view::TextLayout& layout, float x,
                float y);

}  // namespace realm::widgets
