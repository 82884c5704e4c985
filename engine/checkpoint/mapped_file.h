// MappedFile: a regular file mapped read-only into memory, for checkpoints of any size. Nothing is
// read until it is touched.
//
// Immutable after construction, so safe to share between threads. Construction opens the file
// (blocking); a file that another program shortens while it is mapped takes this process down with
// it, so our own writers replace files and never cut them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace realm {

class MappedFile {
 public:
  // Throws Error{kNotFound, kIo}: no such file, not a regular file, not readable.
  explicit MappedFile(std::filesystem::path path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

 private:
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace realm
