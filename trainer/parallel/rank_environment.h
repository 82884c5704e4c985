// torchrun's variables, read and checked. A plain value; no thread rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace realm {

struct RankEnvironment {
  int rank = 0, size = 1;
  std::string address;     // of the first rank's machine
  uint16_t port = 0;       // where its store listens
  bool has_store = false;  // torchrun itself keeps the store there
};

// nullopt where WORLD_SIZE is not set or 1. Throws Error{kInvalidArgument} naming a variable that
// is missing or wrong.
std::optional<RankEnvironment> rank_environment();

}  // namespace realm
