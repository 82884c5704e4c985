// The words of a text as people write them, for the rules that look for names, numbers and dates.
// Pure function, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/byte_span.h"

namespace realm {

struct TextWord {
  std::string_view text;  // part of the text that was given
  ByteSpan bytes;
  size_t sentence = 0;           // number of its sentence, from 0
  bool begins_sentence = false;  // nothing but quotes and brackets stands before it in its sentence
  bool capitalised = false;
  bool starts_with_digit = false;
};

// Words are runs of letters, marks and digits. Inside a word may stand hyphens and apostrophes
// between letters ("Anglo-Saxon", "O'Brien") and separators between digits ("8,849", "3.14"). A
// possessive 's is not part of the word, and "mid-" before one is a word of its own.
std::vector<TextWord> split_words(std::string_view text);

// ASCII letters in lower case.
std::string lower_ascii(std::string_view text);

}  // namespace realm
