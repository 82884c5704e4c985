// Passages from the articles of FOLDOC, the Free On-line Dictionary of Computing (Debian package
// dict-foldoc).
//
// An article is headwords, a line each, then paragraphs indented by three spaces:
//
//   Free Software Foundation
//   FSF
//
//      <body> (FSF) An organisation devoted to {free software}.
//
//      {(ftp://ftp.gnu.ai.mit.edu)}.
//
//      (1995-12-10)
//
// The title is the first headword, and the text is plain sentences: references lose their braces;
// subject tags (<body>), pronunciations (/fred'net/), dates of the last change, editors' questions
// ([Dates?]), lists of further reading, addresses of any kind and pointers ("See also ...") go.
// Headwords that the text does not name are added as "Also known as ...".
//
// Pure function, thread-safe.
#pragma once

#include <string_view>

#include "storage/packages/entry_source.h"

namespace realm {

// One passage, or why there is none: an article about the dictionary itself, one that only points
// to others, one without a text. An article that is only the name of one other becomes a sentence:
// "EBNF stands for Extended Backus-Naur Form." One that is only a printed source becomes
// "... is described in ...".
MadeEntry make_foldoc_entry(std::string_view article);

}  // namespace realm
