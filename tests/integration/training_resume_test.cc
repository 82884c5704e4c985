// A run that is killed and started again ends with the same bits as one that never was
// (DESIGN.md 5.5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "engine/base/error.h"
#include "tests/integration/training_process.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::newest_stored;
using testing::StoredCheckpoint;
using testing::TrainingProcess;
using testing::TrainingWorld;

class ResumedRuns : public ::testing::Test {
 protected:
  // Starts the run as a process, and kills it when it has said that step `step` is done.
  static void train_and_kill_at(const fs::path& run, int64_t step) {
    TrainingProcess process(run);
    ASSERT_TRUE(process.wait_for_line("step " + std::to_string(step) + "/")) << process.said();
    const TrainingProcess::Ending ending = process.end_by(SIGKILL);
    EXPECT_TRUE(ending.by_signal) << "it had ended before it was killed: " << process.said();
  }
  static void train_to_the_end(const fs::path& run) {
    TrainingProcess process(run);
    const TrainingProcess::Ending ending = process.wait();
    EXPECT_FALSE(ending.by_signal);
    EXPECT_EQ(ending.value, 0) << process.said();
  }
  static void expect_same(const fs::path& killed, const fs::path& whole, int64_t steps) {
    const StoredCheckpoint a = newest_stored(killed);
    const StoredCheckpoint b = newest_stored(whole);
    EXPECT_EQ(a.step, steps);
    EXPECT_EQ(b.step, steps);
    EXPECT_EQ(a.fingerprint, b.fingerprint);
    EXPECT_EQ(a.task, b.task);  // generators, generation of the index
    EXPECT_TRUE(a.tensors ==
                b.tensors);  // parameters, moments, the weights behind the index, bit for bit
  }
  void expect_curves_equal(const fs::path& killed, const fs::path& whole,
                           const std::string& name) const {
    const auto reader = RunReader::open(world_.workspace() / "runs" / "runs.sqlite");
    const auto a = reader->scalars(killed.filename().string(), name);
    const auto b = reader->scalars(whole.filename().string(), name);
    ASSERT_EQ(a.size(), b.size()) << name;
    for (size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].step, b[i].step);
      EXPECT_EQ(a[i].value, b[i].value) << name << " at step " << a[i].step;
    }
  }
  TrainingWorld world_;
};

// Killed before the first checkpoint, between two, with a refresh of the index under way, and while
// one is written.
TEST_F(ResumedRuns, OfPreTrainingAreTheSameBitForBit) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 200;
  options.checkpoint_every_steps = 40;
  options.refresh_every_steps = 25;
  options.refresh_lag_steps = 20;  // mostly under way: steps 25 to 45, 50 to 70, ...
  options.evaluate_every_steps = 1000;
  options.dropout = 0.1;
  options.warm_pair_fraction = 0.5;
  options.output_model = "";
  const fs::path whole = create_run(options);
  train_to_the_end(whole);
  const fs::path killed = create_run(options);
  train_and_kill_at(killed, 20);  // nothing is saved yet
  train_and_kill_at(
      killed, 63);  // after the checkpoint of step 40, which was taken with a refresh under way
  train_and_kill_at(killed, 80);  // the next thing is the checkpoint of step 80
  train_and_kill_at(killed, 121);
  train_to_the_end(killed);
  expect_same(killed, whole, 200);
  expect_curves_equal(killed, whole, "loss");
  for (const char* name : {"index/generation", "index/age_steps", "index/drift_cosine",
                           "index/overlap_at_k", "index/replaced_age_steps"}) {
    expect_curves_equal(killed, whole, name);
  }
}

TEST_F(ResumedRuns, OfMaskedLanguageModellingAreTheSameBitForBit) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 240;
  options.checkpoint_every_steps = 50;
  options.evaluate_every_steps = 1000;
  options.dropout = 0.1;
  options.output_model = "";
  const fs::path whole = create_run(options);
  train_to_the_end(whole);
  const fs::path killed = create_run(options);
  train_and_kill_at(killed, 77);
  train_and_kill_at(killed, 150);
  train_to_the_end(killed);
  expect_same(killed, whole, 240);
  expect_curves_equal(killed, whole, "loss");
}

TEST_F(ResumedRuns, OfTheInverseClozeTaskAreTheSameBitForBit) {
  TrainOptions options = world_.options(TrainTask::kIct);
  options.steps = 240;
  options.checkpoint_every_steps = 60;
  options.evaluate_every_steps = 1000;
  options.output_model = "";
  const fs::path whole = create_run(options);
  train_to_the_end(whole);
  const fs::path killed = create_run(options);
  train_and_kill_at(killed, 100);
  train_to_the_end(killed);
  expect_same(killed, whole, 240);
}

TEST_F(ResumedRuns, SaveAndLeaveOnSigterm) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 1'000'000;
  options.checkpoint_every_steps = 1'000'000;
  options.evaluate_every_steps = 1'000'000;
  const fs::path run = create_run(options);
  TrainingProcess process(run);
  ASSERT_TRUE(process.wait_for_line("step 5/")) << process.said();
  const TrainingProcess::Ending ending = process.end_by(SIGTERM);
  EXPECT_FALSE(ending.by_signal);
  EXPECT_EQ(ending.value, 0);
  EXPECT_GE(newest_stored(run).step, 5);
  const auto summary =
      RunReader::open(world_.workspace() / "runs" / "runs.sqlite")->run(run.filename().string());
  EXPECT_EQ(summary->state, RunState::kStopped);
  EXPECT_EQ(summary->step, newest_stored(run).step);
}

TEST_F(ResumedRuns, AreTrainedByOneProcessAtATime) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 1'000'000;
  options.evaluate_every_steps = 1'000'000;
  const fs::path run = create_run(options);
  TrainingProcess process(run);
  ASSERT_TRUE(process.wait_for_line("step 1/")) << process.said();
  try {
    run_training(run, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBusy);
  }
  process.end_by(SIGKILL);
}

TEST_F(ResumedRuns, SayWhatIsWrongAndExitWithOne) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.initial_model = "nobody";
  TrainingProcess process(create_run(options));
  const TrainingProcess::Ending ending = process.wait();
  EXPECT_EQ(ending.value, 1);
  EXPECT_THAT(process.said(), ::testing::HasSubstr("realm-train: "));
  EXPECT_THAT(process.said(), ::testing::HasSubstr("nobody"));
}

}  // namespace
}  // namespace realm
