#include "app/view/sentence.h"

#include <algorithm>

#include "app/view/utf8.h"

namespace realm::view {
namespace {

constexpr std::string_view kOpen = "[[";
constexpr std::string_view kClose = "]]";
constexpr std::string_view kMask = "[MASK]";

bool is_digit(std::string_view text, size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// Whether the code point at `at` belongs to a word, given what stands around it.
bool is_in_word(std::string_view text, size_t at) {
  const CodePoint c = code_point_at(text, at);
  if (c.length == 0) return false;
  if (is_word_character(c.value)) return true;
  if (at == 0) return false;
  const CodePoint before = code_point_at(text, snap_to_border(text, at - 1));
  const CodePoint after = code_point_at(text, at + c.length);
  if (c.value == U'\'' || c.value == U'\u2019') {
    return is_word_character(before.value) && after.length > 0 && is_word_character(after.value);
  }
  if (c.value == U',' || c.value == U'.') {
    return is_digit(text, at - 1) && is_digit(text, at + 1);
  }
  return false;
}

TextRange trimmed(std::string_view text, TextRange range) {
  while (range.begin < range.end && is_space(code_point_at(text, range.begin).value)) {
    range.begin += code_point_at(text, range.begin).length;
  }
  while (range.end > range.begin) {
    const size_t last = snap_to_border(text, range.end - 1);
    if (!is_space(code_point_at(text, last).value)) break;
    range.end = last;
  }
  return range;
}

}  // namespace

std::vector<HiddenPart> hidden_parts(std::string_view text) {
  std::vector<HiddenPart> parts;
  for (size_t at = 0; at < text.size();) {
    if (text.substr(at, kMask.size()) == kMask) {
      parts.push_back({.outer = {at, at + kMask.size()},
                       .inner = {at + 1, at + kMask.size() - 1},
                       .is_mask = true});
      at += kMask.size();
      continue;
    }
    if (text.substr(at, kOpen.size()) == kOpen) {
      const size_t inner = at + kOpen.size();
      const size_t close = text.find(kClose, inner);
      const std::string_view word =
          close == std::string_view::npos ? std::string_view{} : text.substr(inner, close - inner);
      if (!trimmed(text, {inner, inner + word.size()}).empty() &&
          word.find_first_of("[]\n") == std::string_view::npos) {
        parts.push_back({.outer = {at, close + kClose.size()}, .inner = {inner, close}});
        at = close + kClose.size();
        continue;
      }
    }
    ++at;
  }
  return parts;
}

bool hides_something(std::string_view text) { return !hidden_parts(text).empty(); }

std::string plain_text(std::string_view text) { return restore_all(text).text; }

std::vector<std::string> hidden_words(std::string_view text) {
  std::vector<std::string> words;
  for (const HiddenPart& part : hidden_parts(text)) {
    if (!part.is_mask)
      words.emplace_back(text.substr(part.inner.begin, part.inner.end - part.inner.begin));
  }
  return words;
}

std::optional<TextRange> word_at(std::string_view text, size_t at) {
  at = snap_to_border(text, std::min(at, text.size()));
  if (!is_in_word(text, at)) {
    if (at == 0) return std::nullopt;
    at = snap_to_border(text, at - 1);
    if (!is_in_word(text, at)) return std::nullopt;
  }
  TextRange word{at, at};
  while (word.begin > 0) {
    const size_t before = snap_to_border(text, word.begin - 1);
    if (!is_in_word(text, before)) break;
    word.begin = before;
  }
  while (word.end < text.size() && is_in_word(text, word.end)) {
    word.end += code_point_at(text, word.end).length;
  }
  return word;
}

std::optional<EditedText> toggle_hidden(std::string_view text, size_t at) {
  const std::vector<HiddenPart> parts = hidden_parts(text);
  for (const HiddenPart& part : parts) {
    if (at < part.outer.begin || at > part.outer.end || part.is_mask) continue;
    if (at == part.outer.end && word_at(text, at) && word_at(text, at)->begin >= at) continue;
    EditedText edited;
    edited.text = std::string(text.substr(0, part.outer.begin));
    edited.text += text.substr(part.inner.begin, part.inner.end - part.inner.begin);
    edited.caret = edited.text.size();
    edited.text += text.substr(part.outer.end);
    return edited;
  }
  for (const HiddenPart& part : parts) {
    if (part.is_mask && part.outer.contains(at)) return std::nullopt;
  }
  const std::optional<TextRange> word = word_at(text, at);
  if (!word) return std::nullopt;
  return hide_range(text, *word);
}

std::optional<EditedText> hide_range(std::string_view text, TextRange range) {
  range.begin = snap_to_border(text, std::min(range.begin, text.size()));
  range.end = snap_to_border(text, std::min(range.end, text.size()));
  for (const HiddenPart& part : hidden_parts(text)) {  // a part cut by the range is taken in whole
    if (part.outer.end <= range.begin || part.outer.begin >= range.end) continue;
    if (part.is_mask) return std::nullopt;
    range.begin = std::min(range.begin, part.outer.begin);
    range.end = std::max(range.end, part.outer.end);
  }
  range = trimmed(text, range);
  const std::string word = plain_text(text.substr(range.begin, range.end - range.begin));
  if (word.empty() || word.find_first_of("[]\n") != std::string::npos) return std::nullopt;
  EditedText edited;
  edited.text = std::string(text.substr(0, range.begin));
  edited.text += kOpen;
  edited.text += word;
  edited.text += kClose;
  edited.caret = edited.text.size();
  edited.text += text.substr(range.end);
  return edited;
}

EditedText restore_all(std::string_view text) {
  EditedText edited;
  size_t at = 0;
  for (const HiddenPart& part : hidden_parts(text)) {
    if (part.is_mask) continue;
    edited.text += text.substr(at, part.outer.begin - at);
    edited.text += text.substr(part.inner.begin, part.inner.end - part.inner.begin);
    at = part.outer.end;
  }
  edited.text += text.substr(at);
  edited.caret = edited.text.size();
  return edited;
}

}  // namespace realm::view
