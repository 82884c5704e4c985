// Building blocks of the JSON that the commands print. Private to app/cli.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace realm::cli {

using Json = nlohmann::ordered_json;

// A number with all its digits; null for what is not finite.
inline Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

inline std::string dump(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

inline std::string dump_line(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace realm::cli
