// Mutex, MutexLock, CondVar: the standard ones with clang's thread-safety annotations, so that
// `-Wthread-safety` (preset tidy) proves which lock guards which member. With other compilers the
// annotations are nothing.
//
//   Mutex mutex_;
//   int count_ REALM_GUARDED_BY(mutex_) = 0;
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

#if defined(__clang__)
#define REALM_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define REALM_THREAD_ANNOTATION(x)
#endif

#define REALM_CAPABILITY(name) REALM_THREAD_ANNOTATION(capability(name))
#define REALM_SCOPED_CAPABILITY REALM_THREAD_ANNOTATION(scoped_lockable)
// On a member: read and written only while the mutex is held.
#define REALM_GUARDED_BY(mutex) REALM_THREAD_ANNOTATION(guarded_by(mutex))
// On a function: the caller holds the mutex / must not hold it / holds it from here on / no longer
// holds it.
#define REALM_REQUIRES(...) REALM_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define REALM_EXCLUDES(...) REALM_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define REALM_ACQUIRE(...) REALM_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define REALM_RELEASE(...) REALM_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define REALM_TRY_ACQUIRE(...) REALM_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define REALM_NO_THREAD_SAFETY_ANALYSIS REALM_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace realm {

class REALM_CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() REALM_ACQUIRE() { mutex_.lock(); }
  void unlock() REALM_RELEASE() { mutex_.unlock(); }
  bool try_lock() REALM_TRY_ACQUIRE(true) { return mutex_.try_lock(); }

 private:
  std::mutex mutex_;
};

class REALM_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) REALM_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() REALM_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits may return without a notification: call them in a loop that looks at the condition itself
// (a predicate would hide the guarded members from the analysis).
class CondVar {
 public:
  void wait(Mutex& mutex) REALM_REQUIRES(mutex) REALM_NO_THREAD_SAFETY_ANALYSIS {
    condition_.wait(mutex);
  }

  // Returns early when `stop` is requested.
  void wait(Mutex& mutex, std::stop_token stop)
      REALM_REQUIRES(mutex) REALM_NO_THREAD_SAFETY_ANALYSIS {
    bool woken = false;
    condition_.wait(mutex, std::move(stop), [&woken] { return std::exchange(woken, true); });
  }

  // False when the time ran out.
  template <typename Period>
  bool wait_for(Mutex& mutex, const Period& time)
      REALM_REQUIRES(mutex) REALM_NO_THREAD_SAFETY_ANALYSIS {
    return condition_.wait_for(mutex, time) == std::cv_status::no_timeout;
  }

  void notify_one() noexcept { condition_.notify_one(); }
  void notify_all() noexcept { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace realm
