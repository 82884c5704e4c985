#include "trainer/stage_watch.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/support/temp_directory.h"

namespace realm {
namespace {

class StageWatches : public ::testing::Test {
 protected:
  static std::unique_ptr<RunWriter> begin_run(const std::filesystem::path& database) {
    RunWriter::create_run(database, {"r", "mlm", "{}", 100});
    return RunWriter::open_run(database, "r", std::nullopt, {.commit_interval_ms = 0});
  }
  RunSummary summary() const { return RunReader::open(database_)->run("r").value(); }
  // Asks until it looks again.
  bool look(StageWatch& watch, int64_t done) {
    bool goes_on = true;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(150);
    while (goes_on && std::chrono::steady_clock::now() < until) {
      goes_on = watch.goes_on({.done = done, .total = 40, .stage = "count words"});
      std::this_thread::yield();
    }
    return goes_on;
  }
  const testing::TempDirectory folder_;
  const std::filesystem::path database_ = folder_ / "runs.sqlite";
  const std::unique_ptr<RunWriter> run_ = begin_run(database_);
  const StopSignals signals_;
  StageWatch watch_{*run_, signals_};
};

TEST_F(StageWatches, TellHowFarTheStageHasCome) {
  EXPECT_TRUE(look(watch_, 10));
  EXPECT_EQ(summary().stage, "count words 10/40");
  EXPECT_EQ(summary().step, 0);
}

TEST_F(StageWatches, EndWithEitherStop) {
  for (const ControlCommand stop : {ControlCommand::kStopNow, ControlCommand::kStopAndSave}) {
    StageWatch watch(*run_, signals_);
    EXPECT_TRUE(look(watch, 1));
    request_control(database_, "r", stop);
    EXPECT_FALSE(look(watch, 2));
    EXPECT_FALSE(watch.goes_on({.stage = "count words"})) << "it stays stopped";
  }
}

TEST_F(StageWatches, KeepTheStepOfARunThatGoesOn) {
  StageWatch watch(*run_, signals_, 7);
  EXPECT_TRUE(watch.goes_on_now({.stage = "load"}));
  EXPECT_EQ(summary().step, 7);
  EXPECT_FALSE(watch.stops());
  request_control(database_, "r", ControlCommand::kStopNow);
  EXPECT_FALSE(watch.goes_on_now({.stage = "load"})) << "at once";
  EXPECT_TRUE(watch.stops());
}

TEST_F(StageWatches, EndWithASignal) {
  EXPECT_TRUE(look(watch_, 1));
  std::raise(SIGTERM);
  EXPECT_FALSE(look(watch_, 2));
}

TEST_F(StageWatches, WaitWhilePausedAndAreStoppedThere) {
  request_control(database_, "r", ControlCommand::kCheckpointNow);
  request_control(database_, "r", ControlCommand::kPause);
  std::jthread person([&] {
    while (summary().state != RunState::kPaused) std::this_thread::yield();
    request_control(database_, "r", ControlCommand::kStopNow);
  });
  EXPECT_FALSE(watch_.goes_on({.done = 3, .total = 40, .stage = "count words"}));
  person.join();
  const RunDelta delta = RunReader::open(database_)->read_since({.run = "r"});
  ASSERT_EQ(delta.events.size(), 1U);
  EXPECT_EQ(delta.events[0].kind, "control");
}

}  // namespace
}  // namespace realm
