#include "tests/support/parity.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace realm::testing {
namespace {

std::vector<std::filesystem::path> places() {
  std::vector<std::filesystem::path> folders;
  const char* chosen = std::getenv("REALM_PARITY_DIR");
  if (chosen != nullptr && *chosen != '\0') {
    folders.emplace_back(chosen);
  } else {
    folders.emplace_back(REALM_DEFAULT_PARITY_DIR);
  }
  folders.emplace_back(REALM_GOLDEN_DIR);
  return folders;
}

}  // namespace

std::optional<std::filesystem::path> find_parity(std::string_view name) {
  for (const std::filesystem::path& folder : places()) {
    std::error_code ignored;
    if (std::filesystem::exists(folder / name, ignored)) return folder / name;
  }
  return std::nullopt;
}

std::string parity_skip_reason(std::string_view name) {
  return fmt::format(
      "the parity fixture {} is not here: set REALM_PARITY_DIR to the folder of the fixtures",
      name);
}

std::filesystem::path require_parity(std::string_view name) {
  std::optional<std::filesystem::path> path = find_parity(name);
  if (!path) throw std::runtime_error(parity_skip_reason(name));
  return *path;
}

std::filesystem::path golden(std::string_view name) {
  return std::filesystem::path(REALM_GOLDEN_DIR) / name;
}

}  // namespace realm::testing
