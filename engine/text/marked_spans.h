// Spans marked in a text as "[[...]]": what a user hides, and the salient spans of a training text
// (REALM section 3.4). Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/byte_span.h"

namespace realm {

struct MarkedText {
  std::string text;  // without the brackets
  std::vector<ByteSpan>
      spans;  // what stood in brackets, as bytes of `text`; in order, never overlapping

  // The bytes of the text with its brackets that a range of `text` came from. A range over a
  // bracket includes it.
  ByteSpan original(ByteSpan range) const noexcept;
};

// Takes the brackets away. "]]" without "[[" before it is plain text. Throws
// Error{kInvalidArgument} when "[[" is not closed, or another one stands inside. The brackets may
// be empty: it is for the caller to say what that means.
MarkedText parse_marked_spans(std::string_view text);

}  // namespace realm
