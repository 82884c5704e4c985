#include "engine/base/job_queue.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace realm {

JobQueue::JobQueue(ErrorHandler on_error)
    : on_error_(std::move(on_error)), worker_([this](const std::stop_token& stop) { run(stop); }) {
  REALM_CHECK(on_error_ != nullptr);
}

JobQueue::~JobQueue() {
  cancel_all();
  worker_.request_stop();
  worker_.join();
}

JobQueue::JobId JobQueue::push(Job job) {
  const MutexLock lock(mutex_);
  return append(std::move(job));
}

JobQueue::JobId JobQueue::replace(Job job) {
  const MutexLock lock(mutex_);
  clear();
  return append(std::move(job));
}

bool JobQueue::cancel(JobId id) {
  const MutexLock lock(mutex_);
  if (id != 0 && running_ == id) {
    running_stop_.request_stop();
    return true;
  }
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [id](const Entry& entry) { return entry.id == id; });
  if (found == waiting_.end()) return false;
  waiting_.erase(found);
  changed_.notify_all();
  return true;
}

void JobQueue::cancel_all() {
  const MutexLock lock(mutex_);
  clear();
}

bool JobQueue::idle() const {
  const MutexLock lock(mutex_);
  return running_ == 0 && waiting_.empty();
}

void JobQueue::wait_until_idle() {
  const MutexLock lock(mutex_);
  while (running_ != 0 || !waiting_.empty()) changed_.wait(mutex_);
}

void JobQueue::clear() {
  waiting_.clear();
  if (running_ != 0) running_stop_.request_stop();
  changed_.notify_all();
}

JobQueue::JobId JobQueue::append(Job job) {
  REALM_CHECK(job != nullptr);
  waiting_.push_back({++last_id_, std::move(job)});
  changed_.notify_all();
  return last_id_;
}

// Waits for a job and marks it as running. False when the queue is to end.
bool JobQueue::next_entry(const std::stop_token& stop, Entry& entry, std::stop_token& job_stop) {
  const MutexLock lock(mutex_);
  while (waiting_.empty() && !stop.stop_requested()) changed_.wait(mutex_, stop);
  if (stop.stop_requested()) return false;
  entry = std::move(waiting_.front());
  waiting_.pop_front();
  running_ = entry.id;
  running_stop_ = std::stop_source();
  job_stop = running_stop_.get_token();
  return true;
}

void JobQueue::run(const std::stop_token& stop) {
  Entry entry;
  std::stop_token job_stop;
  while (next_entry(stop, entry, job_stop)) {
    try {
      entry.job(job_stop);
    } catch (...) {
      on_error_(entry.id, std::current_exception());
    }
    entry.job = nullptr;  // what the job owned goes before anyone is told that it is done
    const MutexLock lock(mutex_);
    running_ = 0;
    changed_.notify_all();
  }
}

}  // namespace realm
