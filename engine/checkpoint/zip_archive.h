// ZipArchive: the stored (uncompressed) entries of a zip file as windows onto its bytes
// (REALM_SPEC 10.2a). Zip64 is read; compressed or encrypted entries are refused when asked for.
// Immutable; safe to share. Reads the central directory only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/checkpoint/mapped_file.h"

namespace realm {

class ZipArchive {
 public:
  // `file` must outlive the archive. Throws Error{kCorruptData} when the directory contradicts the
  // file.
  explicit ZipArchive(const MappedFile& file);

  const std::vector<std::string>& names() const noexcept { return names_; }
  bool contains(std::string_view name) const {
    return entries_.find(std::string(name)) != entries_.end();
  }
  // The entry's bytes. Throws Error{kCorruptData} when it is absent or out of range,
  // Error{kUnsupported} when compressed.
  std::span<const std::byte> read(std::string_view name) const;

 private:
  struct Entry {
    uint64_t header_offset = 0;
    uint64_t size = 0;
    uint64_t stored_size = 0;
    uint16_t method = 0;
    uint16_t flags = 0;
  };
  [[noreturn]] void fail(const std::string& what) const;
  std::span<const std::byte> find_directory(uint64_t& entry_count) const;
  std::span<const std::byte> slice(uint64_t offset, uint64_t size, const char* what) const;

  const MappedFile& file_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace realm
