#include "trainer/parallel/rank_environment.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

std::string text_of(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int whole_number(const char* name, int smallest, int largest) {
  const std::string text = text_of(name);
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value < smallest || value > largest) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("WORLD_SIZE asks for several processes, so the variable {} must be a "
                            "number from {} to {}, but it is '{}'.",
                            name, smallest, largest, text));
  }
  return value;
}

}  // namespace

std::optional<RankEnvironment> rank_environment() {
  const std::string size = text_of("WORLD_SIZE");
  if (size.empty() || size == "1") return std::nullopt;
  RankEnvironment out;
  out.size = whole_number("WORLD_SIZE", 1, 100'000);
  out.rank = whole_number("RANK", 0, out.size - 1);
  out.port = static_cast<uint16_t>(whole_number("MASTER_PORT", 1, 65'535));
  out.address = text_of("MASTER_ADDR");
  if (out.address.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "WORLD_SIZE asks for several processes, so the variable MASTER_ADDR must name the "
                "machine of the first.");
  }
  out.has_store = text_of("TORCHELASTIC_USE_AGENT_STORE") == "True";
  return out;
}

}  // namespace realm
