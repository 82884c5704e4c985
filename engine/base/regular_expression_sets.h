// Sets of code points, as regular expressions need them. Private to engine/base. Pure functions.
#pragma once

#include <utility>
#include <vector>

namespace realm {

inline constexpr char32_t kLastCodePoint = 0x10FFFF;

// Ranges of code points, both ends in it, ascending and apart.
using CodePointSet = std::vector<std::pair<char32_t, char32_t>>;

CodePointSet tidy_set(CodePointSet ranges);  // of ranges in any order that may overlap
CodePointSet all_code_points_but(const CodePointSet& set);
CodePointSet in_both_cases(const CodePointSet& set);  // of Latin, Greek and Cyrillic letters
const CodePointSet& regex_word_set();                 // \w

}  // namespace realm
