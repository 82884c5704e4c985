// Runs that count a vocabulary, told to stop in the middle of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "storage/run_database.h"
#include "tests/integration/training_world.h"
#include "tests/support/json_file.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TrainingWorld;

class CountedRuns : public ::testing::Test {
 protected:
  // A text without an end: only a stop ends the counting.
  CountedRuns() {
    fs::remove_all(world_.models() / "words");
    ::signal(SIGPIPE, SIG_IGN);
    ::mkfifo(text_.c_str(), 0600);
  }
  TrainOptions options(TrainTask task) const {
    TrainOptions options = world_.options(task);
    options.initial_model.clear();
    options.vocabulary_text = text_.string();
    options.vocabulary_size = 150;
    options.query_length = 32;
    options.positions = 76;
    options.output_model = "counted";
    return options;
  }
  RunSummary summary(const fs::path& run) const {
    return *RunReader::open(database_)->run(run.filename().string());
  }
  // Runs it, and asks for this as soon as it counts.
  RunState stopped_by(const fs::path& run, ControlCommand command) {
    std::atomic<bool> ended{false};
    std::jthread writer([&] {
      std::ofstream pipe(text_);
      while (pipe && !ended) pipe << "hug pug pun bun hugs\n" << std::flush;
    });
    std::jthread person([&] {
      while (summary(run).stage != "count words" && !ended) std::this_thread::yield();
      asked_ = std::chrono::steady_clock::now();
      request_control(database_, run.filename().string(), command);
    });
    const RunState state = run_training(run, {});
    took_ = std::chrono::steady_clock::now() - asked_.load();
    ended = true;
    return state;
  }
  const TrainingWorld world_;
  const fs::path text_ = world_.workspace() / "text";
  const fs::path database_ = world_.workspace() / "runs" / "runs.sqlite";
  std::atomic<std::chrono::steady_clock::time_point> asked_{};
  std::chrono::nanoseconds took_{};
};

TEST_F(CountedRuns, StopAtOnceOnEitherStop) {
  for (const ControlCommand stop : {ControlCommand::kStopNow, ControlCommand::kStopAndSave}) {
    const fs::path run = create_run(options(TrainTask::kMlm));
    EXPECT_EQ(stopped_by(run, stop), RunState::kStopped);
    EXPECT_LT(took_, std::chrono::seconds(2)) << "looks are a tenth of a second apart";
    EXPECT_EQ(summary(run).state, RunState::kStopped);
    EXPECT_EQ(summary(run).step, 0);
    EXPECT_FALSE(fs::exists(world_.models() / "vocabulary")) << "nothing half-made";
  }
}

TEST_F(CountedRuns, GoOnFromTheBeginningAfterAStop) {
  const fs::path run = create_run(options(TrainTask::kMlm));
  ASSERT_EQ(stopped_by(run, ControlCommand::kStopNow), RunState::kStopped);
  fs::remove(text_);
  world_.write("workspace/text", "the founder was there, the founder of the town\n");
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_THAT(testing::read_file(world_.models() / "vocabulary" / "vocab.txt"),
              HasSubstr("\nthe\n"));
}

TEST_F(CountedRuns, OfTheVocabularyTaskStopToo) {
  const fs::path run = create_run(options(TrainTask::kVocabulary));
  EXPECT_EQ(summary(run).total_steps, 0) << "it has no steps";
  EXPECT_EQ(stopped_by(run, ControlCommand::kStopNow), RunState::kStopped);
  EXPECT_FALSE(fs::exists(world_.models() / "counted"));
}

}  // namespace
}  // namespace realm
