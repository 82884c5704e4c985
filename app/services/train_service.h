// TrainService: the window's thread that looks after training runs: reads the run database while it
// grows, starts trainers, sends them controls (DESIGN.md 5.4). Commands go in as values, everything
// that comes out is in immutable snapshots, and a callback wakes the window when one differs from
// the one before.
//
// While a run is alive the database is read twice a second; otherwise only when its files change,
// looked at once in two seconds. The trainers are processes of their own and outlive the service.
//
// A run that is deleted goes to the workspace's trash; the destructor empties it.
//
// Thread rule: submit and snapshot may be called from any thread and do not block. The destructor
// waits for the command that is being carried out.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "app/view/train_messages.h"
#include "engine/base/mutex.h"
#include "engine/base/published.h"

namespace realm {

struct TrainServiceOptions {
  std::filesystem::path trainer;  // the program realm-train; empty: runs cannot be started
  std::function<void()> wake;     // called after every publish, on the service's thread
  std::chrono::milliseconds look_every{500};  // while a run is alive; four times as long otherwise
};

class TrainService {
 public:
  explicit TrainService(TrainServiceOptions options);
  ~TrainService();
  TrainService(const TrainService&) = delete;
  TrainService& operator=(const TrainService&) = delete;

  // A newer CheckPlan replaces one that waits. The destructor carries out what was submitted before
  // it.
  void submit(view::TrainCommand command);
  std::shared_ptr<const view::TrainSnapshot> snapshot() const { return published_.get(); }

 private:
  class Worker;  // the thread's own state
  void run(const std::stop_token& stop);

  const TrainServiceOptions options_;
  Published<view::TrainSnapshot> published_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<view::TrainCommand> waiting_ REALM_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace realm
