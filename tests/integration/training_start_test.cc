// Runs that are told to stop before their first step, while they load.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/integration/training_runs.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// A writer would wait for ever for a run that ended before it read.
struct LetWriterGo {
  fs::path pipe;
  ~LetWriterGo() {
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    if (reader >= 0) ::close(reader);
  }
};

class StartingRuns : public testing::TrainingRuns {
 protected:
  // The held-out text is a pipe: a run waits in the middle of its loading until it is written.
  StartingRuns() {
    ::signal(SIGPIPE, SIG_IGN);
    ::mkfifo(text_.c_str(), 0600);
  }

  TrainOptions options(TrainTask task) const {
    TrainOptions options = world_.options(task);
    options.held_out_text = text_.string();
    return options;
  }
  // Runs it, and does this while it loads.
  RunState run_and(const fs::path& run, const std::function<void()>& act,
                   const TrainingReport& report = {}) const {
    const std::jthread person([&] {
      std::ofstream pipe(text_);  // opens once the run reads
      act();
      pipe << testing::read_file(world_.options(TrainTask::kMlm).held_out_text);
    });
    const LetWriterGo let_writer_go{text_};
    return run_training(run, report);
  }
  std::vector<std::string> said(const fs::path& run) const {
    std::vector<std::string> lines;
    const auto reader = RunReader::open(database_);
    for (const RunEvent& event : reader->read_since({.run = run.filename().string()}).events)
      lines.push_back(event.message);
    return lines;
  }
  const fs::path text_ = world_.workspace() / "held_out";
  const fs::path database_ = world_.workspace() / "runs" / "runs.sqlite";
};

TEST_F(StartingRuns, StopOnEitherStopWithoutAStep) {
  for (const TrainTask task : {TrainTask::kMlm, TrainTask::kIct, TrainTask::kPretrain}) {
    for (const ControlCommand stop : {ControlCommand::kStopNow, ControlCommand::kStopAndSave}) {
      const fs::path run = create_run(options(task));
      const RunState state =
          run_and(run, [&] { request_control(database_, run.filename().string(), stop); });
      EXPECT_EQ(state, RunState::kStopped);
      EXPECT_EQ(summary(run).state, RunState::kStopped);
      EXPECT_EQ(summary(run).step, 0);
      EXPECT_THAT(said(run), Not(Contains(HasSubstr("Trains from step"))));
      EXPECT_FALSE(fs::exists(run / "checkpoints")) << "there is nothing to save";
    }
  }
}

TEST_F(StartingRuns, StopOnASignal) {
  const fs::path run = create_run(options(TrainTask::kMlm));
  EXPECT_EQ(run_and(run, [] { std::raise(SIGTERM); }), RunState::kStopped);
  EXPECT_THAT(said(run), Not(Contains(HasSubstr("Trains from step"))));
}

TEST_F(StartingRuns, AreStoppedWhereTheyWereWhenTheyGoOn) {
  TrainOptions mlm = options(TrainTask::kMlm);
  mlm.steps = 8;
  mlm.checkpoint_every_steps = 4;
  const fs::path run = create_run(mlm);
  const std::string id = run.filename().string();
  const auto stop_at_4 = [&](const TrainingProgress& progress) {
    if (progress.step == 4) request_control(database_, id, ControlCommand::kStopAndSave);
  };
  ASSERT_EQ(run_and(
                run, [] {}, stop_at_4),
            RunState::kStopped);
  ASSERT_EQ(summary(run).step, 4);
  EXPECT_EQ(run_and(run, [&] { request_control(database_, id, ControlCommand::kStopAndSave); }),
            RunState::kStopped);
  EXPECT_EQ(summary(run).step, 4);
  EXPECT_EQ(run_and(run, [] {}), RunState::kFinished) << "and it can still go on";
  EXPECT_EQ(summary(run).step, 8);
}

}  // namespace
}  // namespace realm
