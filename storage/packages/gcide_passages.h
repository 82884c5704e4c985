// Passages from the articles of GCIDE, the GNU version of the Collaborative International
// Dictionary of English (Debian package dict-gcide).
//
//   Benefit \Ben"e*fit\, n. [OE. benefet, fr. L. benefactum.]
//      1. An act of kindness; a favor conferred.
//         [1913 Webster]
//
// becomes the title "Benefit" and the text "Benefit (noun): 1. An act of kindness; a favor
// conferred." Pronunciations, etymologies, marks of origin ([1913 Webster]) and references' braces
// go; authors of quotations stand in brackets.
//
// Pure function, thread-safe.
#pragma once

#include <string_view>

#include "storage/packages/entry_source.h"

namespace realm {

MadeEntry make_gcide_entry(std::string_view article);

}  // namespace realm
