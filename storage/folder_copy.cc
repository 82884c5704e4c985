#include "storage/folder_copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPart = 4 << 20;
constexpr const char* kIncoming = ".incoming-";
constexpr const char* kRemoved = ".removed-";

class File {
 public:
  File(const fs::path& path, int flags)
      : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail("opened");
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  size_t read(std::vector<char>& buffer) {
    const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count < 0) fail("read");
    return static_cast<size_t>(count);
  }
  void write(const char* data, size_t size) {
    while (size > 0) {
      const ssize_t count = ::write(descriptor_, data, size);
      if (count < 0 && errno != EINTR) fail("written");
      if (count > 0) {
        data += count;
        size -= static_cast<size_t>(count);
      }
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) fail("written");
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be {}: {}.", path_.string(), what,
                                            std::generic_category().message(errno)));
  }
  fs::path path_;
  int descriptor_;
};

struct Plan {
  std::vector<fs::path> folders, files;  // relative to the source
  uintmax_t bytes = 0;
};

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

Plan plan_copy(const fs::path& source) {
  Plan plan;
  fs::recursive_directory_iterator entry(source, fs::directory_options::follow_directory_symlink);
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    if (is_hidden(entry->path())) {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    const fs::path relative = entry->path().lexically_relative(source);
    if (entry->is_directory()) {
      plan.folders.push_back(relative);
    } else if (entry->is_regular_file()) {
      plan.files.push_back(relative);
      plan.bytes += entry->file_size();
    }
  }
  std::sort(plan.files.begin(), plan.files.end());
  return plan;
}

bool lies_inside(const fs::path& path, const fs::path& folder) {
  const fs::path relative = fs::weakly_canonical(path).lexically_relative(fs::canonical(folder));
  return !relative.empty() && *relative.begin() != "..";
}

void copy_all(const fs::path& source, const fs::path& fresh, const Plan& plan,
              const std::stop_token& stop, const ProgressCallback& progress) {
  Progress state{0, static_cast<int64_t>(plan.bytes), "copying"};
  std::vector<char> buffer(kPart);
  fs::create_directory(fresh);
  for (const fs::path& folder : plan.folders) fs::create_directories(fresh / folder);
  for (const fs::path& name : plan.files) {
    File in(source / name, O_RDONLY);
    File out(fresh / name, O_WRONLY | O_CREAT | O_EXCL);
    while (const size_t count = in.read(buffer)) {
      if (stop.stop_requested()) {
        throw Error(ErrorCode::kCancelled,
                    fmt::format("The copy of '{}' was cancelled.", source.string()));
      }
      out.write(buffer.data(), count);
      state.done += static_cast<int64_t>(count);
      if (progress) progress(state);
    }
    out.sync();
  }
  for (const fs::path& folder : plan.folders) sync_folder(fresh / folder);
  sync_folder(fresh);
}

}  // namespace

void copy_folder_atomically(const fs::path& source, const fs::path& target, std::stop_token stop,
                            const ProgressCallback& progress) {
  const fs::path fresh = target.parent_path() /
                         fmt::format("{}{}-{}", kIncoming, target.filename().string(), ::getpid());
  std::error_code error;
  try {
    if (lies_inside(target, source)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("'{}' holds the place that it should be copied to ('{}').",
                              source.string(), target.string()));
    }
    const Plan plan = plan_copy(source);
    if (plan.files.empty())
      throw Error(ErrorCode::kNotFound, fmt::format("'{}' holds no files.", source.string()));
    const uintmax_t room = fs::space(target.parent_path()).available;
    if (plan.bytes > room) {
      throw Error(ErrorCode::kIo,
                  fmt::format("'{}' has {} bytes, and there are {} left on the disk of '{}'.",
                              source.string(), plan.bytes, room, target.string()));
    }
    copy_all(source, fresh, plan, stop, progress);
    fs::rename(fresh, target);
    sync_folder(target.parent_path());
  } catch (const fs::filesystem_error& failure) {
    fs::remove_all(fresh, error);
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be copied to '{}': {}.", source.string(),
                                            target.string(), failure.code().message()));
  } catch (...) {
    fs::remove_all(fresh, error);
    throw;
  }
}

void remove_folder_atomically(const fs::path& folder) {
  const fs::path gone = folder.parent_path() /
                        fmt::format("{}{}-{}", kRemoved, folder.filename().string(), ::getpid());
  std::error_code error;
  fs::rename(folder, gone, error);
  if (!error) {
    sync_folder(folder.parent_path());
    fs::remove_all(gone, error);
  }
  if (error)
    throw Error(ErrorCode::kIo,
                fmt::format("'{}' cannot be removed: {}.", folder.string(), error.message()));
}

bool is_leftover_name(std::string_view name) {
  return name.starts_with(kIncoming) || name.starts_with(kRemoved);
}

}  // namespace realm
