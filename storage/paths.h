// Questions to the file system that give an answer where the standard ones throw: what cannot be
// reached is not there. Private to storage; thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <system_error>

namespace realm {

inline bool path_exists(const std::filesystem::path& path) noexcept {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

inline bool is_folder(const std::filesystem::path& path) noexcept {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

inline bool is_file(const std::filesystem::path& path) noexcept {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

inline int64_t size_of_file(const std::filesystem::path& path) noexcept {  // 0: none
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

}  // namespace realm
