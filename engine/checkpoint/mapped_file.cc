#include "engine/checkpoint/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "engine/base/error.h"

namespace realm {

MappedFile::MappedFile(std::filesystem::path path) : path_(std::move(path)) {
  // O_NONBLOCK, so that a named pipe with no writer is refused below instead of waited for.
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR) {
      throw Error(ErrorCode::kNotFound, "There is no file \"" + path_.string() + "\".");
    }
    throw Error(ErrorCode::kIo, "The file \"" + path_.string() +
                                    "\" cannot be opened: " + std::strerror(reason) + ".");
  }
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    throw Error(ErrorCode::kIo, "\"" + path_.string() + "\" is not a regular file.");
  }
  size_ = static_cast<size_t>(status.st_size);
  if (size_ > 0) {
    void* const mapping = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapping == MAP_FAILED) {
      const int reason = errno;
      ::close(file);
      throw Error(ErrorCode::kIo, "The file \"" + path_.string() +
                                      "\" cannot be mapped into memory: " + std::strerror(reason) +
                                      ".");
    }
    data_ = static_cast<const std::byte*>(mapping);
  }
  ::close(file);
}

MappedFile::~MappedFile() {
  // munmap takes a pointer to non-const, though it does not write.
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace realm
