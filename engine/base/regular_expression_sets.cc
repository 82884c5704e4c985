#include "engine/base/regular_expression_sets.h"

#include <algorithm>

namespace realm {
namespace {

// The other case of a letter; the letter itself where it has none.
char32_t other_case(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (within('a', 'z') || (within(0xE0, 0xFE) && c != 0xF7)) return c - 0x20;
  if (within('A', 'Z') || (within(0xC0, 0xDE) && c != 0xD7)) return c + 0x20;
  if (within(0x391, 0x3A9) || within(0x410, 0x42F)) return c + 0x20;
  if (within(0x3B1, 0x3C9) || within(0x430, 0x44F)) return c == 0x3C2 ? 0x3A3 : c - 0x20;
  if (within(0x400, 0x40F)) return c + 0x50;
  if (within(0x450, 0x45F)) return c - 0x50;
  // Latin Extended-A: pairs, which begin at an even number and, between U+0139 and U+0148 and from
  // U+0179 on, at an odd one.
  if (within(0x100, 0x137) && c != 0x130 && c != 0x131) return c ^ 1U;
  if (within(0x14A, 0x177)) return c ^ 1U;
  if (within(0x139, 0x148) || within(0x179, 0x17E)) return ((c + 1) ^ 1U) - 1;
  return c;
}

}  // namespace

CodePointSet tidy_set(CodePointSet ranges) {
  std::sort(ranges.begin(), ranges.end());
  CodePointSet set;
  for (const auto& [first, last] : ranges) {
    if (!set.empty() && first <= set.back().second + 1) {
      set.back().second = std::max(set.back().second, last);
    } else {
      set.emplace_back(first, last);
    }
  }
  return set;
}

CodePointSet all_code_points_but(const CodePointSet& set) {
  CodePointSet rest;
  char32_t next = 0;
  for (const auto& [first, last] : set) {
    if (first > next) rest.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= kLastCodePoint) rest.emplace_back(next, kLastCodePoint);
  return rest;
}

CodePointSet in_both_cases(const CodePointSet& set) {
  constexpr char32_t kLastCased = 0x45F;
  CodePointSet both = set;
  for (const auto& [first, last] : set) {
    for (char32_t c = first; c <= std::min(last, kLastCased); ++c)
      both.emplace_back(other_case(c), other_case(c));
  }
  return tidy_set(both);
}

const CodePointSet& regex_word_set() {
  static const CodePointSet kWord = {
      {'0', '9'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},        {0xAA, 0xAA},
      {0xB5, 0xB5},     {0xBA, 0xBA},     {0xC0, 0xD6},     {0xD8, 0xF6},      {0xF8, 0x1FFF},
      {0x2C00, 0x2DFF}, {0x3040, 0xD7FF}, {0xF900, 0xFDFF}, {0x10000, 0xEFFFF}};
  return kWord;
}

}  // namespace realm
