// realm train --slurm and the runs that it makes, with stand-ins for Slurm's programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/cli/realm_program.h"
#include "tests/app/services/launch/slurm_stand_in.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::TinyWorkspace;

class CliSlurm : public ::testing::Test {
 protected:
  static std::vector<std::string> train(const std::vector<std::string>& more) {
    std::vector<std::string> line = {"train", "vocabulary",        "--set", "vocabulary_size=120",
                                     "--set", "output_model=words"};
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
  // Without --quiet.
  Outcome aloud(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--workspace", workspace_.folder().string()});
    return testing::run_realm(arguments);
  }
  const testing::SlurmStandIn slurm_;
  const TinyWorkspace workspace_;
};

TEST_F(CliSlurm, ShowsTheScriptAndSendsTheSame) {
  const std::vector<std::string> options = {"--slurm", "--partition", "main", "--time",
                                            "1:00:00", "--gpus",      "2",    "--sbatch=--qos=low"};
  std::vector<std::string> shows = options;
  shows.emplace_back("--show-script");
  const std::string shown = workspace_.json(train(shows)).at("script");
  for (const char* line : {"--partition=main", "--time=1:00:00", "--gres=gpu:2", "--qos=low"})
    EXPECT_THAT(shown, HasSubstr(line));
  EXPECT_EQ(slurm_.calls("sbatch"), "");
  EXPECT_TRUE(workspace_.json({"runs", "list"}).at("runs").empty());
  std::vector<std::string> sends = options;
  sends.emplace_back("--detach");
  const json sent = workspace_.json(train(sends));
  EXPECT_EQ(sent.at("job"), "17");
  const std::string run = sent.at("run");
  EXPECT_EQ(testing::read_file(workspace_.folder() / "runs" / run / "trainer.sbatch"), shown);
}

TEST_F(CliSlurm, AQueuedRunIsToldAndTakenOutOfTheQueue) {
  slurm_.queue("17|PENDING||Resources");
  const Outcome sent = aloud(train({"--slurm", "--detach"}));
  EXPECT_THAT(sent.err, HasSubstr("Asking Slurm to take the job"));
  const std::string run =
      workspace_.json({"runs", "list"}).at("runs").at(0).at("id").get<std::string>();
  const json listed = workspace_.json({"runs", "list"}).at("runs").at(0);
  EXPECT_EQ(listed.at("state"), "queued");
  EXPECT_EQ(listed.at("job"), "17");
  EXPECT_EQ(listed.at("launch"), "Slurm job 17 waits: Resources.");
  EXPECT_THAT(workspace_.run({"runs", "list"}).out, HasSubstr("waits: Resources"));
  const Outcome paused = workspace_.run({"runs", "pause", run});
  EXPECT_EQ(paused.code, 1);
  EXPECT_THAT(paused.err, HasSubstr("queued"));
  const Outcome deleted = workspace_.run({"runs", "delete", run});
  EXPECT_EQ(deleted.code, 1);
  EXPECT_THAT(deleted.err, HasSubstr("waits in the queue"));
  const Outcome resumed = workspace_.run({"train", "--resume", run});
  EXPECT_EQ(resumed.code, 1);
  EXPECT_THAT(resumed.err, HasSubstr("waits in the queue"));
  EXPECT_THAT(aloud({"train", "--resume", run}).err,
              HasSubstr("Asking Slurm what became of the job"));
  EXPECT_EQ(workspace_.run({"runs", "stop", run}).code, 0);
  EXPECT_EQ(slurm_.calls("scancel"), "17\n");
  slurm_.queue("");
  EXPECT_EQ(workspace_.json({"runs", "show", run}).at("state"), "stopped");
  EXPECT_EQ(workspace_.run({"runs", "delete", run}).code, 0);
}

// A controller that is down lets each of these wait.
TEST_F(CliSlurm, IsToldOfBeforeItIsAsked) {
  const auto errors = [&](const std::vector<std::string>& line) { return aloud(line).err; };
  EXPECT_THAT(errors({"runs", "list"}), Not(HasSubstr("Slurm")));
  slurm_.queue("17|PENDING||Resources");
  const std::string run = workspace_.json(train({"--slurm", "--detach"})).at("run");
  EXPECT_THAT(errors({"runs", "list"}), HasSubstr("Asking Slurm what became of its jobs (squeue)"));
  EXPECT_THAT(errors({"runs", "show", run}),
              HasSubstr("Asking Slurm what became of its jobs (squeue)"));
  EXPECT_THAT(errors({"runs", "delete", run}), HasSubstr("Asking Slurm whether it still has"));
  EXPECT_THAT(errors({"runs", "stop", run}), HasSubstr("Asking Slurm to end the job"));
  EXPECT_EQ(workspace_.run({"runs", "list"}).err, "") << "with --quiet";
}

// The stand-in trains at once, as a cluster with nothing else to do would.
TEST_F(CliSlurm, WaitsForTheJobsEnd) {
  slurm_.does("sbatch",
              "program=$(sed -n \"s/^  '\\(.*\\)' --run.*/\\1/p\" \"$2\")\n"
              "\"$program\" --run \"$PWD\" > trainer.log 2>&1\necho 17");
  const json trained = workspace_.json(train({"--slurm", "--set", "output_model=words"}));
  EXPECT_EQ(trained.at("state"), "finished");
  EXPECT_EQ(trained.at("job"), "17");
}

TEST_F(CliSlurm, SaysWhatIsWrongWithAJob) {
  slurm_.does("sbatch", "echo 'sbatch: error: invalid partition specified: x' >&2; exit 1");
  const Outcome refused = workspace_.run(train({"--slurm", "--partition", "x"}));
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("Slurm did not take the job: invalid partition"));
  EXPECT_TRUE(workspace_.json({"runs", "list"}).at("runs").empty());
  EXPECT_EQ(workspace_.run(train({"--partition", "x"})).code, 2) << "without --slurm";
  const testing::WithoutSlurm none;
  EXPECT_THAT(workspace_.run(train({"--slurm"})).err, HasSubstr("no sbatch on the PATH"));
}

}  // namespace
}  // namespace realm
