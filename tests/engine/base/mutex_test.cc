#include "engine/base/mutex.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>
#include <thread>
#include <vector>

namespace realm {
namespace {

TEST(Mutex, KeepsIncrementsApart) {
  Mutex mutex;
  int count = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 1000; ++j) {
          const MutexLock lock(mutex);
          ++count;
        }
      });
    }
  }
  EXPECT_EQ(count, 4000);
}

TEST(CondVar, WakesAWaiterWhenItsConditionHolds) {
  Mutex mutex;
  CondVar changed;
  bool ready = false;
  std::jthread setter([&] {
    const MutexLock lock(mutex);
    ready = true;
    changed.notify_all();
  });
  const MutexLock lock(mutex);
  while (!ready) changed.wait(mutex);
  EXPECT_TRUE(ready);
}

TEST(CondVar, AStopRequestEndsTheWait) {
  Mutex mutex;
  CondVar never;
  std::stop_source stop;
  std::jthread stopper([&] {
    const MutexLock lock(mutex);
    stop.request_stop();
  });
  const MutexLock lock(mutex);
  while (!stop.stop_requested()) never.wait(mutex, stop.get_token());
  EXPECT_TRUE(stop.stop_requested());
}

TEST(CondVar, TellsThatTheTimeRanOut) {
  Mutex mutex;
  CondVar never;
  const MutexLock lock(mutex);
  // A wake-up without a reason is allowed, so a few may come first.
  int wakes = 0;
  while (never.wait_for(mutex, std::chrono::milliseconds(1)) && wakes < 1000) ++wakes;
  EXPECT_LT(wakes, 1000);
}

}  // namespace
}  // namespace realm
