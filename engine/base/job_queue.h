// JobQueue: one worker thread that runs jobs in the order in which they came. It is how work leaves
// the window's thread (DESIGN.md section 5): a job owns its inputs by value and hands its result on
// by itself, for example to a Published<T>.
//
// Thread-safe, except that the destructor must be the last call. No call blocks, except
// wait_until_idle and the destructor, which wait for the job that runs. Not to be called from a
// job: wait_until_idle, the destructor.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <stop_token>
#include <thread>

#include "engine/base/mutex.h"

namespace realm {

class JobQueue {
 public:
  using JobId = uint64_t;
  // Long jobs look at the token every 100 ms or oftener and return, or throw Error{kCancelled},
  // once it is triggered.
  using Job = std::function<void(std::stop_token)>;
  // Gets what a job threw, on the worker thread. Must not throw itself.
  using ErrorHandler = std::function<void(JobId, std::exception_ptr)>;

  explicit JobQueue(ErrorHandler on_error);
  // Cancels the job that runs, drops those that wait, and waits for the thread.
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  JobId push(Job job) REALM_EXCLUDES(mutex_);
  // Cancels everything that waits or runs, then queues the job: the newest question replaces the
  // older ones.
  JobId replace(Job job) REALM_EXCLUDES(mutex_);
  // Drops the job if it waits, triggers its token if it runs. False when it is neither (done, or
  // never known).
  bool cancel(JobId id) REALM_EXCLUDES(mutex_);
  void cancel_all() REALM_EXCLUDES(mutex_);

  bool idle() const REALM_EXCLUDES(mutex_);
  void wait_until_idle() REALM_EXCLUDES(mutex_);

 private:
  struct Entry {
    JobId id = 0;
    Job job;
  };

  void run(const std::stop_token& stop) REALM_EXCLUDES(mutex_);
  void clear() REALM_REQUIRES(mutex_);
  JobId append(Job job) REALM_REQUIRES(mutex_);
  bool next_entry(const std::stop_token& stop, Entry& entry, std::stop_token& job_stop)
      REALM_EXCLUDES(mutex_);

  const ErrorHandler on_error_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<Entry> waiting_ REALM_GUARDED_BY(mutex_);
  JobId running_ REALM_GUARDED_BY(mutex_) = 0;  // 0: none
  std::stop_source running_stop_ REALM_GUARDED_BY(mutex_);
  JobId last_id_ REALM_GUARDED_BY(mutex_) = 0;
  std::jthread worker_;  // last: it uses all of the above
};

}  // namespace realm
