// The head of a run in the Train workspace: what was asked of it and is not done yet.
#include <gtest/gtest.h>

#include "app/panels/train_panel.h"
#include "tests/app/panels/headless.h"
#include "tests/app/panels/sample_runs.h"

namespace realm::panels {
namespace {

using testing::Headless;
using testing::sample_run;

class TrainHeadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
  }
  void show(RunState state, std::vector<ControlCommand> waiting) {
    RunSummary run = sample_run("r", state);
    run.waiting = std::move(waiting);
    view::TrainSnapshot snapshot;
    snapshot.followed.push_back(testing::sample_detail("r"));
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::vector{run});
    window_.show_runs(std::move(snapshot));
    window_.forget_effects();
  }
  // Whether a click on it asks the run for this.
  bool asks(const char* button, ControlCommand command) {
    window_.forget_effects();
    window_.click(button);
    const auto* steer = window_.sent_to_training<view::SteerRun>();
    return steer != nullptr && steer->command == command;
  }
  Headless window_;
};

TEST_F(TrainHeadTest, WhatIsAskedForIsNotAskedForAgain) {
  using enum ControlCommand;
  const struct {
    const char* button;
    ControlCommand command;
  } kButtons[] = {{"train.stop", kStopAndSave},
                  {"train.pause", kPause},
                  {"train.checkpoint", kCheckpointNow},
                  {"train.refresh", kRefreshNow}};
  show(RunState::kRunning, {});
  EXPECT_FALSE(window_.has("train.waiting"));
  for (const auto& button : kButtons) EXPECT_TRUE(asks(button.button, button.command));
  for (const auto& asked : kButtons) {
    show(RunState::kRunning, {asked.command});
    EXPECT_TRUE(window_.has("train.waiting"));
    for (const auto& button : kButtons) {
      EXPECT_EQ(asks(button.button, button.command), button.command != asked.command)
          << button.button << " after " << asked.button;
    }
  }
}

TEST_F(TrainHeadTest, APausedRunGoesOnOnce) {
  show(RunState::kPaused, {});
  EXPECT_TRUE(asks("train.resume", ControlCommand::kResume));
  show(RunState::kPaused, {ControlCommand::kResume});
  EXPECT_TRUE(window_.has("train.waiting"));
  EXPECT_FALSE(asks("train.resume", ControlCommand::kResume));
  show(RunState::kRunning, {});
  EXPECT_FALSE(window_.has("train.waiting")) << "it was taken";
}

TEST_F(TrainHeadTest, ShowsAllThatWaitsInASmallWindow) {
  using enum ControlCommand;
  window_.resize(640, 420);
  show(RunState::kRunning, {kCheckpointNow, kRefreshNow, kPause, kResume, kStopAndSave, kStopNow});
  const view::Box sentence = window_.box("train.waiting");
  EXPECT_GT(sentence.height, 0);
  EXPECT_LE(sentence.right(), 640);
}

}  // namespace
}  // namespace realm::panels
