#include "tests/engine/checkpoint/checkpoint_test_support.h"

#include <algorithm>

namespace realm::testing {

void expect_names(std::vector<std::string> found, std::vector<std::string> expected) {
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found, expected);
}

std::string zip_of(const std::map<std::string, std::string>& entries) {
  std::string file;
  std::string directory;
  for (const auto& [name, content] : entries) {
    const std::string sizes = little_endian<uint32_t>(0) +
                              little_endian<uint32_t>(static_cast<uint32_t>(content.size())) +
                              little_endian<uint32_t>(static_cast<uint32_t>(content.size())) +
                              little_endian<uint16_t>(static_cast<uint16_t>(name.size())) +
                              little_endian<uint16_t>(0);
    const std::string version_to_time =
        little_endian<uint16_t>(20) + std::string(8, '\0');  // flags and method are 0
    directory += "PK\x01\x02" + little_endian<uint16_t>(20) + version_to_time + sizes +
                 std::string(10, '\0') +
                 little_endian<uint32_t>(static_cast<uint32_t>(file.size())) + name;
    file += "PK\x03\x04" + version_to_time + sizes + name + content;
  }
  const auto count = static_cast<uint16_t>(entries.size());
  return file + directory + "PK\x05\x06" + std::string(4, '\0') + little_endian(count) +
         little_endian(count) + little_endian<uint32_t>(static_cast<uint32_t>(directory.size())) +
         little_endian<uint32_t>(static_cast<uint32_t>(file.size())) + std::string(2, '\0');
}

}  // namespace realm::testing
