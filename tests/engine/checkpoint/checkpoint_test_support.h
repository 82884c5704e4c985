// What the tests of checkpoints share.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace realm::testing {

// Runs `action` and returns the realm::Error it throws; a failure of the test when it throws none.
template <typename Action>
std::optional<Error> error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no realm::Error was thrown";
  return std::nullopt;
}

template <typename Action>
void expect_error(ErrorCode code, std::string_view part_of_sentence, Action&& action) {
  const std::optional<Error> error = error_of(action);
  if (!error) return;
  EXPECT_EQ(static_cast<int>(error->code()), static_cast<int>(code)) << error->what();
  EXPECT_NE(std::string(error->what()).find(part_of_sentence), std::string::npos) << error->what();
}

template <typename T>
std::string little_endian(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

// A safetensors file of this header and data.
inline std::string safetensors(std::string_view header, std::string_view data) {
  return little_endian<uint64_t>(header.size()).append(header).append(data);
}

// Compares two sets of names, in whatever order.
void expect_names(std::vector<std::string> found, std::vector<std::string> expected);

// A stored zip archive of these entries.
std::string zip_of(const std::map<std::string, std::string>& entries);

}  // namespace realm::testing
