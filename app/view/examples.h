// The example gallery: rows {"title", "text", "note"} of a workspace's examples.json. Pure parsing,
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace realm::view {

struct Example {
  std::string title{};  // what it shows, a few words
  std::string text{};   // the sentence with its [[hidden]] word
  std::string note{};   // one sentence; may be empty
};

// Rows without a text, or whose text hides nothing, are left out. Throws Error{kCorruptData} where
// the text is not a JSON array of objects.
std::vector<Example> parse_examples(std::string_view json);

}  // namespace realm::view
