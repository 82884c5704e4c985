// The words that a person searches a list by: a text is found that has all of them, in any order
// and as parts of words. ASCII case is ignored.
//
// A value; thread-compatible.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace realm::view {

class WordFilter {
 public:
  explicit WordFilter(std::string_view filter);

  bool is_empty() const { return words_.empty(); }  // every text is found
  bool finds(std::string_view text) const;

 private:
  std::vector<std::string> words_;  // lower case
};

}  // namespace realm::view
