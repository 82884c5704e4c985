// Several processes that train one run together over Gloo take the steps that one process takes
// (trainer/parallel/rank_group.h). Skipped where LibTorch has no c10d or Gloo's headers are
// missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <memory>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "tests/integration/training_process.h"
#include "tests/integration/training_world.h"
#include "tests/support/free_port.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::newest_stored;
using testing::TrainingProcess;
using testing::TrainingWorld;

class Ranks : public ::testing::Test {
 protected:
  void SetUp() override {
#ifndef REALM_WITH_C10D
    GTEST_SKIP() << "built without c10d";
#endif
  }
  // Starts the processes of a run, the first one first.
  static std::vector<std::unique_ptr<TrainingProcess>> start(const fs::path& run, int ranks) {
    const std::string port = std::to_string(testing::free_port());
    std::vector<std::unique_ptr<TrainingProcess>> out;
    for (int rank = 0; rank < ranks; ++rank) {
      out.push_back(std::make_unique<TrainingProcess>(
          run, std::nullopt,
          std::vector<std::pair<std::string, std::string>>{{"RANK", std::to_string(rank)},
                                                           {"WORLD_SIZE", std::to_string(ranks)},
                                                           {"MASTER_ADDR", "127.0.0.1"},
                                                           {"MASTER_PORT", port}}));
    }
    return out;
  }
  static void finish(const fs::path& run, int ranks) {
    for (const auto& process : start(run, ranks)) {
      const TrainingProcess::Ending ending = process->wait();
      EXPECT_FALSE(ending.by_signal);
      EXPECT_EQ(ending.value, 0) << process->said();
    }
  }
  fs::path database() const { return world_.workspace() / "runs" / "runs.sqlite"; }
  std::vector<double> curve(const fs::path& run, const std::string& name) const {
    std::vector<double> out;
    for (const Scalar& scalar : RunReader::open(database())->scalars(run.filename().string(), name))
      out.push_back(scalar.value);
    return out;
  }
  // Every number of the run that is not a time, nor how far a refresh has come in it, is the
  // other's.
  void expect_same_curves(const fs::path& run, const fs::path& other, double tolerance) const {
    const auto reader = RunReader::open(database());
    const std::vector<std::string> names = reader->scalar_names(run.filename().string());
    EXPECT_EQ(names, reader->scalar_names(other.filename().string()));
    for (const std::string& name : names) {
      if (name.ends_with("second") || name.ends_with("seconds") || name.ends_with("refresh_share"))
        continue;
      const std::vector<double> a = curve(run, name), b = curve(other, name);
      ASSERT_EQ(a.size(), b.size()) << name;
      for (size_t i = 0; i < a.size(); ++i)
        EXPECT_NEAR(a[i], b[i], tolerance * (1 + std::abs(b[i]))) << name << " at row " << i;
    }
  }
  TrainingWorld world_;
};

class RanksOfTask : public Ranks, public ::testing::WithParamInterface<TrainTask> {};

TEST_P(RanksOfTask, TakeTheStepsOfOneProcess) {
  TrainOptions options = world_.options(GetParam());
  options.steps = 12;
  options.output_model = "";
  const fs::path one = create_run(options), two = create_run(options), three = create_run(options);
  finish(one, 1);
  finish(two, 2);
  finish(three, 3);  // shares of 2, 1 and 1
  expect_same_curves(two, one, 1e-4);
  expect_same_curves(three, one, 1e-4);
}
INSTANTIATE_TEST_SUITE_P(Tasks, RanksOfTask,
                         ::testing::Values(TrainTask::kMlm, TrainTask::kIct, TrainTask::kPretrain),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST_F(Ranks, ShareTheReleasedFormOfTheLossByPieces) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.marginal = MarginalForm::kPerPiece;
  options.accumulate_steps = 2;
  options.output_model = "";
  const fs::path one = create_run(options), two = create_run(options);
  options.accumulate_steps = 1;
  const fs::path whole = create_run(options);
  finish(one, 1);
  finish(two, 2);
  finish(whole, 1);
  expect_same_curves(one, whole, 1e-4);
  expect_same_curves(two, whole, 1e-4);
}

// Until the weights differ in their last bits, which decides between neighbours that are as near.
TEST_F(Ranks, EmbedNeighboursTogether) {
  TrainOptions options = world_.options(TrainTask::kIct);
  options.neighbour_probability = 1.0;
  options.steps = options.refresh_every_steps = 4;
  options.output_model = "";
  const fs::path one = create_run(options), two = create_run(options);
  finish(one, 1);
  finish(two, 2);
  const std::vector<double> a = curve(two, "loss"), b = curve(one, "loss");
  ASSERT_EQ(a.size(), 4U);
  ASSERT_EQ(b.size(), 4U);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4) << "at row " << i;
}

// A run may go on with another number of processes.
TEST_F(Ranks, ResumeWhatOthersBegan) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 12;
  options.output_model = "";
  const fs::path whole = create_run(options);
  finish(whole, 1);
  const fs::path parted = create_run(options);
  {
    const auto processes = start(parted, 2);
    ASSERT_TRUE(processes[0]->wait_for_line("step 5/12")) << processes[0]->said();
    // A stop that is sent to any of them stops all.
    EXPECT_EQ(processes[1]->end_by(SIGTERM).value, 0);
    EXPECT_EQ(processes[0]->wait().value, 0);
  }
  EXPECT_GE(newest_stored(parted).step, 5);
  EXPECT_LT(newest_stored(parted).step, 12);
  finish(parted, 3);
  expect_same_curves(parted, whole, 1e-4);
}

TEST_F(Ranks, RefreshFreelyWhenAllAreDone) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.refresh_mode = RefreshMode::kFree;
  options.steps = 30;
  options.output_model = "";
  const fs::path run = create_run(options);
  finish(run, 2);
  EXPECT_GT(curve(run, "index/generation").back(), 0);
}

TEST_F(Ranks, SayThatOneIsGone) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 100'000;
  options.output_model = "";
  const fs::path run = create_run(options);
  const auto processes = start(run, 2);
  ASSERT_TRUE(processes[0]->wait_for_line("step 8/")) << processes[0]->said();
  EXPECT_TRUE(processes[1]->end_by(SIGKILL).by_signal);
  EXPECT_EQ(processes[0]->wait().value, 1);
  const auto summary = RunReader::open(database())->run(run.filename().string());
  EXPECT_EQ(summary->state, RunState::kFailed);
  EXPECT_THAT(summary->exit_message, HasSubstr("cannot be reached any more"));
  EXPECT_THAT(summary->exit_message, ::testing::Not(HasSubstr("\n")));
  EXPECT_GE(newest_stored(run).step, 8);
}

TEST_F(Ranks, AreNotMoreThanTheBatchHasExamples) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.batch_size = 1;
  options.output_model = "";
  const fs::path run = create_run(options);
  for (const auto& process : start(run, 2)) EXPECT_EQ(process->wait().value, 1);
  EXPECT_THAT(RunReader::open(database())->run(run.filename().string())->exit_message,
              HasSubstr("A batch of 1 examples cannot be shared by 2 processes"));
}

TEST_F(Ranks, NameTheVariableThatIsWrong) {
  const fs::path run = create_run(world_.options(TrainTask::kMlm));
  using Variables = std::vector<std::pair<std::string, std::string>>;
  const std::pair<Variables, const char*> wrong[] = {
      {{{"WORLD_SIZE", "2"}}, "RANK"},
      {{{"WORLD_SIZE", "two"}}, "WORLD_SIZE"},
      {{{"WORLD_SIZE", "2"}, {"RANK", "2"}, {"MASTER_PORT", "1"}}, "RANK"},
      {{{"WORLD_SIZE", "2"}, {"RANK", "1"}, {"MASTER_PORT", "x"}}, "MASTER_PORT"},
      {{{"WORLD_SIZE", "2"}, {"RANK", "1"}, {"MASTER_PORT", "1"}}, "MASTER_ADDR"}};
  for (const auto& [variables, name] : wrong) {
    TrainingProcess process(run, std::nullopt, variables);
    EXPECT_EQ(process.wait().value, 1);
    EXPECT_THAT(process.said(), HasSubstr(std::string("variable ") + name));
  }
}

}  // namespace
}  // namespace realm
