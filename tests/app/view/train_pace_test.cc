// How long a run has still to go, by the pace since it last stood still.
#include <gtest/gtest.h>

#include "app/view/train_state.h"

namespace realm::view {
namespace {

// A number a step, at these seconds.
RunDetail detail_of(const std::vector<double>& seconds) {
  Curve loss{.name = "loss"};
  for (size_t i = 0; i < seconds.size(); ++i) append(loss, static_cast<double>(i), 1.0, seconds[i]);
  RunDetail detail;
  detail.curves = {std::make_shared<const Curve>(std::move(loss))};
  return detail;
}

// 100 steps are left.
RunSummary run() {
  RunSummary run;
  run.state = RunState::kRunning;
  run.step = 10;
  run.total_steps = 110;
  return run;
}

constexpr double kNight = 28'800;

// Two seconds a step before a stop of a night, one after it.
TEST(TrainPace, BeginsAfterTheLastStop) {
  const RunDetail detail = detail_of({0, 2, 4, 6, 8, kNight, kNight + 1, kNight + 2, kNight + 3});
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail).value(), 100.0);
}

TEST(TrainPace, IsThatOfBeforeAtTheFirstNumberAfterAStop) {
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail_of({0, 2, 4, 6, 8, kNight})).value(), 200.0);
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail_of({0, 2, 4, 6, 8, kNight, 2 * kNight})).value(),
                   200.0);
}

// The lower of two intervals is the usual one.
TEST(TrainPace, TellsAStopAfterTwoSteps) {
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail_of({0, 3, kNight})).value(), 300.0);
}

TEST(TrainPace, TakesTheLastOfSeveralStops) {
  const RunDetail detail = detail_of(
      {0, 2, 4, kNight, kNight + 2, kNight + 4, 2 * kNight, 2 * kNight + 5, 2 * kNight + 10});
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail).value(), 500.0);
}

// 4 steps in 31 s: one of 25 s is no stop, however short the others are.
TEST(TrainPace, CountsAShortWait) {
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail_of({0, 2, 4, 29, 31})).value(), 775.0);
}

// 4 steps in 770 s: one of 590 s is no stop where the others take a minute and more.
TEST(TrainPace, CountsASlowStepAmongSlowOnes) {
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail_of({0, 60, 122, 180, 770})).value(), 19'250.0);
}

// Of 61 numbers the last 50 steps count, half a second each; those before took ten.
TEST(TrainPace, LooksAtTheLastFiftySteps) {
  std::vector<double> seconds;
  for (int i = 0; i <= 10; ++i) seconds.push_back(10.0 * i);
  for (int i = 1; i <= 50; ++i) seconds.push_back(100 + 0.5 * i);
  EXPECT_DOUBLE_EQ(seconds_left(run(), detail_of(seconds)).value(), 50.0);
}

TEST(TrainPace, IsNotKnownWithoutTwoNumbersOrTime) {
  EXPECT_FALSE(seconds_left(run(), detail_of({})));
  EXPECT_FALSE(seconds_left(run(), detail_of({5})));
  EXPECT_FALSE(seconds_left(run(), detail_of({5, 5})));
}

}  // namespace
}  // namespace realm::view
