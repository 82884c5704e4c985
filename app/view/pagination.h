// Pages of a long list: which rows are on screen of how many. A value; pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "app/view/number_format.h"

namespace realm::view {

struct Pagination {
  int64_t offset = 0, total = 0;
  int limit = 200;  // rows a page, >= 1

  bool can_go_back() const { return offset > 0; }
  bool can_go_forward() const { return offset + limit < total; }
  int64_t previous_offset() const { return std::max<int64_t>(0, offset - limit); }
  int64_t next_offset() const { return can_go_forward() ? offset + limit : offset; }
  int64_t last_offset() const { return total == 0 ? 0 : (total - 1) / limit * limit; }

  // "1–200 of 2,941"; "no rows" where there are none.
  std::string label() const {
    if (total == 0) return "no rows";
    return format_count(offset + 1) + "\u2013" + format_count(std::min(offset + limit, total)) +
           " of " + format_count(total);
  }
};

}  // namespace realm::view
