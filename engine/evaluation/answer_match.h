// When an answer counts as right: the normalised exact match of open-domain question answering,
// token F1, and the regular expressions of CuratedTREC (REALM_SPEC 8).
//
// Pure functions over UTF-8, thread-safe. Invalid UTF-8 is read as U+FFFD.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace realm {

// Canonical decomposition, lower case, ASCII punctuation removed, the words a, an and the removed,
// white space collapsed. Accents stay (decomposed), and so does punctuation outside ASCII.
std::string normalize_answer(std::string_view text);

// The normalised texts are equal.
bool exact_match(std::string_view prediction, std::string_view answer);
bool exact_match_any(std::string_view prediction, std::span<const std::string> answers);

// Harmonic mean of precision and recall over the normalised words, counted with repetition; in
// [0,1]. Two texts without any word agree (1); one without any and one with some do not (0).
double token_f1(std::string_view prediction, std::string_view answer);

// The pattern matches at the beginning of the prediction (not necessarily up to its end), case
// ignored. A pattern that is not a regular expression matches nothing. Differs from paper: the
// patterns are read as ECMAScript's instead of Python's, which are the same for what the data set
// uses (alternatives, groups, classes, repetition, back references).
bool regex_match(std::string_view prediction, std::string_view pattern);

}  // namespace realm
