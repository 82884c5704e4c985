// JSON fixtures. Reading throws std::exception when a file is missing or malformed, which fails the
// test that asked.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace realm::testing {

nlohmann::json read_json(const std::filesystem::path& file);
// JSON Lines: one document a line, empty lines left out.
std::vector<nlohmann::json> read_json_lines(const std::filesystem::path& file);

}  // namespace realm::testing
