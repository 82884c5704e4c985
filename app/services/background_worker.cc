#include "app/services/background_worker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace realm {

BackgroundWorker::BackgroundWorker(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

BackgroundWorker::~BackgroundWorker() {
  thread_.request_stop();
  changed_.notify_all();
}

void BackgroundWorker::run(std::function<void()> work) {
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
}

void BackgroundWorker::loop(const std::stop_token& stop) {
  constexpr int kNice = 5;
  // Linux gives each thread a priority of its own; without it the work is done all the same.
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice));
  while (!stop.stop_requested()) {
    std::function<void()> work;
    {
      const MutexLock lock(mutex_);
      if (waiting_.empty()) changed_.wait(mutex_, stop);
      if (waiting_.empty() || stop.stop_requested()) continue;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
    if (wake_) wake_();
  }
}

}  // namespace realm
