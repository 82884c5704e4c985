// Texts at the door of the corpus, and how its table shows them. Thread-safe; does not block.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace realm {

// Makes a valid text fit for the corpus: CRLF and CR become LF, other control characters below
// U+0020 (but tab) and U+007F become spaces, white space at both ends goes. Returns whether control
// characters were replaced.
bool clean_text(std::string& text);
// The same for what stands on one line (a title, a source, a licence): line ends and tabs become
// spaces too.
bool clean_line(std::string& text);

// The first words of a text on one line, at most `bytes` long, cut between words, with an ellipsis
// when it was cut.
std::string first_words(std::string_view text, size_t bytes);
// The words around the bytes [begin, end) of a text in the same way, with U+0002 and U+0003 around
// those bytes themselves.
std::string words_around(std::string_view text, size_t begin, size_t end, size_t bytes);
int64_t count_words(std::string_view text);  // runs of anything but ASCII white space

}  // namespace realm
