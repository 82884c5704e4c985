// FolderService: the window's thread that reads what a folder holds, so that a slow or a dead disk
// stops nothing else.
//
// Thread rule: look_at and newest may be called from any thread and do not block. A newer folder
// replaces one that waits. The destructor waits for a folder that is being read.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "app/view/path_completion.h"
#include "engine/base/mutex.h"
#include "engine/base/published.h"

namespace realm {

// Entries of a folder, at most `most` of them in the disk's order, sorted then; of the first
// hundreds of its folders what they are.
// Blocks on disk. Never throws for what the disk says: see FolderListing::problem.
view::FolderListing read_folder(const std::filesystem::path& folder, size_t most);
// What a folder is, by the files in it. Blocks on disk.
view::FolderKind kind_of_folder(const std::filesystem::path& folder);

class FolderService {
 public:
  static constexpr size_t kMostEntries = 50000;

  // `wake` is called after every publish, on the service's thread.
  explicit FolderService(std::function<void()> wake);
  ~FolderService();
  FolderService(const FolderService&) = delete;
  FolderService& operator=(const FolderService&) = delete;

  void look_at(view::LookAtFolder wanted);
  // Of the folder that was read last; nullptr: none was yet.
  std::shared_ptr<const view::FolderListing> newest() const { return published_.get(); }

 private:
  void run(const std::stop_token& stop);

  const std::function<void()> wake_;
  Published<view::FolderListing> published_;
  Mutex mutex_;
  CondVar changed_;
  std::filesystem::path wanted_ REALM_GUARDED_BY(mutex_);  // empty: nothing is waited for
  std::jthread thread_;                                    // last: it uses all of the above
};

}  // namespace realm
