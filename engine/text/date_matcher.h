// Dates in the usual English forms, one of the two kinds of salient spans of REALM (section 3.4).
// Pure, thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/text/text_words.h"

namespace realm {

// How many words from words[at] on are a date; 0 when none begins there. `text` is the text of the
// words. Known are
//   (Friday,) (5th) March (1998), March 5(th)(, 1998), 5 of March; a month or a weekday alone
//   March 5-7, 1998; 5-7 March 1998; Fourth of July; Friday the 13th; Mondays
//   1998-03-05, 1998/3/5, 3/5/1998, 05.03.1998
//   a year from 1000 to 2099, 1914-18, 1990s, 44 BC, AD 79, 19th century, second century BC
// An article before it is not part of it. A four-digit number that counts something is no year:
// "1500 people".
size_t match_date(std::string_view text, std::span<const TextWord> words, size_t at);

}  // namespace realm
