// The programs of Slurm are stand-ins here; the real ones: tests/slurm.
#include "app/services/launch/slurm_launcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "app/services/launch/slurm_script.h"
#include "engine/base/error.h"
#include "tests/app/services/launch/slurm_stand_in.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Phase = LaunchState::Phase;

class SlurmLauncherTest : public ::testing::Test {
 protected:
  LaunchRequest request() const {
    return {.program = "/opt/realm-train",
            .run_folder = run_.path(),
            .options = {.place = LaunchPlace::kSlurm},
            .task = "mlm"};
  }
  static Launch job(const std::string& number, const std::string& cluster = {}) {
    return {.place = LaunchPlace::kSlurm, .job = number, .cluster = cluster};
  }
  LaunchState state(const std::string& squeue) const {
    slurm_.queue(squeue);
    const Launch launch = job("17");
    return SlurmLauncher().ask(std::span(&launch, 1)).front();
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
  testing::TempDirectory run_;
};

TEST_F(SlurmLauncherTest, SendsTheScriptFromTheRunsFolder) {
  slurm_.does("sbatch", "pwd > where; cat \"$2\" > sent; echo 4711");
  const Launch launch = SlurmLauncher().start(request());
  EXPECT_EQ(launch.place, LaunchPlace::kSlurm);
  EXPECT_EQ(launch.job, "4711");
  EXPECT_EQ(launch.cluster, "");
  EXPECT_EQ(slurm_.calls("sbatch"), "--parsable trainer.sbatch\n");
  EXPECT_EQ(testing::read_file(run_ / "where"), run_.path().string() + "\n");
  EXPECT_EQ(testing::read_file(run_ / "sent"), slurm_script(request()));
}

TEST_F(SlurmLauncherTest, SendsTheScriptThatStandsThereWhereItIsToBeKept) {
  run_.write("trainer.sbatch", "#!/bin/sh\ntrue\n");
  LaunchRequest again = request();
  again.keeps_script = true;
  SlurmLauncher().start(again);
  EXPECT_EQ(testing::read_file(run_ / "trainer.sbatch"), "#!/bin/sh\ntrue\n");
  SlurmLauncher().start(request());
  EXPECT_THAT(testing::read_file(run_ / "trainer.sbatch"), HasSubstr("srun"));
}

TEST_F(SlurmLauncherTest, ReadsTheJobsNumberBesideWarnings) {
  slurm_.does("sbatch", "echo 'sbatch: warning: odd' >&2; echo; echo '12;north'");
  const Launch launch = SlurmLauncher().start(request());
  EXPECT_EQ(launch.job, "12");
  EXPECT_EQ(launch.cluster, "north");
  slurm_.does("sbatch", "echo Submitted");
  EXPECT_THAT(error_of([&] { SlurmLauncher().start(request()); }), HasSubstr("Submitted"));
}

TEST_F(SlurmLauncherTest, SaysInSlurmsWordsWhyAJobWasNotTaken) {
  slurm_.does("sbatch",
              "echo 'sbatch: error: invalid partition specified: x' >&2\n"
              "echo 'sbatch: error: Batch job submission failed: Invalid partition' >&2; exit 1");
  EXPECT_EQ(error_of([&] { SlurmLauncher().start(request()); }),
            "Slurm did not take the job: invalid partition specified: x; Batch job submission "
            "failed: Invalid partition.");
}

TEST_F(SlurmLauncherTest, TellsQueuedFromRunningFromGone) {
  EXPECT_EQ(state("17|PENDING||Resources"), (LaunchState{Phase::kQueued, "Resources"}));
  EXPECT_EQ(state("17|PENDING||None"), (LaunchState{Phase::kQueued, ""}));
  EXPECT_EQ(state("17|RUNNING|node3|None"), (LaunchState{Phase::kRunning, "node3"}));
  EXPECT_EQ(state("17|COMPLETING|node3|None"), (LaunchState{Phase::kRunning, "node3"}));
  EXPECT_EQ(state("17|TIMEOUT|node3|TimeLimit"), (LaunchState{Phase::kGone, "TIMEOUT"}));
  EXPECT_EQ(state("18|RUNNING|node3|None"), (LaunchState{Phase::kGone, ""}));
  slurm_.does("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
  const Launch launch = job("17");
  EXPECT_EQ(SlurmLauncher().ask(std::span(&launch, 1)).front(), (LaunchState{Phase::kGone, ""}));
}

TEST_F(SlurmLauncherTest, AsksOnceForAllJobsOfACluster) {
  slurm_.does("squeue",
              "case \"$*\" in *--clusters=north*) echo CLUSTER: north; echo '5|RUNNING|n1|None';;\n"
              "*) echo '5|PENDING||Priority'; echo '6|FAILED|a|x';; esac");
  const std::vector<Launch> launches = {job("5"), job("5", "north"), job("6")};
  const std::vector<LaunchState> states = SlurmLauncher().ask(launches);
  ASSERT_EQ(states.size(), 3U);
  EXPECT_EQ(states[0], (LaunchState{Phase::kQueued, "Priority"}));
  EXPECT_EQ(states[1], (LaunchState{Phase::kRunning, "n1"}));
  EXPECT_EQ(states[2], (LaunchState{Phase::kGone, "FAILED"}));
  const std::string calls = slurm_.calls("squeue");
  EXPECT_EQ(std::count(calls.begin(), calls.end(), '\n'), 2);
  EXPECT_THAT(calls, HasSubstr("--jobs=5,6"));
}

TEST_F(SlurmLauncherTest, CancelsByNumber) {
  SlurmLauncher().cancel(job("17"));
  SlurmLauncher().cancel(job("18", "north"));
  EXPECT_EQ(slurm_.calls("scancel"), "17\n--clusters=north 18\n");
  slurm_.does("scancel",
              "echo 'scancel: error: Kill job error on job id 9: Access denied' >&2; exit 1");
  EXPECT_EQ(error_of([&] { SlurmLauncher().cancel(job("9")); }),
            "Slurm did not cancel job 9: Kill job error on job id 9: Access denied.");
}

TEST_F(SlurmLauncherTest, DoesNotWaitForAControllerThatHangs) {
  using Clock = std::chrono::steady_clock;
  slurm_.does("squeue", "exec sleep 60");
  const Launch launch = job("17");
  const Clock::time_point began = Clock::now();
  const std::string said =
      error_of([&] { SlurmLauncher(std::chrono::milliseconds(300)).ask(std::span(&launch, 1)); });
  EXPECT_EQ(said, "Slurm did not answer squeue within 0.3 s; its controller may be down.");
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(5));
  // What is no longer wanted ends at once.
  std::stop_source stop;
  stop.request_stop();
  EXPECT_NE(error_of([&] { SlurmLauncher().ask(std::span(&launch, 1), stop.get_token()); }), "");
}

TEST_F(SlurmLauncherTest, NamesTheProgramThatIsMissing) {
  EXPECT_EQ(slurm_missing(), "");
  const testing::WithoutSlurm none;
  EXPECT_EQ(slurm_missing(), "Slurm is not on this machine: there is no sbatch on the PATH.");
  EXPECT_EQ(error_of([&] { SlurmLauncher().start(request()); }), slurm_missing());
}

}  // namespace
}  // namespace realm
