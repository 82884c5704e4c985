// TensorTable: what a reader of one file format found, before TensorFile puts it behind look-ups.
// Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/checkpoint/tensor_view.h"

namespace realm {

struct TensorTable {
  struct Entry {
    std::string name;
    TensorView tensor;
  };
  std::vector<Entry> entries;  // in file order; names are unique
  std::map<std::string, std::string> metadata;
};

// A text from a file as it may stand in a message: in quotes, escaped, valid UTF-8, cut after 200
// bytes.
std::string in_quotes(std::string_view text);
// The same without the quotes.
std::string printable(std::string_view text);

}  // namespace realm
