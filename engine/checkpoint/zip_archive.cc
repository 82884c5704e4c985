#include "engine/checkpoint/zip_archive.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

using Bytes = std::span<const std::byte>;

constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kDirectoryEntry = 0x02014b50;
constexpr uint32_t kEndOfDirectory = 0x06054b50;
constexpr uint32_t kZip64EndOfDirectory = 0x06064b50;
constexpr uint32_t kZip64Locator = 0x07064b50;
constexpr size_t kLocalHeaderSize = 30;
constexpr size_t kDirectoryEntrySize = 46;
constexpr size_t kEndOfDirectorySize = 22;
constexpr size_t kZip64EndOfDirectorySize = 56;
constexpr size_t kZip64LocatorSize = 20;
constexpr size_t kLongestComment = 65535;
constexpr uint16_t kZip64Extra = 1;
constexpr uint16_t kEncrypted = 1;

// Little-endian number at `offset`; the caller has checked that it is there.
template <typename T>
T number(Bytes bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

}  // namespace

void ZipArchive::fail(const std::string& what) const {
  throw Error(ErrorCode::kCorruptData,
              "The archive \"" + file_.path().string() + "\" " + what + ".");
}

Bytes ZipArchive::slice(uint64_t offset, uint64_t size, const char* what) const {
  const Bytes all = file_.bytes();
  if (offset > all.size() || size > all.size() - offset) {
    fail(std::string("is damaged or cut short: ") + what + " should be at bytes " +
         std::to_string(offset) + " to " + std::to_string(offset) + " + " + std::to_string(size) +
         " of " + std::to_string(all.size()));
  }
  return all.subspan(offset, size);
}

Bytes ZipArchive::find_directory(uint64_t& entry_count) const {
  const Bytes all = file_.bytes();
  if (all.size() < kEndOfDirectorySize) fail("is cut short: it has no end-of-directory record");
  const size_t last = all.size() - kEndOfDirectorySize;
  const size_t first = last > kLongestComment ? last - kLongestComment : 0;
  size_t end = last + 1;
  for (size_t at = last + 1; at-- > first;) {
    if (number<uint32_t>(all, at) == kEndOfDirectory &&
        number<uint16_t>(all, at + 20) == all.size() - at - kEndOfDirectorySize) {
      end = at;
      break;
    }
  }
  if (end > last) fail("is damaged or cut short: it has no end-of-directory record");

  entry_count = number<uint16_t>(all, end + 10);
  uint64_t size = number<uint32_t>(all, end + 12);
  uint64_t offset = number<uint32_t>(all, end + 16);
  if (end >= kZip64LocatorSize && number<uint32_t>(all, end - kZip64LocatorSize) == kZip64Locator) {
    const auto record_offset = number<uint64_t>(all, end - kZip64LocatorSize + 8);
    const Bytes record =
        slice(record_offset, kZip64EndOfDirectorySize, "the zip64 end-of-directory record");
    if (number<uint32_t>(record, 0) != kZip64EndOfDirectory)
      fail("is damaged: its zip64 locator points at something else");
    entry_count = number<uint64_t>(record, 32);
    size = number<uint64_t>(record, 40);
    offset = number<uint64_t>(record, 48);
  }
  return slice(offset, size, "the directory");
}

ZipArchive::ZipArchive(const MappedFile& file) : file_(file) {
  uint64_t entry_count = 0;
  Bytes rest = find_directory(entry_count);
  for (uint64_t i = 0; i < entry_count; ++i) {
    // Each turn takes at least 46 bytes of the directory, so a false count ends here and not in
    // memory.
    if (rest.size() < kDirectoryEntrySize || number<uint32_t>(rest, 0) != kDirectoryEntry) {
      fail("is damaged: its directory ends after " + std::to_string(i) + " of " +
           std::to_string(entry_count) + " entries");
    }
    const size_t name_size = number<uint16_t>(rest, 28);
    const size_t extra_size = number<uint16_t>(rest, 30);
    const size_t comment_size = number<uint16_t>(rest, 32);
    if (rest.size() - kDirectoryEntrySize < name_size + extra_size + comment_size)
      fail("is damaged: its directory is cut short");

    Entry entry;
    entry.flags = number<uint16_t>(rest, 8);
    entry.method = number<uint16_t>(rest, 10);
    entry.stored_size = number<uint32_t>(rest, 20);
    entry.size = number<uint32_t>(rest, 24);
    entry.header_offset = number<uint32_t>(rest, 42);
    const std::string name(reinterpret_cast<const char*>(rest.data()) + kDirectoryEntrySize,
                           name_size);

    // Zip64: the fields that read all ones are given in full in an extra block, in this order.
    Bytes extra = rest.subspan(kDirectoryEntrySize + name_size, extra_size);
    while (extra.size() >= 4) {
      const size_t block_size = number<uint16_t>(extra, 2);
      if (block_size > extra.size() - 4) break;
      if (number<uint16_t>(extra, 0) == kZip64Extra) {
        Bytes block = extra.subspan(4, block_size);
        for (uint64_t* field : {&entry.size, &entry.stored_size, &entry.header_offset}) {
          if (*field != UINT32_MAX || block.size() < 8) continue;
          *field = number<uint64_t>(block, 0);
          block = block.subspan(8);
        }
      }
      extra = extra.subspan(4 + block_size);
    }
    if (!entries_.emplace(name, entry).second)
      fail("is damaged: its directory lists " + in_quotes(name) + " twice");
    names_.push_back(name);
    rest = rest.subspan(kDirectoryEntrySize + name_size + extra_size + comment_size);
  }
}

Bytes ZipArchive::read(std::string_view name) const {
  const auto found = entries_.find(std::string(name));
  if (found == entries_.end()) fail("has no entry " + in_quotes(name));
  const Entry& entry = found->second;
  if (entry.method != 0 || (entry.flags & kEncrypted) != 0) {
    throw Error(ErrorCode::kUnsupported,
                "Entry " + in_quotes(name) + " of the archive \"" + file_.path().string() +
                    "\" is compressed or encrypted; torch stores its entries as they are.");
  }
  if (entry.size != entry.stored_size)
    fail("is damaged: entry " + in_quotes(name) + " has two different sizes");
  const Bytes header = slice(entry.header_offset, kLocalHeaderSize, "the header of an entry");
  if (number<uint32_t>(header, 0) != kLocalHeader)
    fail("is damaged: there is no entry header where " + in_quotes(name) + " should be");
  const size_t name_size = number<uint16_t>(header, 26);
  const size_t skip = kLocalHeaderSize + name_size + number<uint16_t>(header, 28);
  const Bytes local_name =
      slice(entry.header_offset + kLocalHeaderSize, name_size, "the name of an entry");
  if (!std::equal(local_name.begin(), local_name.end(),
                  reinterpret_cast<const std::byte*>(name.data()),
                  reinterpret_cast<const std::byte*>(name.data()) + name.size())) {
    fail("is damaged: the entry at byte " + std::to_string(entry.header_offset) + " is not " +
         in_quotes(name));
  }
  return slice(entry.header_offset + skip, entry.size, "an entry");
}

}  // namespace realm
