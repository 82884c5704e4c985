// What training runs do when they are asked to stop or to save, and the checkpoints that stay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/integration/training_runs.h"
#include "trainer/publish_model.h"
#include "trainer/run_estimate.h"
#include "trainer/saved_checkpoints.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::newest_stored;
using testing::TrainingRuns;

TEST_F(TrainingRuns, KeepTheTwoNewestCheckpointsAndNothingHalfWritten) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 9;
  options.checkpoint_every_steps = 2;
  const fs::path run = create_run(options);
  fs::create_directories(run / "checkpoints" / "step-77.tmp");
  fs::create_directories(run / "checkpoints" / "step-kept by hand");
  std::ofstream(run / "checkpoints" / "step-kept by hand" / "state.json") << "{}";
  run_training(run, {});
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints"))
    names.insert(entry.path().filename().string());
  EXPECT_THAT(names, ::testing::ElementsAre("step-8", "step-9", "step-kept by hand"));
}

TEST_F(TrainingRuns, KeepTheModelsOfTheStepsThatAreToStay) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 9;
  options.checkpoint_every_steps = 2;
  const auto disk = [](const TrainOptions& of) {
    return estimate_run(of, {.calibration_seconds = 0}).disk.front().bytes;
  };
  const int64_t of_two = disk(options);
  options.keep_every_steps = 4;  // those of steps 4 and 8
  EXPECT_EQ(disk(options) - of_two,
            2 * 4 * estimate_run(options, {.calibration_seconds = 0}).parameters);
  const fs::path run = create_run(options);
  run_training(run, {});
  std::vector<int64_t> steps, whole;
  for (const CheckpointFolder& checkpoint : saved_checkpoints(run)) {
    steps.push_back(checkpoint.step);
    if (checkpoint.can_go_on) whole.push_back(checkpoint.step);
  }
  EXPECT_THAT(steps, ::testing::ElementsAre(4, 8, 9));
  EXPECT_THAT(whole, ::testing::ElementsAre(8, 9));
  const CheckpointModel model = publish_checkpoint(run, {.step = 5, .is_to_be_asked = false});
  EXPECT_EQ(model.step, 4);
  EXPECT_TRUE(fs::exists(run / "checkpoints/step-4/models/encoder/model.safetensors"));
}

TEST_F(TrainingRuns, StopAndSaveWhenAskedAndGoOnAfterwards) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 12;
  const fs::path whole = create_run(options);
  run_training(whole, {});
  const fs::path run = create_run(options);
  const fs::path database = world_.workspace() / "runs" / "runs.sqlite";
  const RunState state = run_training(run, [&](const TrainingProgress& progress) {
    if (progress.step == 5)
      request_control(database, run.filename().string(), ControlCommand::kStopAndSave);
  });
  EXPECT_EQ(state, RunState::kStopped);
  EXPECT_EQ(summary(run).state, RunState::kStopped);
  EXPECT_EQ(newest_stored(run).step, 5);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_EQ(newest_stored(run).fingerprint, newest_stored(whole).fingerprint);
  EXPECT_EQ(newest_stored(run).tensors, newest_stored(whole).tensors);
  EXPECT_EQ(scalars(run, "loss").size(), 12U);
  EXPECT_EQ(summary(run).attempt, 2);
}

TEST_F(TrainingRuns, SaveACheckpointWhenAsked) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.checkpoint_every_steps = 100;
  const fs::path run = create_run(options);
  const fs::path database = world_.workspace() / "runs" / "runs.sqlite";
  run_training(run, [&](const TrainingProgress& progress) {
    if (progress.step == 2)
      request_control(database, run.filename().string(), ControlCommand::kCheckpointNow);
  });
  const auto checkpoints = RunReader::open(database)->checkpoints(run.filename().string());
  ASSERT_EQ(checkpoints.size(), 2U);
  EXPECT_EQ(checkpoints[0].step, 2);
  EXPECT_EQ(checkpoints[1].step, 6);
  EXPECT_EQ(checkpoints[1].fingerprint, newest_stored(run).fingerprint);
}

}  // namespace
}  // namespace realm
