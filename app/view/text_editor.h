// TextEditor: text, caret, selection and undo of one text field, without drawing. The sentence
// field and the passage form are made of it, as Dear ImGui's own multi-line field cannot wrap
// lines.
//
// A value: copy it, change it, compare it. Byte offsets into UTF-8; the caret always stands on a
// caret stop, and in a sentence never inside a hidden word (which acts as one character). Not
// thread-safe beyond that of a value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/sentence.h"

namespace realm::view {

enum class TextFieldKind {
  kPlain,     // many lines of plain text
  kSentence,  // one paragraph; [[word]] is one unit
};

enum class Motion { kLeft, kRight, kWordLeft, kWordRight, kTextBegin, kTextEnd };

class TextEditor {
 public:
  explicit TextEditor(TextFieldKind kind = TextFieldKind::kPlain, std::string_view text = {});

  TextFieldKind kind() const { return kind_; }
  const std::string& text() const { return now_.text; }
  size_t caret() const { return now_.caret; }
  TextRange selection() const;  // empty at the caret when nothing is selected
  std::string selected_text() const;

  // Replaces everything; can be undone. The caret goes to `caret`, by default to the end.
  void set_text(std::string_view text, size_t caret = std::string::npos);
  void insert(std::string_view text);  // in place of the selection
  // Before a hidden word, kept or not: backspace first shows the word again, so that nothing is
  // lost by one key.
  void erase_backward(bool whole_word);
  void erase_forward(bool whole_word);
  void erase_selection();

  void move(Motion motion, bool select);
  void move_to(size_t offset, bool select);
  void select(TextRange range);
  void select_word(size_t offset);
  void select_all();

  // Hides or restores the selection, or the word at `offset`. False: there was nothing to hide.
  bool toggle_hidden_at(size_t offset);
  bool toggle_hidden_here();

  bool can_undo() const { return !undo_.empty(); }
  bool can_redo() const { return !redo_.empty(); }
  void undo();
  void redo();

 private:
  struct State {
    std::string text;
    size_t caret = 0, anchor = 0;
  };
  enum class Edit { kNone, kTyping, kOther };

  void remember(Edit edit);
  size_t snap(size_t offset) const;
  size_t step_left(size_t offset) const;
  size_t step_right(size_t offset) const;
  size_t word_left(size_t offset) const;
  size_t word_right(size_t offset) const;
  void replace(TextRange range, std::string_view with);

  TextFieldKind kind_;
  State now_;
  std::vector<State> undo_, redo_;
  Edit last_edit_ = Edit::kNone;
};

}  // namespace realm::view
