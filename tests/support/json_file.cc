#include "tests/support/json_file.h"

#include <sstream>

#include "tests/support/temp_directory.h"

namespace realm::testing {

nlohmann::json read_json(const std::filesystem::path& file) {
  return nlohmann::json::parse(read_file(file));
}

std::vector<nlohmann::json> read_json_lines(const std::filesystem::path& file) {
  std::vector<nlohmann::json> documents;
  std::istringstream stream(read_file(file));
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) documents.push_back(nlohmann::json::parse(line));
  }
  return documents;
}

}  // namespace realm::testing
