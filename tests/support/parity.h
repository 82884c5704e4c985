// Where the parity fixtures are: outputs of the reference implementations (REALM_SPEC section 12).
//
// Looked for, in this order: the folder that REALM_PARITY_DIR names, shared/parity beside the
// checkout, and the copy of the smaller fixtures in tests/golden that a lone clone carries.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace realm::testing {

// The existing file or folder `name` ("tokenizer/vocab.txt", "cfg_b/encoder") of the fixtures;
// nullopt when no place has it.
std::optional<std::filesystem::path> find_parity(std::string_view name);
// Why find_parity(name) found nothing, as a reason for GTEST_SKIP.
std::string parity_skip_reason(std::string_view name);
// The same, for fixtures that tests/golden holds: their absence is a failure. Throws
// std::runtime_error.
std::filesystem::path require_parity(std::string_view name);
// A file or folder of tests/golden.
std::filesystem::path golden(std::string_view name);

}  // namespace realm::testing

// Binds `variable` to the path of a fixture, or skips the test with the reason why there is none.
#define REALM_PARITY_OR_SKIP(variable, name)                                         \
  const std::optional<std::filesystem::path> variable##_found =                      \
      ::realm::testing::find_parity(name);                                           \
  if (!variable##_found) GTEST_SKIP() << ::realm::testing::parity_skip_reason(name); \
  const std::filesystem::path variable = *variable##_found
