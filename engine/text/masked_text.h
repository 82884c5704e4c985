// What a user asks: a text in which words are hidden, as x with [MASK] pieces and, where it is
// known, y (REALM section 3.1).
//
// "[MASK]" hides one piece. "[[Fermat]]" hides that word, as many pieces as it has, and makes it y;
// several [[ ]] of one text are one y, piece after piece. Pure function, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/bert_input.h"
#include "engine/text/byte_span.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

struct MaskedText {
  std::vector<int32_t>
      ids;  // pieces of x, [MASK] in place, cut to the query length; without [CLS] and [SEP]
  std::vector<int> masks;       // indices into ids, rising
  std::vector<int32_t> answer;  // y's pieces, one a mask; empty when the query names no answer
  std::string answer_text;      // y as the user wrote it; several [[ ]] are joined by a space
  bool truncated = false;       // pieces at the end of x were cut off, none of them hidden
  // For each piece of ids the bytes of the user's text that it came from: of a [[word]]'s mask the
  // piece of the word, of a plain mask "[MASK]" itself (shared by all masks that one answer made of
  // it).
  std::vector<ByteSpan> bytes;
};

// x is cut to lengths.query - 2 pieces. `answer` names y for plain [MASK]s: one run of them
// (nothing but space between) becomes as many as y has pieces; separate ones must be as many as y's
// pieces. Throws Error{kInvalidArgument}, whose sentence says what to write instead: nothing is
// hidden; [[ is not closed or holds no word; both [MASK] and [[ ]]; an answer beside [[ ]]; a count
// of masks that the answer does not fit; a hidden word that the vocabulary does not know; a mask
// that would be cut off; a text that is not UTF-8.
MaskedText parse_masked_text(std::string_view text, const std::optional<std::string>& answer,
                             const WordPieceTokenizer& tokenizer, const SequenceLengths& lengths);

}  // namespace realm
