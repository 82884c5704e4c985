// Published<T>: the latest value of something that one thread makes and others look at. Readers get
// an immutable snapshot that stays as it is for as long as they hold it (DESIGN.md section 5: the
// window draws from snapshots).
//
// Thread-safe. No call waits for more than the copy of a pointer. (std::atomic<std::shared_ptr>
// would do the same, but that of g++ 12 also locks inside, in a way that ThreadSanitizer cannot
// follow.)
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/base/mutex.h"

namespace realm {

template <typename T>
class Published {
 public:
  Published() = default;
  explicit Published(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  // nullptr before the first publish.
  std::shared_ptr<const T> get() const REALM_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return value_;
  }

  void publish(std::shared_ptr<const T> value) REALM_EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      value_.swap(value);
      version_.fetch_add(1, std::memory_order_release);
    }
    // The old value, where this was its last owner, is destroyed here, outside the lock.
  }
  void publish(T value) { publish(std::make_shared<const T>(std::move(value))); }

  // Grows with every publish: a cheap look at whether get() would give something new.
  uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> value_ REALM_GUARDED_BY(mutex_);
  std::atomic<uint64_t> version_{0};
};

}  // namespace realm
