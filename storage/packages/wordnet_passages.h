// Passages from the nouns of WordNet 3.0 in the rendering of the Debian package dict-wn:
//
//   aardvark
//       n 1: nocturnal burrowing mammal of the grasslands of Africa that
//            feeds on termites; "an example" [syn: {aardvark}, {ant bear}]
//       2: ...
//       v 1: ...
//
// becomes the title "aardvark" and the text "An aardvark, or ant bear, is a nocturnal burrowing
// mammal of the grasslands of Africa that feeds on termites. For example: "an example"." Meanings
// follow each other in WordNet's order. What is no noun is left out.
//
// Which headwords get a passage: all words of one meaning share its explanation (117,798 nouns
// have 82,115 meanings), so that a passage for every headword would say the same up to a dozen
// times. A headword has one when WordNet names it first in at least one of its meanings, or when
// it is the first full name of somebody or something that is named first by the last word alone
// ("Aaron Burr", where "Burr" is first). All its meanings are told then. The other headwords stand
// in those passages as synonyms.
//
// Pure function, thread-safe.
#pragma once

#include <string_view>

#include "storage/packages/entry_source.h"

namespace realm {

MadeEntry make_wordnet_entry(std::string_view article);

}  // namespace realm
