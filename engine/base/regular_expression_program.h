// What a regular expression is compiled into. Private to engine/base/regular_expression.cc.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/regular_expression_sets.h"

namespace realm {

struct RegexInstruction {
  enum class Kind : uint8_t { kSet, kSplit, kBegin, kEnd, kBorder, kNoBorder, kMatch };
  Kind kind = Kind::kMatch;
  int32_t next = 0;
  int32_t other = 0;  // kSplit: the second way; kSet: the set's number
};

struct RegexProgram {
  std::vector<RegexInstruction> code;
  std::vector<CodePointSet> sets;
  int32_t start = 0;
  bool looks_at_neighbours = false;  // it has ^ $ \b or \B
};

// Throws Error{kInvalidArgument}.
RegexProgram compile_regular_expression(std::string_view expression);

}  // namespace realm
