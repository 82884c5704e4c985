// The sentence of a question, x with its hidden words: "3 is a [[Fermat]] prime." hides one word
// and keeps it as the right answer; "[MASK]" hides one word piece without an answer.
//
// Pure functions over UTF-8 text with byte offsets; thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace realm::view {

// Half-open bytes [begin, end).
struct TextRange {
  size_t begin = 0, end = 0;
  bool empty() const { return begin >= end; }
  bool contains(size_t at) const { return at >= begin && at < end; }
  friend bool operator==(const TextRange&, const TextRange&) = default;
};

struct HiddenPart {
  TextRange outer{};     // with the brackets
  TextRange inner{};     // the word; of [MASK] the letters MASK
  bool is_mask = false;  // [MASK]: no answer is known
};

// All well-formed [[...]] and [MASK] in order. Brackets that are not closed, or closed around
// nothing, stay plain text.
std::vector<HiddenPart> hidden_parts(std::string_view text);

bool hides_something(std::string_view text);

// The text as it reads with every hidden word in place.
std::string plain_text(std::string_view text);

// The hidden words in order; [MASK]s have none.
std::vector<std::string> hidden_words(std::string_view text);

// The word around or right before byte `at`: letters and digits of any script, with apostrophes
// inside words and commas and points inside numbers. nullopt: no word is there.
std::optional<TextRange> word_at(std::string_view text, size_t at);

struct EditedText {
  std::string text{};
  size_t caret = 0;
};

// Hides the word at `at`, or restores the hidden one there. nullopt: there is nothing to hide or
// restore.
std::optional<EditedText> toggle_hidden(std::string_view text, size_t at);

// Hides exactly `range` as one answer (its spaces at the ends left out); hidden parts inside it are
// restored first.
std::optional<EditedText> hide_range(std::string_view text, TextRange range);

// Every hidden word back in its place; [MASK]s stay.
EditedText restore_all(std::string_view text);

}  // namespace realm::view
