// The first line of a small file of the system's, such as those of /proc; empty where it cannot be
// read. Any thread; blocks on disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace realm {

inline std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

}  // namespace realm
