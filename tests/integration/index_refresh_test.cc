// How pre-training runs refresh their index, and that they repeat where they say so
// (DESIGN.md 5.6).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "engine/base/error.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::newest_stored;
using testing::TrainingWorld;

class IndexRefreshes : public ::testing::Test {
 protected:
  IndexRefreshes() {
    options_ = world_.options(TrainTask::kPretrain);
    options_.steps = 10;
    options_.output_model = "";
  }
  fs::path database() const { return world_.workspace() / "runs" / "runs.sqlite"; }
  std::vector<double> curve(const fs::path& run, const std::string& name) const {
    std::vector<double> out;
    for (const Scalar& scalar : RunReader::open(database())->scalars(run.filename().string(), name))
      out.push_back(scalar.value);
    return out;
  }
  std::vector<RunEvent> events(const fs::path& run, const std::string& kind) const {
    std::vector<RunEvent> out;
    for (const RunEvent& event :
         RunReader::open(database())->read_since({run.filename().string(), 0, 0, 0, 0}).events) {
      if (event.kind == kind) out.push_back(event);
    }
    return out;
  }
  // Asks for a refresh when step `asked` is done, so that the trainer is asked before its next one.
  TrainingReport ask_at(const fs::path& run, int64_t asked, int64_t failing = -1) const {
    return [this, run, asked, failing](const TrainingProgress& progress) {
      if (progress.step == asked)
        request_control(database(), run.filename().string(), ControlCommand::kRefreshNow);
      if (progress.step == failing) throw std::runtime_error("the test ends the run here");
    };
  }
  TrainingWorld world_;
  TrainOptions options_;
};

// A refresh begins at steps 3, 6 and 9 and is adopted two steps later.
TEST_F(IndexRefreshes, AreDueBySteps) {
  const fs::path run = create_run(options_);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_THAT(curve(run, "index/age_steps"), ElementsAre(0, 1, 2, 3, 4, 2, 3, 4, 2, 3));
  EXPECT_THAT(curve(run, "index/generation"), ElementsAre(0, 0, 0, 0, 0, 1, 1, 1, 2, 2));
  EXPECT_THAT(curve(run, "index/replaced_age_steps"), ElementsAre(5, 5));
  EXPECT_THAT(curve(run, "held_out/index_generation"), ElementsAre(0, 1, 2));
  const std::vector<RunEvent> refreshes = events(run, "refresh");
  ASSERT_EQ(refreshes.size(), 2U);
  EXPECT_EQ(refreshes[0].step, 6);
  const auto data = nlohmann::json::parse(refreshes[1].data_json);
  EXPECT_EQ(data.at("made_at_step"), 6);
  EXPECT_EQ(data.at("probe_documents"), 30);
  EXPECT_EQ(data.at("probe_queries"), 12);
  EXPECT_EQ(data.at("k"), 2);
  for (const double drift : curve(run, "index/drift_cosine")) {
    EXPECT_LT(drift, 1.0);
    EXPECT_GT(drift, -1.0);
  }
  for (const char* name : {"index/drift_cosine", "index/overlap_at_k", "index/wait_seconds",
                           "index/spent_seconds", "index/replaced_age_seconds"}) {
    EXPECT_EQ(curve(run, name).size(), 2U) << name;
  }
}

TEST_F(IndexRefreshes, AreFewerInTheStaleAblation) {
  options_.refresh_every_steps = 2;
  options_.stale_factor = 3;
  const fs::path run = create_run(options_);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_THAT(curve(run, "index/age_steps"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 2, 3));
}

TEST_F(IndexRefreshes, OfTheFreeModeNeverStopTheTrainerAndAreMarked) {
  options_.steps = 40;
  options_.refresh_every_steps = 1;
  options_.refresh_lag_steps = 1;
  options_.refresh_mode = RefreshMode::kFree;
  const fs::path run = create_run(options_);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_EQ(nlohmann::json::parse(testing::read_file(run / "config.json")).at("refresh_mode"),
            "free");
  EXPECT_EQ(events(run, "warning").size(), 1U);
  const std::vector<double> generations = curve(run, "index/generation");
  ASSERT_EQ(generations.size(), 40U);
  for (size_t i = 1; i < generations.size(); ++i) EXPECT_GE(generations[i], generations[i - 1]);
  EXPECT_EQ(generations.back(), static_cast<double>(events(run, "refresh").size()));
}

// Asked for at step 4, with the refresh of step 3 under way until 5: it begins at 5 and is adopted
// at 7. The one that is due at 6 begins then, and is adopted at 9, when the next begins.
TEST_F(IndexRefreshes, AreBegunOnRequestAndTheSameInAResumedRun) {
  options_.checkpoint_every_steps = 4;
  const fs::path whole = create_run(options_);
  EXPECT_EQ(run_training(whole, ask_at(whole, 4)), RunState::kFinished);
  EXPECT_THAT(curve(whole, "index/age_steps"), ElementsAre(0, 1, 2, 3, 4, 2, 3, 2, 3, 2));
  EXPECT_EQ(events(whole, "control").size(), 1U);

  const fs::path broken = create_run(options_);
  EXPECT_THROW(run_training(broken, ask_at(broken, 4, 6)), std::runtime_error);
  ASSERT_EQ(newest_stored(broken).step, 4);
  EXPECT_EQ(run_training(broken, {}), RunState::kFinished);
  EXPECT_EQ(curve(broken, "index/age_steps"), curve(whole, "index/age_steps"));
  EXPECT_EQ(curve(broken, "index/drift_cosine"), curve(whole, "index/drift_cosine"));
  EXPECT_EQ(events(broken, "control").size(), 1U);
  EXPECT_EQ(newest_stored(broken).task, newest_stored(whole).task);
  EXPECT_TRUE(newest_stored(broken).tensors == newest_stored(whole).tensors);
}

// Without any checkpoint the run begins anew, and is asked again at the same step.
TEST_F(IndexRefreshes, OnRequestAreRepeatedFromTheBeginning) {
  options_.checkpoint_every_steps = 100;
  const fs::path whole = create_run(options_);
  EXPECT_EQ(run_training(whole, ask_at(whole, 1)), RunState::kFinished);
  const fs::path broken = create_run(options_);
  EXPECT_THROW(run_training(broken, ask_at(broken, 1, 5)), std::runtime_error);
  EXPECT_EQ(run_training(broken, {}), RunState::kFinished);
  EXPECT_EQ(curve(broken, "index/age_steps"), curve(whole, "index/age_steps"));
  EXPECT_TRUE(newest_stored(broken).tensors == newest_stored(whole).tensors);
}

TEST_F(IndexRefreshes, AreRefusedForATaskWithoutAnIndex) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  const fs::path run = create_run(options);
  EXPECT_EQ(run_training(run, ask_at(run, 2)), RunState::kFinished);
  const std::vector<RunEvent> controls = events(run, "control");
  ASSERT_EQ(controls.size(), 1U);
  EXPECT_THAT(controls[0].message, ::testing::HasSubstr("no index"));
}

TEST_F(IndexRefreshes, NeedADeviceThatThereIs) {
  options_.refresh_device = "abacus";
  try {
    create_run(options_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("refresh_device must be"));
  }
  options_.refresh_device = "cpu";
  EXPECT_EQ(run_training(create_run(options_), {}), RunState::kFinished);
}

TEST_F(IndexRefreshes, DoNotDependOnTheTrainersThreads) {
  options_.refresh_threads = 2;
  const fs::path run = create_run(options_);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_EQ(curve(run, "index/drift_cosine").size(), 2U);
}

}  // namespace
}  // namespace realm
