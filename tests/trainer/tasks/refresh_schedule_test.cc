#include "trainer/tasks/refresh_schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>

namespace realm {
namespace {

using ::testing::ElementsAre;

TrainOptions every(int64_t steps, int64_t lag) {
  TrainOptions options;
  options.refresh_every_steps = steps;
  options.refresh_lag_steps = lag;
  return options;
}

struct Refreshes {
  std::vector<int64_t> begun, adopted;
};

// Steps 0 to `last` as the trainer takes them; `is_done(begun, step)` says whether a refresh is.
Refreshes take_steps(RefreshSchedule& schedule, int64_t last,
                     const std::function<bool(int64_t, int64_t)>& is_done = {}) {
  Refreshes out;
  constexpr int64_t kNone = -1;
  int64_t pending = kNone;
  int64_t made_at = 0;
  for (int64_t step = 0; step <= last; ++step) {
    if (pending != kNone && schedule.is_adopted(step, pending, is_done && is_done(pending, step))) {
      out.adopted.push_back(step);
      made_at = pending;
      pending = kNone;
    }
    if (pending == kNone && schedule.begins(step, made_at)) {
      schedule.begun(step);
      out.begun.push_back(step);
      pending = step;
    }
  }
  return out;
}

TEST(RefreshSchedule, OfTheRepeatableModeDependsOnStepsAlone) {
  RefreshSchedule schedule(every(3, 2));
  const Refreshes never_done = take_steps(schedule, 10);
  EXPECT_THAT(never_done.begun, ElementsAre(3, 6, 9));
  EXPECT_THAT(never_done.adopted, ElementsAre(5, 8));
  RefreshSchedule same(every(3, 2));
  const Refreshes at_once = take_steps(same, 10, [](int64_t, int64_t) { return true; });
  EXPECT_EQ(at_once.begun, never_done.begun);
  EXPECT_EQ(at_once.adopted, never_done.adopted);
}

TEST(RefreshSchedule, CanHaveARefreshUnderWayAlways) {
  RefreshSchedule schedule(every(2, 2));
  const Refreshes refreshes = take_steps(schedule, 7);
  EXPECT_THAT(refreshes.begun, ElementsAre(2, 4, 6));
  EXPECT_THAT(refreshes.adopted, ElementsAre(4, 6));
}

TEST(RefreshSchedule, IsStaleByAFactor) {
  TrainOptions options = every(3, 2);
  options.stale_factor = 30;
  RefreshSchedule schedule(options);
  EXPECT_EQ(schedule.every_steps(), 90);
  const Refreshes refreshes = take_steps(schedule, 200);
  EXPECT_THAT(refreshes.begun, ElementsAre(90, 180));
  EXPECT_THAT(refreshes.adopted, ElementsAre(92, 182));
}

TEST(RefreshSchedule, OfTheFreeModeTakesARefreshWhenItIsDone) {
  TrainOptions options = every(3, 1);
  options.refresh_mode = RefreshMode::kFree;
  RefreshSchedule schedule(options);
  EXPECT_FALSE(schedule.is_repeatable());
  // Each takes five steps; the next begins as soon as the one before is there.
  const Refreshes slow =
      take_steps(schedule, 14, [](int64_t begun, int64_t step) { return step >= begun + 5; });
  EXPECT_THAT(slow.begun, ElementsAre(3, 8, 13));
  EXPECT_THAT(slow.adopted, ElementsAre(8, 13));
  // Each takes one step; the next begins three steps after the last began.
  RefreshSchedule again(options);
  const Refreshes fast = take_steps(again, 10, [](int64_t, int64_t) { return true; });
  EXPECT_THAT(fast.begun, ElementsAre(3, 6, 9));
  EXPECT_THAT(fast.adopted, ElementsAre(4, 7, 10));
}

TEST(RefreshSchedule, BeginsWhatIsAskedForWhenNoneIsUnderWay) {
  RefreshSchedule schedule(every(10, 2));
  schedule.request(4);
  EXPECT_THAT(take_steps(schedule, 12).begun, ElementsAre(4, 10));
  // One is under way from 10 to 12: what is asked for at 11 begins at 12; two are one.
  RefreshSchedule busy(every(10, 2));
  busy.request(11);
  busy.request(12);
  const Refreshes refreshes = take_steps(busy, 20);
  EXPECT_THAT(refreshes.begun, ElementsAre(10, 12, 20));
  EXPECT_THAT(refreshes.adopted, ElementsAre(12, 14));
}

// The one of step 10 finds the one asked for at 9 under way until 13, and begins then; it is there
// at 17, before the next is due.
TEST(RefreshSchedule, BeginsWhatFellDueMeanwhileAsSoonAsItCan) {
  RefreshSchedule schedule(every(10, 4));
  schedule.request(9);
  const Refreshes refreshes = take_steps(schedule, 24);
  EXPECT_THAT(refreshes.begun, ElementsAre(9, 13, 20));
  EXPECT_THAT(refreshes.adopted, ElementsAre(13, 17, 24));
}

// As a resumed run asks it: with nothing but the step and the one that made the index.
TEST(RefreshSchedule, OfTheRepeatableModeIsDueOnceAMultiple) {
  const RefreshSchedule schedule(every(10, 4));
  EXPECT_FALSE(schedule.begins(0, 0));
  EXPECT_FALSE(schedule.begins(9, 0));
  EXPECT_TRUE(schedule.begins(10, 0));
  EXPECT_FALSE(schedule.begins(14, 10));
  EXPECT_FALSE(schedule.begins(19, 13));
  EXPECT_TRUE(schedule.begins(13, 9));
  EXPECT_TRUE(schedule.begins(20, 13));
}

TEST(RefreshSchedule, KeepsWhatWasNotBegun) {
  RefreshSchedule schedule(every(10, 2));
  schedule.request(11);
  schedule.request(17);
  EXPECT_THAT(schedule.open_requests(10), ElementsAre());
  EXPECT_THAT(schedule.open_requests(11), ElementsAre(11));
  EXPECT_THAT(schedule.open_requests(99), ElementsAre(11, 17));
  schedule.begun(12);
  EXPECT_THAT(schedule.open_requests(99), ElementsAre(17));
  EXPECT_FALSE(schedule.begins(16, 12));
  EXPECT_TRUE(schedule.begins(17, 12));
}

}  // namespace
}  // namespace realm
