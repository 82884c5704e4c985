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
// A sentence ends
//  - at a blank line (a heading is a sentence of its own);
//  - behind . ! ? or an ellipsis, and the quotes and brackets that close there, when space follows
//  and then no lower-case
//    letter, except after
//      a title or another word that announces what follows (Dr., Gen., St., No., pp., c., e.g.),
//      an initial or a dotted short form (J. R. R. Tolkien, U.S. Army), or one that is as often
//      inside a sentence (Inc., etc., a.m.), unless the next word is one that mostly begins
//      sentences (The, He, In, ...), a month's short form before a number (Jan. 5), and the number
//      of a list item (1. First);
//  - behind an ideographic full stop, exclamation or question mark.
std::vector<ByteSpan> split_sentences(std::string_view text);

}  // namespace realm
