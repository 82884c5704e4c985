#include "app/view/train_waiting.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

RunSummary asked_for(std::vector<ControlCommand> commands) {
  RunSummary run;
  run.state = RunState::kRunning;
  run.waiting = std::move(commands);
  return run;
}

TEST(TrainWaiting, SaysInOrderWhatWasAskedForEachOnce) {
  using enum ControlCommand;
  EXPECT_EQ(waiting_sentence(asked_for({})), "");
  EXPECT_EQ(waiting_sentence(asked_for({kCheckpointNow, kStopAndSave, kCheckpointNow})),
            "A checkpoint is asked for\u2026 Saving and stopping\u2026");
  EXPECT_EQ(waiting_sentence(asked_for({kPause, kResume})), "Pausing\u2026 Resuming\u2026");
  EXPECT_EQ(waiting_sentence(asked_for({kRefreshNow, kStopNow})),
            "A refresh is asked for\u2026 Stopping without saving\u2026");
}

TEST(TrainWaiting, TellsTheCommandsThatNeedNotBeGivenAgain) {
  using enum ControlCommand;
  const struct {
    ControlCommand asked;
    const char* command;
  } kCases[] = {{kStopAndSave, "train.stop"},   {kStopNow, "train.stop_now"},
                {kPause, "train.pause"},        {kResume, "train.resume"},
                {kRefreshNow, "train.refresh"}, {kCheckpointNow, "train.checkpoint"}};
  for (const auto& item : kCases) {
    const RunSummary run = asked_for({item.asked});
    for (const auto& other : kCases) {
      // Who is told to stop at once does not save first.
      const bool is_same =
          other.asked == item.asked || (item.asked == kStopNow && other.asked == kStopAndSave);
      EXPECT_EQ(asked_already(run, other.command) != nullptr, is_same)
          << item.command << " and " << other.command;
    }
    EXPECT_EQ(asked_already(run, "train.extend"), nullptr);
  }
  EXPECT_EQ(asked_already(asked_for({}), "train.stop"), nullptr);
}

}  // namespace
}  // namespace realm::view
