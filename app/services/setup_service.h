// SetupService: the window's thread that makes the English workspace. Commands go in as values, how
// far it is comes out in immutable snapshots, and a callback wakes the window after each.
//
// What is stopped leaves what it finished, and goes on from there when it is begun again.
//
// Thread rule: submit and snapshot may be called from any thread and do not block. The destructor
// stops what is being made and waits for it to have noticed.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

#include "app/view/setup_messages.h"
#include "engine/base/mutex.h"
#include "engine/base/progress.h"
#include "engine/base/published.h"

namespace realm {

// How the workspace is made. Both functions are called on the service's thread and may block.
struct SetupFunctions {
  view::SetupOffer offer{};
  std::function<view::SetupFolder(const std::filesystem::path&)> look_at{};
  // May throw.
  std::function<view::SetupResult(const std::filesystem::path&, std::stop_token,
                                  const ProgressCallback&)>
      make{};
};

struct SetupServiceOptions {
  SetupFunctions functions{};
  std::function<void()> wake{};               // called after every publish, on the service's thread
  std::chrono::milliseconds tell_every{200};  // of progress within a stage
};

class SetupService {
 public:
  explicit SetupService(SetupServiceOptions options);
  ~SetupService();
  SetupService(const SetupService&) = delete;
  SetupService& operator=(const SetupService&) = delete;

  // A StopSetup ends what is being made and what waits to be. A newer look replaces one that waits.
  void submit(view::SetupCommand command);
  std::shared_ptr<const view::SetupSnapshot> snapshot() const { return published_.get(); }

 private:
  struct Waiting {
    view::SetupCommand command;
    bool is_stopped = false;
  };
  void run(const std::stop_token& stop);
  void look_at(const std::filesystem::path& folder);
  void make(const view::MakeEnglishWorkspace& command, const std::stop_token& stop);
  void take(const Progress& progress);
  void publish();

  const SetupServiceOptions options_;
  Published<view::SetupSnapshot> published_;
  view::SetupSnapshot now_;  // the thread's own
  std::chrono::steady_clock::time_point told_at_{};
  Mutex mutex_;
  CondVar changed_;
  std::deque<Waiting> waiting_ REALM_GUARDED_BY(mutex_);
  std::stop_source making_ REALM_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace realm
