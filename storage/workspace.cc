#include "storage/workspace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "storage/clock.h"
#include "storage/corpus_store.h"
#include "storage/folder_copy.h"
#include "storage/paths.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFileName = "workspace.json";
constexpr size_t kLongestName = 128;

std::string system_reason(int code) { return std::generic_category().message(code); }

// The name of a folder that we make: visible, one level, fit for a URL and a shell.
void require_good_name(const std::string& name, const char* what) {
  const bool good = !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
                    name.front() != '-' &&
                    std::all_of(name.begin(), name.end(),
                                [](unsigned char c) { return c > 0x20 && c != '/' && c != 0x7F; });
  if (!good) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot name a {}: expected 1 to {} characters without blanks or "
                            "'/', not beginning with "
                            "'.' or '-'.",
                            name, what, kLongestName));
  }
}

json read_json(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR) {
      throw Error(ErrorCode::kNotFound, fmt::format("'{}' is no workspace: it holds no {}.",
                                                    file.parent_path().string(), kFileName));
    }
    throw Error(ErrorCode::kIo,
                fmt::format("'{}' cannot be read: {}.", file.string(), system_reason(reason)));
  }
  json content = json::parse(stream, nullptr, false);
  if (!content.is_object()) {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is not a JSON object.", file.string()));
  }
  return content;
}

// A member of the wrong type is damage, one that is absent has its default.
template <typename T>
T member(const json& object, const char* key, T absent, const fs::path& file) {
  const auto found = object.find(key);
  if (found == object.end()) return absent;
  const bool fits =
      std::is_same_v<T, std::string> ? found->is_string() : found->is_number_integer();
  if (!fits) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format("'{}': \"{}\" is {}, expected {}.", file.string(), key, found->type_name(),
                    std::is_same_v<T, std::string> ? "a string" : "a whole number"));
  }
  return found->get<T>();
}

}  // namespace

// ---- WriterLock

WriterLock::WriterLock(const fs::path& file, const std::string& purpose) {
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be opened to {}: {}.", file.string(),
                                            purpose, system_reason(errno)));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    std::array<char, 512> holder{};
    const ssize_t read = ::pread(descriptor_, holder.data(), holder.size() - 1, 0);
    ::close(descriptor_);
    descriptor_ = -1;
    if (reason != EWOULDBLOCK) {
      throw Error(ErrorCode::kIo,
                  fmt::format("'{}' cannot be locked: {}.", file.string(), system_reason(reason)));
    }
    throw Error(ErrorCode::kBusy,
                fmt::format("'{}' is in use by {}; cannot {} now.", file.parent_path().string(),
                            read > 0 ? holder.data() : "another process", purpose));
  }
  // Only told to those who wait: a failure to write it is no harm.
  const std::string holder = fmt::format("process {} (to {})", ::getpid(), purpose);
  if (::ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor_, holder.data(), holder.size(), 0);
  }
}

WriterLock::~WriterLock() {
  if (descriptor_ < 0) return;
  [[maybe_unused]] const int cleared = ::ftruncate(descriptor_, 0);
  ::close(descriptor_);
}

// ---- Workspace

Workspace Workspace::create(const fs::path& folder, const std::string& name) {
  const fs::path target = fs::absolute(folder).lexically_normal();
  const fs::path clean = target.has_filename() ? target : target.parent_path();
  std::error_code error;
  if (fs::exists(clean / kFileName, error)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is a workspace already.", clean.string()));
  }
  if (fs::exists(clean, error) && !fs::is_empty(clean, error)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("'{}' is not empty; expected an empty or a new folder for the workspace.",
                    clean.string()));
  }
  fs::create_directories(clean.parent_path(), error);
  // Made beside and renamed into place, so that a workspace is whole from its first moment on.
  const fs::path fresh =
      clean.parent_path() / fmt::format(".{}.{}.new", clean.filename().string(), ::getpid());
  try {
    fs::create_directory(fresh, error);
    if (error)
      throw Error(ErrorCode::kIo,
                  fmt::format("'{}' cannot be made: {}.", clean.string(), error.message()));
    for (const char* part : {"models", "indexes", "runs"}) fs::create_directory(fresh / part);
    const std::string chosen = name.empty() ? clean.filename().string() : name;
    CorpusStore::create(fresh / "corpus.sqlite", chosen);
    json content = {{"format", kFormatVersion},
                    {"name", chosen},
                    {"created", iso8601_utc(now_ms())},
                    {"active", {{"model", ""}, {"baseline", ""}, {"index", 0}}}};
    write_file_atomically(fresh / kFileName, content.dump(2) + "\n");
    fs::rename(fresh, clean);
    sync_folder(clean.parent_path());
  } catch (const fs::filesystem_error& failure) {
    fs::remove_all(fresh, error);
    throw Error(ErrorCode::kIo,
                fmt::format("'{}' cannot be made: {}.", clean.string(), failure.code().message()));
  } catch (...) {
    fs::remove_all(fresh, error);
    throw;
  }
  return open(clean);
}

Workspace Workspace::open(const fs::path& folder, bool read_only) {
  Workspace workspace;
  workspace.folder_ = fs::absolute(folder).lexically_normal();
  if (!workspace.folder_.has_filename()) workspace.folder_ = workspace.folder_.parent_path();
  workspace.read_only_ = read_only || ::euidaccess(workspace.folder_.c_str(), W_OK) != 0;
  workspace.reload();
  return workspace;
}

std::optional<fs::path> Workspace::find_above(const fs::path& start) {
  std::error_code error;
  fs::path folder = fs::absolute(start).lexically_normal();
  while (true) {
    if (fs::exists(folder / kFileName, error)) return folder;
    if (!folder.has_relative_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

void Workspace::reload() {
  const fs::path file = folder_ / kFileName;
  const json content = read_json(file);
  const auto format = member<int64_t>(content, "format", 0, file);
  if (format > kFormatVersion) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("Workspace '{}' has format {}, and this program reads formats up to "
                            "{}: it was written by a newer "
                            "one.",
                            folder_.string(), format, kFormatVersion));
  }
  if (format < 1) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("'{}' has format {}, which never was.", file.string(), format));
  }
  name_ = member<std::string>(content, "name", folder_.filename().string(), file);
  const json active = content.value("active", json::object());
  if (!active.is_object()) {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}': \"active\" is {}, expected an object.",
                                                     file.string(), active.type_name()));
  }
  active_.model = member<std::string>(active, "model", {}, file);
  active_.model_before = member<std::string>(active, "model_before", {}, file);
  active_.baseline = member<std::string>(active, "baseline", {}, file);
  active_.index_generation = member<int64_t>(active, "index", 0, file);
}

fs::path Workspace::model_folder(const std::string& name) const {
  require_good_name(name, "model");
  return models_folder() / name;
}

fs::path Workspace::index_folder(int64_t generation) const {
  return indexes_folder() / std::to_string(generation);
}

fs::path Workspace::run_folder(const std::string& run) const {
  require_good_name(run, "run");
  return runs_folder() / run;
}

std::vector<std::string> Workspace::models() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(models_folder(), error), end; entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    // Hidden ones are copies on their way in.
    if (!name.starts_with('.') && entry->is_directory(error)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Workspace::import_model(const fs::path& source, const std::string& name, std::stop_token stop,
                             const ProgressCallback& progress) {
  require_writable();
  const fs::path target = model_folder(name);
  const WriterLock held = lock("import a model");
  std::error_code error;
  if (!fs::is_directory(source, error)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no model folder '{}'.", source.string()));
  }
  if (fs::exists(target, error)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("There is a model '{}' already in '{}'.", name, folder_.string()));
  }
  fs::create_directories(models_folder(), error);
  copy_folder_atomically(source, target, stop, progress);
}

void Workspace::remove_model(const std::string& name) {
  require_writable();
  const fs::path target = model_folder(name);
  const WriterLock held = lock("remove a model");
  reload();
  if (active_.model == name || active_.baseline == name) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("Model '{}' is in use; choose another one before removing it.", name));
  }
  if (!is_folder(target)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no model '{}' in '{}'.", name, folder_.string()));
  }
  remove_folder_atomically(target);
}

void Workspace::require_writable() const {
  if (read_only_) {
    throw Error(ErrorCode::kIo,
                fmt::format("Workspace '{}' is read-only; nothing was changed.", folder_.string()));
  }
}

// Reads, changes and writes workspace.json while no other process does, and keeps what it does not
// know.
template <typename Change>
void Workspace::update(const Change& change) {
  require_writable();
  const fs::path lock_file = folder_ / ".workspace.json.lock";
  const int descriptor = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0 ||
      ::flock(descriptor, LOCK_EX) != 0) {  // held for a moment only: waiting is fine
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be locked: {}.", lock_file.string(),
                                            system_reason(reason)));
  }
  try {
    reload();
    json content = read_json(folder_ / kFileName);
    change(content);
    write_file_atomically(folder_ / kFileName, content.dump(2) + "\n");
    ::close(descriptor);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  reload();
}

void Workspace::set_active_model(const std::string& name) {
  if (!name.empty() && !is_folder(model_folder(name))) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no model '{}' in '{}'.", name, folder_.string()));
  }
  update([&](json& content) {
    json& active = content["active"];
    if (const std::string before = active.value("model", ""); before != name)
      active["model_before"] = before;
    active["model"] = name;
  });
}

void Workspace::set_active_baseline(const std::string& name) {
  if (!name.empty() && !is_folder(model_folder(name))) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no model '{}' in '{}'.", name, folder_.string()));
  }
  update([&](json& content) { content["active"]["baseline"] = name; });
}

void Workspace::set_active_index(int64_t generation) {
  if (generation != 0 && !is_folder(index_folder(generation))) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no index {} in '{}'.", generation, folder_.string()));
  }
  update([&](json& content) { content["active"]["index"] = generation; });
}

void Workspace::rename(const std::string& name) {
  if (name.empty())
    throw Error(ErrorCode::kInvalidArgument, "The name of a workspace cannot be empty.");
  update([&](json& content) { content["name"] = name; });
}

WriterLock Workspace::lock(const std::string& purpose) const {
  require_writable();
  return WriterLock(folder_ / ".writer.lock", purpose);
}

}  // namespace realm
