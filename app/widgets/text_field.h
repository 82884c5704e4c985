// Our own text fields, which wrap: the sentence with its hidden words, and the text of a passage.
// Editing is app/view/text_editor.h, placing app/view/text_layout.h; here are keys, mouse and
// drawing.
//
// GUI thread only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "app/view/text_editor.h"
#include "app/widgets/ui.h"

namespace realm::widgets {

struct TextFieldChange {
  view::TextEditor editor;
  bool hid_word = false;    // a click or key hid or restored a word
  bool took_focus = false;  // it was clicked
};

struct TextFieldOptions {
  bool focused = false;  // it has the keyboard
  bool read_only = false;
  std::string_view placeholder{};
  std::span<const view::TextRange> dotted{};  // words of a sentence underlined with dots
};

// How high the sentence is at a width, in lines.
int sentence_lines(Ui& ui, const view::TextEditor& editor, float width);
float sentence_line_height(Ui& ui);

// The sentence of a question in the hero size: a click on a word hides it, on a hidden one restores
// it; a drag or a double click selects; a click between words places the caret. nullopt: nothing
// happened.
std::optional<TextFieldChange> sentence_field(Ui& ui, const char* name, const view::Box& box,
                                              const view::TextEditor& editor,
                                              const TextFieldOptions& options);

// The text of a passage, many lines that wrap, in a box that scrolls with the caret.
std::optional<TextFieldChange> text_area(Ui& ui, const char* name, const view::Box& box,
                                         const view::TextEditor& editor,
                                         const TextFieldOptions& options);

}  // namespace realm::widgets
