#include "app/services/folder_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr int kMostKinds = 300;  // folders that are looked into

std::string in_lower_case(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

bool comes_before(const view::FolderEntry& a, const view::FolderEntry& b) {
  if (a.is_folder != b.is_folder) return a.is_folder;
  const std::string lower_a = in_lower_case(a.name), lower_b = in_lower_case(b.name);
  return lower_a != lower_b ? lower_a < lower_b : a.name < b.name;
}

}  // namespace

view::FolderKind kind_of_folder(const fs::path& folder) {
  std::error_code ignored;
  const auto holds = [&](const char* name) { return fs::exists(folder / name, ignored); };
  if (holds("workspace.json")) return view::FolderKind::kWorkspace;
  // A model is a Hugging Face folder, or one with such folders for its parts.
  for (const char* name : {"config.json", "model.json", "embedder/config.json",
                           "encoder/config.json", "bert/config.json"}) {
    if (holds(name)) return view::FolderKind::kModel;
  }
  return view::FolderKind::kPlain;
}

view::FolderListing read_folder(const fs::path& folder, size_t most) {
  view::FolderListing listing{.folder = folder};
  std::error_code error;
  fs::directory_iterator at(folder, fs::directory_options::none, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (listing.entries.size() == most) {
      listing.is_cut = true;
      break;
    }
    std::error_code unknown;
    const bool is_folder = at->is_directory(unknown);
    // A pipe would be waited for, and a link that leads nowhere cannot be read.
    if (!is_folder && !at->is_regular_file(unknown)) continue;
    listing.entries.push_back({.name = at->path().filename().string(), .is_folder = is_folder});
  }
  listing.kind = kind_of_folder(folder);
  listing.is_missing = error == std::errc::no_such_file_or_directory;
  if (error)
    listing.problem =
        fmt::format("The folder {} cannot be read: {}.", folder.string(), error.message());
  std::sort(listing.entries.begin(), listing.entries.end(), comes_before);
  int looked_into = 0;
  for (view::FolderEntry& entry : listing.entries) {
    if (!entry.is_folder || looked_into++ == kMostKinds) break;
    entry.kind = kind_of_folder(folder / entry.name);
  }
  return listing;
}

FolderService::FolderService(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

FolderService::~FolderService() {
  thread_.request_stop();
  changed_.notify_all();
}

void FolderService::look_at(view::LookAtFolder wanted) {
  {
    const MutexLock lock(mutex_);
    wanted_ = std::move(wanted.folder);
  }
  changed_.notify_one();
}

void FolderService::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    fs::path folder;
    {
      const MutexLock lock(mutex_);
      if (wanted_.empty()) changed_.wait(mutex_, stop);
      folder = std::exchange(wanted_, {});
    }
    if (folder.empty() || stop.stop_requested()) continue;
    published_.publish(read_folder(folder, kMostEntries));
    if (wake_) wake_();
  }
}

}  // namespace realm
