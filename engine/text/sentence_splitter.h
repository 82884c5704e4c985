// Where the sentences of a text begin and end: by rules for English, which also serve other
// languages that end a sentence with . ! ? or their CJK forms. Block building and salient span
// masking work sentence by sentence (REALM_SPEC 5.1, 5.6). Pure function, thread-safe. Any bytes
// will do.
#pragma once

#include <string_view>
#include <vector>

#include "engine/text/byte_span.h"

namespace realm {

// The sentences in order, without the space around them; together they hold all that is not space.
//
// A sentence ends at a blank line (a heading is a sentence of its own), behind an ideographic full
// stop, exclamation or question mark, and behind . ! ? or an ellipsis with the quotes and brackets
// that close there, when space follows and then no lower-case letter. One dot does not end it after
//  - a word that announces what follows: Dr., Gen., e.g.; before a number also No., pp., c., Jan.;
//  - an initial (J. R. R. Tolkien), a dotted short form (U.S. Army), or a short form that is as
//    often inside a sentence (Inc., etc., a.m.), unless the next word is one that mostly begins
//    sentences (The, He, In, ...);
//  - the number of a list item (1. First).
std::vector<ByteSpan> split_sentences(std::string_view text);

}  // namespace realm
