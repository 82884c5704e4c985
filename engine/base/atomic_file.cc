#include "engine/base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& path, int reason) {
  throw Error(reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
              fmt::format("Cannot {} {}: {}.", what, path.string(), std::strerror(reason)));
}

// A name that no other writer uses: of another process by the process id, of another thread by the
// counter. The name may be left over from a process that was killed, so the file is made with
// O_EXCL and the next name tried.
std::string temporary_name(const std::filesystem::path& target) {
  static std::atomic<uint64_t> counter{0};
  return fmt::format("{}.tmp.{}.{}", target.string(), ::getpid(),
                     counter.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
  do {
    temporary_ = temporary_name(target_);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && (errno == EEXIST || errno == EINTR));
  if (descriptor_ < 0) fail("write", target_, errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  REALM_CHECK(descriptor_ >= 0);
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      fail("write", target_, errno);
    }
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

void AtomicFile::write(std::string_view bytes) {
  write(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

void AtomicFile::commit() {
  REALM_CHECK(descriptor_ >= 0);
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0 && ::fchmod(descriptor_, old.st_mode & 07777U) != 0) {
    fail("set the mode of", target_, errno);
  }
  if (::fsync(descriptor_) != 0) fail("write", target_, errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("replace", target_, errno);
  // From here on the content stands under its name: nothing is left to remove.
  ::close(std::exchange(descriptor_, -1));
  sync_folder(target_.has_parent_path() ? target_.parent_path() : ".");
}

void write_file_atomically(const std::filesystem::path& target, std::string_view content) {
  AtomicFile file(target);
  file.write(content);
  file.commit();
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail("open the folder", folder, errno);
  const int result = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  // Some network file systems refuse to sync a folder; there the rename is as durable as it gets.
  if (result != 0 && reason != EINVAL && reason != ENOTSUP)
    fail("write the folder", folder, reason);
}

}  // namespace realm
