// Atomic replacement of a file: readers see the old content or the new, never a part, also after a
// power cut (DESIGN.md section 4: write tmp, fsync, rename, fsync folder).
//
// AtomicFile is for one owner. Two writers of one path do not disturb each other: the last commit
// wins. Calls block on disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace realm {

// Writes beside the target, under a name that no other writer uses, and takes the target's place at
// commit. Destroyed without a commit, it removes what it wrote and leaves the target as it was.
// Every failure is Error{kIo} with the path and the system's reason (kNotFound when the folder does
// not exist).
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view bytes);
  // Makes the content durable, then visible. To be called once, last.
  void commit();
  const std::filesystem::path& temporary() const noexcept { return temporary_; }

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

// The whole of the above for content that is at hand.
void write_file_atomically(const std::filesystem::path& target, std::string_view content);
// Makes names created, renamed or removed in `folder` durable. Throws Error{kIo}.
void sync_folder(const std::filesystem::path& folder);

}  // namespace realm
