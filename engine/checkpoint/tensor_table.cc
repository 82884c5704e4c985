#include "engine/checkpoint/tensor_table.h"

#include <nlohmann/json.hpp>

namespace realm {

std::string in_quotes(std::string_view text) {
  constexpr size_t kLongest = 200;
  const bool cut = text.size() > kLongest;
  const nlohmann::json value = std::string(text.substr(0, kLongest)) + (cut ? "..." : "");
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string printable(std::string_view text) {
  const std::string with_quotes = in_quotes(text);
  return with_quotes.substr(1, with_quotes.size() - 2);
}

}  // namespace realm
