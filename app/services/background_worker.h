// BackgroundWorker: the window's thread for work that takes longer than a frame and whose result is
// drawn when it is there, such as making a curve of a million numbers ready.
//
// Thread rule: run may be called from any thread and does not block. Work is done in the order in
// which it comes, on one thread of lower priority. The destructor waits for what is being done and
// forgets the rest.
#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "engine/base/mutex.h"

namespace realm {

class BackgroundWorker {
 public:
  // `wake` is called after every piece of work, on the worker's thread.
  explicit BackgroundWorker(std::function<void()> wake);
  ~BackgroundWorker();
  BackgroundWorker(const BackgroundWorker&) = delete;
  BackgroundWorker& operator=(const BackgroundWorker&) = delete;

  // `work` may not throw, and owns what it uses.
  void run(std::function<void()> work);

 private:
  void loop(const std::stop_token& stop);

  const std::function<void()> wake_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> waiting_ REALM_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace realm
