#include "app/view/text_editor.h"

#include <algorithm>
#include <utility>

#include "app/view/utf8.h"

namespace realm::view {
namespace {

constexpr size_t kMaxUndo = 300;

}  // namespace

TextEditor::TextEditor(TextFieldKind kind, std::string_view text) : kind_(kind) {
  now_.text = clean_input(text, kind == TextFieldKind::kPlain);
  now_.caret = now_.anchor = now_.text.size();
}

TextRange TextEditor::selection() const {
  return {std::min(now_.caret, now_.anchor), std::max(now_.caret, now_.anchor)};
}

std::string TextEditor::selected_text() const {
  const TextRange range = selection();
  return now_.text.substr(range.begin, range.end - range.begin);
}

// Typing on and on is one step of undo, as long as words go on.
void TextEditor::remember(Edit edit) {
  redo_.clear();
  if (edit == Edit::kTyping && last_edit_ == Edit::kTyping) return;
  last_edit_ = edit;
  undo_.push_back(now_);
  if (undo_.size() > kMaxUndo) undo_.erase(undo_.begin());
}

void TextEditor::replace(TextRange range, std::string_view with) {
  now_.text.replace(range.begin, range.end - range.begin, with);
  now_.caret = now_.anchor = range.begin + with.size();
  now_.caret = now_.anchor = snap(now_.caret);
}

void TextEditor::set_text(std::string_view text, size_t caret) {
  std::string clean = clean_input(text, kind_ == TextFieldKind::kPlain);
  if (clean == now_.text) {
    if (caret != std::string::npos) now_.caret = now_.anchor = snap(caret);
    return;
  }
  remember(Edit::kOther);
  now_.text = std::move(clean);
  now_.caret = now_.anchor = snap(std::min(caret, now_.text.size()));
}

void TextEditor::insert(std::string_view text) {
  const std::string clean = clean_input(text, kind_ == TextFieldKind::kPlain);
  if (clean.empty()) return;
  const bool types_one = next_stop(clean, 0) == clean.size();
  const bool ends_word = types_one && is_space(code_point_at(clean, 0).value);
  remember(types_one && selection().empty() ? Edit::kTyping : Edit::kOther);
  replace(selection(), clean);
  if (ends_word) last_edit_ = Edit::kNone;
}

void TextEditor::erase_selection() {
  if (selection().empty()) return;
  remember(Edit::kOther);
  replace(selection(), {});
}

void TextEditor::erase_backward(bool whole_word) {
  if (!selection().empty()) return erase_selection();
  if (now_.caret == 0) return;
  if (kind_ == TextFieldKind::kSentence) {
    for (const HiddenPart& part : hidden_parts(now_.text)) {
      if (part.outer.end != now_.caret || part.is_mask) continue;
      toggle_hidden_at(part.inner.begin);
      return;
    }
  }
  const size_t from = whole_word ? word_left(now_.caret) : step_left(now_.caret);
  remember(Edit::kOther);
  replace({from, now_.caret}, {});
}

void TextEditor::erase_forward(bool whole_word) {
  if (!selection().empty()) return erase_selection();
  if (now_.caret >= now_.text.size()) return;
  const size_t to = whole_word ? word_right(now_.caret) : step_right(now_.caret);
  remember(Edit::kOther);
  replace({now_.caret, to}, {});
}

void TextEditor::move(Motion motion, bool select) {
  const TextRange selected = selection();
  size_t to = now_.caret;
  switch (motion) {
    case Motion::kLeft:
      to = !select && !selected.empty() ? selected.begin : step_left(now_.caret);
      break;
    case Motion::kRight:
      to = !select && !selected.empty() ? selected.end : step_right(now_.caret);
      break;
    case Motion::kWordLeft:
      to = word_left(now_.caret);
      break;
    case Motion::kWordRight:
      to = word_right(now_.caret);
      break;
    case Motion::kTextBegin:
      to = 0;
      break;
    case Motion::kTextEnd:
      to = now_.text.size();
      break;
  }
  move_to(to, select);
}

void TextEditor::move_to(size_t offset, bool select) {
  last_edit_ = Edit::kNone;
  now_.caret = snap(offset);
  if (!select) now_.anchor = now_.caret;
}

void TextEditor::select(TextRange range) {
  last_edit_ = Edit::kNone;
  now_.anchor = snap(range.begin);
  now_.caret = snap(range.end);
}

void TextEditor::select_word(size_t offset) {
  if (kind_ == TextFieldKind::kSentence) {
    for (const HiddenPart& part : hidden_parts(now_.text)) {
      if (part.outer.contains(offset)) return select(part.outer);
    }
  }
  if (const std::optional<TextRange> word = word_at(now_.text, offset)) select(*word);
}

void TextEditor::select_all() { select({0, now_.text.size()}); }

bool TextEditor::toggle_hidden_at(size_t offset) {
  if (kind_ != TextFieldKind::kSentence) return false;
  const std::optional<EditedText> edited = toggle_hidden(now_.text, offset);
  if (!edited) return false;
  remember(Edit::kOther);
  now_.text = edited->text;
  now_.caret = now_.anchor = snap(edited->caret);
  return true;
}

bool TextEditor::toggle_hidden_here() {
  if (selection().empty()) return toggle_hidden_at(now_.caret);
  for (const HiddenPart& part : hidden_parts(now_.text)) {
    if (part.outer == selection()) return toggle_hidden_at(part.inner.begin);
  }
  const std::optional<EditedText> edited = hide_range(now_.text, selection());
  if (!edited) return false;
  remember(Edit::kOther);
  now_.text = edited->text;
  now_.caret = now_.anchor = snap(edited->caret);
  return true;
}

void TextEditor::undo() {
  if (undo_.empty()) return;
  redo_.push_back(std::move(now_));
  now_ = std::move(undo_.back());
  undo_.pop_back();
  last_edit_ = Edit::kNone;
}

void TextEditor::redo() {
  if (redo_.empty()) return;
  undo_.push_back(std::move(now_));
  now_ = std::move(redo_.back());
  redo_.pop_back();
  last_edit_ = Edit::kNone;
}

// To a caret stop, and out of a hidden word to its nearer side.
size_t TextEditor::snap(size_t offset) const {
  offset = snap_to_border(now_.text, std::min(offset, now_.text.size()));
  if (kind_ == TextFieldKind::kSentence) {
    for (const HiddenPart& part : hidden_parts(now_.text)) {
      if (offset <= part.outer.begin || offset >= part.outer.end) continue;
      return offset - part.outer.begin < part.outer.end - offset ? part.outer.begin
                                                                 : part.outer.end;
    }
  }
  return offset;
}

size_t TextEditor::step_left(size_t offset) const {
  if (kind_ == TextFieldKind::kSentence) {
    for (const HiddenPart& part : hidden_parts(now_.text)) {
      if (part.outer.end == offset) return part.outer.begin;
    }
  }
  return previous_stop(now_.text, offset);
}

size_t TextEditor::step_right(size_t offset) const {
  if (kind_ == TextFieldKind::kSentence) {
    for (const HiddenPart& part : hidden_parts(now_.text)) {
      if (part.outer.begin == offset) return part.outer.end;
    }
  }
  return next_stop(now_.text, offset);
}

size_t TextEditor::word_left(size_t offset) const {
  const auto before = [&](size_t at) { return code_point_at(now_.text, step_left(at)).value; };
  while (offset > 0 && !is_word_character(before(offset)) && before(offset) != U'[')
    offset = step_left(offset);
  if (offset > 0 && before(offset) == U'[') return step_left(offset);
  while (offset > 0 && is_word_character(before(offset))) offset = step_left(offset);
  return offset;
}

size_t TextEditor::word_right(size_t offset) const {
  const auto here = [&](size_t at) { return code_point_at(now_.text, at).value; };
  const size_t size = now_.text.size();
  if (offset < size && here(offset) == U'[') {
    offset = step_right(offset);
  } else {
    while (offset < size && is_word_character(here(offset))) offset = step_right(offset);
  }
  while (offset < size && !is_word_character(here(offset)) && here(offset) != U'[')
    offset = step_right(offset);
  return offset;
}

}  // namespace realm::view
