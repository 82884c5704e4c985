// Runs that a cluster has, with stand-ins for its programs and a run database that the test writes.
#include "app/services/launch/run_launches.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "app/services/launch/launch_record.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "tests/app/services/launch/slurm_stand_in.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Phase = LaunchState::Phase;

class RunLaunches : public ::testing::Test {
 protected:
  RunLaunches() { add_run("a"); }
  void add_run(const RunId& id) const {
    RunWriter::create_run(database(), {id, "mlm", "{}", 10});
    fs::create_directories(folder(id));
  }
  fs::path database() const { return runs_ / "runs.sqlite"; }
  fs::path folder(const RunId& id = "a") const { return runs_ / id; }
  LaunchRequest request(LaunchPlace place = LaunchPlace::kSlurm) const {
    return {.program = "/bin/true", .run_folder = folder(), .options = {.place = place}};
  }
  std::unique_ptr<RunWriter> open_run() const {
    return RunWriter::open_run(database(), "a", std::nullopt, {.commit_interval_ms = 0});
  }
  RunSummary run(const RunId& id = "a") const {
    return runs_with_launches(runs_.path(),
                              [&] { return std::vector{*RunReader::open(database())->run(id)}; })
        .front();
  }
  fs::path script(const std::string& text) const {
    const fs::path file = runs_.write("trainer", "#!/bin/sh\n" + text + "\n");
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }
  static std::string error_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
  const testing::SlurmStandIn slurm_;
  testing::TempDirectory runs_;
};

TEST_F(RunLaunches, AJobIsFoundAgainAndShowsWhyItWaits) {
  EXPECT_EQ(run().state, RunState::kCreated);
  launch_run(request());
  ASSERT_TRUE(read_launch(folder()));
  EXPECT_EQ(read_launch(folder())->job, "17");
  slurm_.queue("17|PENDING||Resources");
  EXPECT_EQ(run().state, RunState::kQueued);
  EXPECT_EQ(run().launch, "Slurm job 17 waits: Resources.");
  slurm_.queue("17|RUNNING|n1|None");
  EXPECT_EQ(run().state, RunState::kRunning) << "its trainer has not opened the run yet";
  EXPECT_EQ(run().stage, "start");
  EXPECT_EQ(run().launch, "Slurm job 17 on n1.");
}

TEST_F(RunLaunches, AnExitRecordGoesBeforeWhatSlurmSays) {
  launch_run(request());
  const auto trainer = open_run();
  trainer->finish(RunState::kFinished, "All steps are done.");
  slurm_.queue("17|COMPLETING|n1|None");
  EXPECT_EQ(run().state, RunState::kFinished);
  EXPECT_EQ(slurm_.calls("squeue"), "") << "there is nothing left to ask";
}

TEST_F(RunLaunches, AJobThatIsGoneWithoutAnExitRecordIsLost) {
  launch_run(request());
  slurm_.queue("17|NODE_FAIL|n1|None");
  EXPECT_EQ(run().state, RunState::kLost);
  EXPECT_THAT(run().exit_message, HasSubstr("before its trainer began (NODE_FAIL)"));
  const auto trainer = open_run();
  slurm_.queue("");
  EXPECT_EQ(run().state, RunState::kLost);
  EXPECT_THAT(run().exit_message, HasSubstr("does not know its job 17 any more"));
}

TEST_F(RunLaunches, ARunThatSlurmPutBackWaitsAgain) {
  launch_run(request());
  const auto trainer = open_run();
  slurm_.queue("17|PENDING||BeginTime");
  EXPECT_EQ(run().state, RunState::kQueued);
}

TEST_F(RunLaunches, SaysThatSlurmCannotBeAsked) {
  launch_run(request());
  slurm_.does("squeue", "echo 'squeue: error: Unable to contact slurm controller' >&2; exit 1");
  EXPECT_EQ(run().state, RunState::kQueued);
  EXPECT_EQ(run().launch, "Slurm cannot be asked: Unable to contact slurm controller.");
  const auto trainer = open_run();
  EXPECT_EQ(run().state, RunState::kRunning) << "the run database tells";
}

TEST_F(RunLaunches, ARunIsNotTrainedTwice) {
  launch_run(request());
  slurm_.queue("17|PENDING||Priority");
  EXPECT_THAT(error_of([&] { launch_run(request(LaunchPlace::kThisMachine)); }),
              HasSubstr("Slurm job 17, which waits in the queue"));
  EXPECT_THAT(error_of([&] { require_no_job(folder(), "deleted"); }), HasSubstr("be deleted once"));
  slurm_.queue("17|CANCELLED||None");
  launch_run(request(LaunchPlace::kThisMachine));
  EXPECT_FALSE(read_job(folder())) << "it is a process of this machine now";
}

TEST_F(RunLaunches, AMachineWithoutSlurmHasNoJob) {
  launch_run(request());
  const testing::WithoutSlurm none;
  require_no_job(folder(), "deleted");
  EXPECT_THAT(run().launch, HasSubstr("there is no squeue"));
}

TEST_F(RunLaunches, ANewRunThatIsRefusedLeavesNothing) {
  slurm_.does("sbatch", "echo 'sbatch: error: no' >&2; exit 1");
  EXPECT_THAT(error_of([&] { launch_new_run(request()); }), HasSubstr("did not take the job: no"));
  EXPECT_FALSE(fs::exists(folder()));
  EXPECT_TRUE(RunReader::open(database())->runs().empty());
}

TEST_F(RunLaunches, AQueuedRunIsTakenOutOfTheQueue) {
  launch_run(request());
  slurm_.queue("17|PENDING||Priority");
  steer_run(database(), "a", ControlCommand::kStopAndSave);
  EXPECT_EQ(slurm_.calls("scancel"), "17\n");
  slurm_.queue("17|CANCELLED||None");
  EXPECT_EQ(run().state, RunState::kStopped);
  EXPECT_EQ(run().exit_message, "Slurm job 17 was cancelled before its trainer began.");
  slurm_.queue("");
  EXPECT_EQ(run().state, RunState::kStopped) << "also when Slurm has forgotten it";
}

TEST_F(RunLaunches, ARunThatTrainsIsAskedToSaveAndOnlyThenCancelled) {
  launch_run(request());
  const auto trainer = open_run();
  slurm_.queue("17|RUNNING|n1|None");
  steer_run(database(), "a", ControlCommand::kStopAndSave);
  EXPECT_EQ(slurm_.calls("scancel"), "");
  ASSERT_EQ(trainer->take_controls().size(), 1U);
  steer_run(database(), "a", ControlCommand::kPause);
  EXPECT_EQ(trainer->take_controls().front().command, ControlCommand::kPause);
  steer_run(database(), "a", ControlCommand::kStopNow);
  EXPECT_EQ(trainer->take_controls().front().command, ControlCommand::kStopNow);
  EXPECT_EQ(slurm_.calls("scancel"), "17\n");
}

TEST_F(RunLaunches, AResumedRunIsANewJob) {
  launch_run(request());
  open_run()->finish(RunState::kStopped, "Stopped on request.");
  slurm_.does("sbatch", "echo 18");
  launch_run(request());
  EXPECT_EQ(read_launch(folder())->attempt, 1);
  slurm_.queue("18|PENDING||Resources");
  EXPECT_EQ(run().state, RunState::kQueued);
  EXPECT_EQ(run().exit_message, "");
}

TEST_F(RunLaunches, AWatchDoesNotWaitForSlurm) {
  launch_run(request());
  slurm_.does("squeue", "exec sleep 60");
  const auto began = std::chrono::steady_clock::now();
  {
    LaunchWatch watch(runs_.path());
    std::vector<RunSummary> runs = RunReader::open(database())->runs();
    watch.apply(runs);
    EXPECT_TRUE(watch.is_asking());
    watch.take_answer();
    EXPECT_TRUE(watch.is_asking());
    EXPECT_EQ(runs.front().state, RunState::kQueued);
    EXPECT_EQ(runs.front().launch, "Slurm job 17 was sent.");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(RunLaunches, AProcessIsStartingUntilItHasOpenedTheRun) {
  LaunchRequest local = request(LaunchPlace::kThisMachine);
  local.program = script("exec sleep 60");
  const Launch launch = launch_run(local);
  EXPECT_EQ(run().state, RunState::kCreated);
  const std::string about = fmt::format("Process {} is about to train run a", launch.process.pid);
  EXPECT_THAT(error_of([&] { launch_run(local); }), HasSubstr(about));
  EXPECT_THAT(error_of([&] { require_no_job(folder(), "deleted"); }), HasSubstr(about));
  const auto trainer = open_run();
  EXPECT_EQ(run().state, RunState::kRunning);
  EXPECT_THAT(error_of([&] { launch_run(local); }), HasSubstr("is going on in process"));
  trainer->finish(RunState::kStopped, "Stopped on request.");
  EXPECT_EQ(run().state, RunState::kStopped);
  make_launcher(LaunchPlace::kThisMachine)->cancel(launch);
}

TEST_F(RunLaunches, ARunThatNobodyStartedIsLostInTheEnd) {
  RunWriter::create_run(database(), {"old", "mlm", "{}", 10},
                        {.clock = [] { return now_ms() - 61'000; }});
  EXPECT_EQ(run("old").state, RunState::kLost);
  EXPECT_EQ(run("a").state, RunState::kCreated);
}

TEST_F(RunLaunches, AProcessThatEndsBeforeItHasOpenedTheRunIsLost) {
  LaunchRequest local = request(LaunchPlace::kThisMachine);
  local.program = script("echo 'There is no such model.'; exit 3");
  const auto lost = [&] {
    for (int i = 0; i < 1000 && run().state == RunState::kCreated; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return run();
  };
  launch_run(local);
  EXPECT_EQ(lost().state, RunState::kLost);
  EXPECT_THAT(run().exit_message,
              HasSubstr("ended before it could begin: There is no such model."));
  // A run that had stopped goes on, and its trainer cannot: the words before it are not its own.
  open_run()->finish(RunState::kStopped, "Stopped on request.");
  EXPECT_EQ(run().state, RunState::kStopped);
  local.program = script("exit 3");
  launch_run(local);
  EXPECT_EQ(lost().state, RunState::kLost);
  EXPECT_EQ(run().exit_message, "Its trainer ended before it could begin.");
}

TEST_F(RunLaunches, ARecordThatIsNoneIsNotTakenForOne) {
  for (const char* text : {"", "{", "[]", R"({"launcher": "slurm"})",
                           R"({"launcher": "slurm", "job": "1; rm"})", R"({"job": "1"})"}) {
    runs_.write("a/launch.json", text);
    EXPECT_FALSE(read_launch(folder())) << text;
  }
}

}  // namespace
}  // namespace realm
