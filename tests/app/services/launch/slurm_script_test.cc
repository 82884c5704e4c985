#include "app/services/launch/slurm_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

LaunchRequest request_with(SlurmOptions slurm) {
  return {.program = "/opt/realm/realm-train",
          .run_folder = {},
          .options = {.place = LaunchPlace::kSlurm, .ranks = 2, .slurm = std::move(slurm)},
          .task = "ict",
          .cpus_per_rank = 3};
}

TEST(SlurmScript, IsWholeAndNamesNoRun) {
  const std::string script = slurm_script(request_with({.partition = "main",
                                                        .time_limit = "2:30:00",
                                                        .gpus = "a100:2",
                                                        .lines = {"--account=me --qos=low"}}));
  EXPECT_EQ(script,
            "#!/bin/sh\n"
            "#SBATCH --job-name=realm-ict\n"
            "#SBATCH --output=trainer.log\n"
            "#SBATCH --open-mode=append\n"
            "#SBATCH --ntasks=2\n"
            "#SBATCH --cpus-per-task=3\n"
            "#SBATCH --partition=main\n"
            "#SBATCH --time=2:30:00\n"
            "#SBATCH --gres=gpu:a100:2\n"
            "#SBATCH --account=me --qos=low\n"
            "\n"
            "# At the time limit SIGTERM reaches each process of realm-train, which saves and "
            "leaves;\n"
            "# this script and srun wait for that.\n"
            "trap '' TERM\n"
            "# Each process has its place from srun, not from the shell that sent this.\n"
            "unset RANK WORLD_SIZE LOCAL_RANK MASTER_ADDR MASTER_PORT\n"
            "srun --cpus-per-task=\"$SLURM_CPUS_PER_TASK\" --kill-on-bad-exit=1 \\\n"
            "  '/opt/realm/realm-train' --run \"$PWD\"\n");
}

TEST(SlurmScript, LeavesWhatIsNotChosenToTheCluster) {
  const std::string script = slurm_script(request_with({}));
  for (const char* option : {"--partition", "--time", "--gres"})
    EXPECT_THAT(script, Not(HasSubstr(option)));
}

TEST(SlurmScript, QuotesTheProgram) {
  LaunchRequest request = request_with({});
  request.program = "/home/o'neill/my $HOME/realm-train";
  EXPECT_THAT(slurm_script(request), HasSubstr("'/home/o'\\''neill/my $HOME/realm-train' --run"));
}

TEST(SlurmScript, RefusesWhatWouldBeMoreThanItsLine) {
  const auto refused = [](SlurmOptions options) {
    try {
      slurm_script(request_with(std::move(options)));
    } catch (const Error& error) {
      return error.code() == ErrorCode::kInvalidArgument ? std::string(error.what()) : "";
    }
    return std::string();
  };
  EXPECT_THAT(refused({.partition = "main\nrm"}), HasSubstr("partition"));
  EXPECT_THAT(refused({.partition = "a b"}), HasSubstr("\"a b\""));
  EXPECT_THAT(refused({.time_limit = "soon"}), HasSubstr("time limit"));
  EXPECT_THAT(refused({.time_limit = "10:"}), HasSubstr("time limit"));
  EXPECT_THAT(refused({.gpus = "0"}), HasSubstr("GPUs"));
  EXPECT_THAT(refused({.gpus = "many"}), HasSubstr("GPUs"));
  EXPECT_THAT(refused({.gpus = ":1"}), HasSubstr("GPUs"));
  EXPECT_THAT(refused({.lines = {"account=me"}}), HasSubstr("further option"));
  EXPECT_THAT(refused({.lines = {"--account=me\ntrue"}}), HasSubstr("further option"));
  EXPECT_EQ(refused({.partition = "a,b-2", .time_limit = "1-12", .gpus = "2"}), "");
}

}  // namespace
}  // namespace realm
