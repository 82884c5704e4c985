// Numbers in the usual English forms, one kind of salient spans (REALM section 3.4). Pure,
// thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/text/byte_span.h"
#include "engine/text/text_words.h"

namespace realm {

struct NumberMatch {
  size_t words = 0;  // 0: no number begins here
  ByteSpan bytes;    // with a sign, a currency or a percent sign that belongs to it
};

// The number that words[at] begins; `text` is the text of the words. Known are
//   8,849  3.14  21st  -40  12%  3/4  9:45
//   $300  £4.5 billion  3.5 million
//   two to nineteen, twenty-five, one million, two hundred thousand; "one" alone is no number
// Units are not part of it.
NumberMatch match_number(std::string_view text, std::span<const TextWord> words, size_t at);

}  // namespace realm
