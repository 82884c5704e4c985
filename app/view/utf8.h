// Small UTF-8 helpers for text fields: code points, caret stops, word characters, folding.
//
// Invalid bytes are read as U+FFFD, one byte each, so that no function fails on any input. Pure and
// thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace realm::view {

struct CodePoint {
  char32_t value = 0;
  size_t length = 0;  // bytes, >= 1 but for an empty text
};

// The code point that begins at byte `at`; {0, 0} at the end.
CodePoint code_point_at(std::string_view text, size_t at);

// The next or previous place where a caret may stand: between user-perceived characters (combining
// marks stay with their base).
size_t next_stop(std::string_view text, size_t at);
size_t previous_stop(std::string_view text, size_t at);

// `at` moved back to the nearest code point border.
size_t snap_to_border(std::string_view text, size_t at);

bool is_word_character(char32_t c);  // letters, digits and marks of any script
bool is_space(char32_t c);

// Letters lower-cased one by one, for comparing words.
std::string fold_case(std::string_view text);

// What two words are compared by: folded, compatibility forms and accents taken off, as an uncased
// model sees them.
std::string match_key(std::string_view word);

// Valid UTF-8 without control characters; newlines are kept or, where they may not be, become
// spaces.
std::string clean_input(std::string_view text, bool keep_newlines);

// At most `max_characters` code points, the last one an ellipsis where something was cut.
std::string shorten(std::string_view text, size_t max_characters);

}  // namespace realm::view
