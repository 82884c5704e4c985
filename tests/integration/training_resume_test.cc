// A run that is killed and started again ends with the same bits as one that never was
// (DESIGN.md 5.5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "engine/base/error.h"
#include "engine/base/rng.h"
#include "tests/integration/training_process.h"
#include "tests/integration/training_world.h"
#include "trainer/run_estimate.h"
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
    ASSERT_FALSE(a.empty()) << name;
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

// At moments drawn at random, several of them within a checkpoint, most within a refresh.
TEST_F(ResumedRuns, KilledAtAnyMomentAreTheSameBitForBit) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 120;
  options.checkpoint_every_steps = 7;
  options.refresh_every_steps = 25;
  options.refresh_lag_steps = 20;
  options.evaluate_every_steps = 1000;
  options.dropout = 0.1;
  options.output_model = "";
  const fs::path whole = create_run(options);
  train_to_the_end(whole);
  const fs::path killed = create_run(options);
  Rng rng(20261127);
  int kills = 0;
  for (bool lives = true; lives && kills < 6;) {
    TrainingProcess process(killed);
    for (uint64_t lines = 8 + rng.below(18); lines > 0 && lives; --lines)
      lives = process.wait_for_line("step ");
    for (uint64_t turns = rng.below(200); turns > 0 && lives; --turns)
      lives = process.wait_until([] { return true; });
    if (lives && process.end_by(SIGKILL).by_signal) ++kills;
  }
  EXPECT_GE(kills, 4);
  train_to_the_end(killed);
  expect_same(killed, whole, 120);
  expect_curves_equal(killed, whole, "loss");
  expect_curves_equal(killed, whole, "index/age_steps");
}

// When its folder, its models, its tensors and its last file have appeared: what stands under the
// checkpoint's name is always whole.
TEST_F(ResumedRuns, KilledWhileACheckpointIsWrittenAreTheSameBitForBit) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 50;
  options.checkpoint_every_steps = 10;  // 20 and 30 within the refresh begun at step 15
  options.refresh_every_steps = 15;
  options.refresh_lag_steps = 15;
  options.evaluate_every_steps = 1000;
  options.output_model = "";
  const fs::path whole = create_run(options);
  train_to_the_end(whole);
  const fs::path killed = create_run(options);
  int64_t step = 10;
  for (const char* part : {"", "models", "state.safetensors", "state.json"}) {
    const fs::path target = killed / "checkpoints" / ("step-" + std::to_string(step));
    const fs::path written = target.string() + ".tmp/" + part;
    fs::remove_all(target.string() + ".tmp");  // of the kill before
    TrainingProcess process(killed);
    ASSERT_TRUE(process.wait_until([&] { return fs::exists(written) || fs::exists(target); }))
        << process.said();
    EXPECT_TRUE(process.end_by(SIGKILL).by_signal);
    if (fs::exists(target)) {
      EXPECT_EQ(newest_stored(killed).step, step);
    } else if (step > 10) {
      EXPECT_EQ(newest_stored(killed).step, step - 10);
    }
    step += fs::exists(target) || step == 10 ? 10 : 0;
  }
  train_to_the_end(killed);
  expect_same(killed, whole, 50);
  expect_curves_equal(killed, whole, "loss");
}

// A disk on which no file can grow beyond a size that the optimizer's moments need.
TEST_F(ResumedRuns, EndClearlyOnAFullDiskWithTheLastCheckpointWhole) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.hidden = 96;
  options.intermediate = 192;
  options.steps = 8;
  options.evaluate_every_steps = 1000;
  options.output_model = "";
  const fs::path whole = create_run(options);
  train_to_the_end(whole);
  const fs::path run = create_run(options);
  train_and_kill_at(run, 6);  // the checkpoint of step 4 is there
  const StoredCheckpoint before = newest_stored(run);
  ASSERT_EQ(before.step, 4);
  const auto model_bytes =
      fs::file_size(run / "checkpoints" / "step-4" / "models" / "encoder" / "model.safetensors");
  ASSERT_GT(before.tensors.size(), 2 * model_bytes);
  TrainingProcess process(run, static_cast<int64_t>(model_bytes + before.tensors.size()) / 2);
  const TrainingProcess::Ending ending = process.wait();
  EXPECT_FALSE(ending.by_signal);
  EXPECT_EQ(ending.value, 1) << process.said();
  EXPECT_THAT(process.said(), ::testing::HasSubstr("state.safetensors"));
  EXPECT_THAT(process.said(), ::testing::HasSubstr("File too large"));
  const auto summary =
      RunReader::open(world_.workspace() / "runs" / "runs.sqlite")->run(run.filename().string());
  EXPECT_EQ(summary->state, RunState::kFailed);
  EXPECT_THAT(summary->exit_message, ::testing::HasSubstr("state.safetensors"));
  // What was there is there, and nothing half-written takes room.
  EXPECT_EQ(newest_stored(run).step, 4);
  EXPECT_TRUE(newest_stored(run).tensors == before.tensors);
  EXPECT_FALSE(fs::exists(run / "checkpoints" / "step-8.tmp"));
  train_to_the_end(run);
  expect_same(run, whole, 8);
}

// A weight of the loss that overflows: the gradient is no number, and the checkpoint stays.
TEST_F(ResumedRuns, EndAtTheLastGoodCheckpointWhenANumberIsNotFinite) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 8;
  options.unmasked_targets = 1;
  options.evaluate_every_steps = 1000;
  options.output_model = "";
  const fs::path run = create_run(options);
  train_and_kill_at(run, 6);
  const StoredCheckpoint before = newest_stored(run);
  ASSERT_EQ(before.step, 4);
  options.unmasked_weight = 1e39;
  std::ofstream(run / "config.json") << to_json(options);
  TrainingProcess process(run);
  EXPECT_EQ(process.wait().value, 1);
  EXPECT_THAT(process.said(), ::testing::HasSubstr("Step 4: the loss is "));
  EXPECT_THAT(process.said(), ::testing::HasSubstr("the gradient of realm.embeddings"));
  EXPECT_THAT(process.said(), ::testing::HasSubstr("last checkpoint, of step 4."));
  EXPECT_EQ(newest_stored(run).step, 4);
  EXPECT_TRUE(newest_stored(run).tensors == before.tensors);
  const auto reader = RunReader::open(world_.workspace() / "runs" / "runs.sqlite");
  const RunEvent last = reader->read_since({.run = run.filename().string()}).events.back();
  EXPECT_EQ(last.kind, "error");
  EXPECT_EQ(last.step, 4);
  EXPECT_THAT(last.message, ::testing::HasSubstr("Step 4: the loss is "));
}

// The estimate is what a step can need at most, so the real peak lies below it, but not far.
TEST_F(ResumedRuns, TakeTheMemoryThatWasEstimated) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.layers = 4;
  options.hidden = 256;
  options.heads = 8;
  options.intermediate = 1024;
  options.batch_size = 96;
  options.steps = 2;
  options.evaluate_every_steps = 1000;
  options.held_out_text = "";
  options.null_probability = 0;
  options.output_model = "";
  for (const bool checkpointing : {false, true}) {
    options.activation_checkpointing = checkpointing;
    const int64_t estimated = estimate_run(options, {.calibration_seconds = 0}).memory_bytes();
    TrainingProcess process(create_run(options));
    const TrainingProcess::Ending ending = process.wait();
    ASSERT_EQ(ending.value, 0) << process.said();
    const double share = static_cast<double>(ending.peak_bytes) / static_cast<double>(estimated);
    RecordProperty(checkpointing ? "share_checkpointed" : "share", std::to_string(share));
    EXPECT_GT(share, 0.45) << ending.peak_bytes << " of " << estimated;
    EXPECT_LT(share, 1.1) << ending.peak_bytes << " of " << estimated;
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
  options.neighbour_probability = 0.5;
  options.refresh_every_steps = 35;  // the embeddings that neighbours are chosen by: 35, 70, ...
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

TEST_F(ResumedRuns, StandWhereTheyWereWhileTheyLoad) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 100'000;
  options.log_every_steps = 1;
  options.checkpoint_every_steps = 5;
  const fs::path run = create_run(options);
  train_and_kill_at(run, 8);
  const auto summary = [&] {
    return *RunReader::open(world_.workspace() / "runs" / "runs.sqlite")
                ->run(run.filename().string());
  };
  TrainingProcess process(run);
  ASSERT_TRUE(process.wait_until([&] {
    const RunSummary now = summary();
    return now.attempt == 2 && now.stage != "start";
  }));
  EXPECT_GE(summary().step, 5);
  EXPECT_EQ(process.end_by(SIGTERM).value, 0);
  EXPECT_EQ(summary().state, RunState::kStopped);
  EXPECT_EQ(summary().step, summary().checkpoint->step);
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
