// TempDirectory: an empty folder of a test's own, removed with everything in it when the object
// goes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace realm::testing {

class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  // Writes `content` to a file of this name (folders in it are made) and returns its path.
  std::filesystem::path write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// The whole content of a file. Throws std::runtime_error when it cannot be read.
std::string read_file(const std::filesystem::path& file);

}  // namespace realm::testing
