#include "app/services/background_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace realm {
namespace {

using ::testing::ElementsAre;

TEST(BackgroundWorker, DoesWorkInOrderOnAThreadOfItsOwnAndWakesAfterEach) {
  std::atomic<int> wakes = 0;
  std::vector<int> done;
  std::thread::id worked_on;
  {
    std::promise<void> last;
    BackgroundWorker worker([&] { ++wakes; });
    for (int i = 0; i < 3; ++i) worker.run([&done, i] { done.push_back(i); });
    worker.run([&] {
      worked_on = std::this_thread::get_id();
      last.set_value();
    });
    last.get_future().wait();
  }
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
  EXPECT_NE(worked_on, std::this_thread::get_id());
  EXPECT_GE(wakes, 3);
}

}  // namespace
}  // namespace realm
