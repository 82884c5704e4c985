#include "trainer/parallel/rank_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::HasSubstr;

// The variables of a process's place, none of them set but those given; what there was comes back.
class Variables {
 public:
  explicit Variables(const std::map<std::string, std::string>& values) {
    for (const char* name : {"RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT",
                             "TORCHELASTIC_USE_AGENT_STORE", "SLURM_STEP_NUM_TASKS",
                             "SLURM_STEP_NUM_NODES", "SLURM_STEP_NODELIST", "SLURM_PROCID",
                             "SLURM_LOCALID", "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_NTASKS"}) {
      if (const char* const before = std::getenv(name)) before_[name] = before;
      names_.emplace_back(name);
      unsetenv(name);
    }
    for (const auto& [name, value] : values) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Variables() {
    for (const std::string& name : names_) unsetenv(name.c_str());
    for (const auto& [name, value] : before_) setenv(name.c_str(), value.c_str(), 1);
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::string> before_;
};

TEST(RankEnvironment, WithoutVariablesAProcessIsAlone) {
  const Variables none({});
  EXPECT_FALSE(rank_environment());
  EXPECT_FALSE(local_rank());
}

TEST(RankEnvironment, ReadsTorchrunsPlaceBeforeSlurms) {
  const Variables torchrun({{"WORLD_SIZE", "4"},
                            {"RANK", "3"},
                            {"LOCAL_RANK", "1"},
                            {"MASTER_ADDR", "head"},
                            {"MASTER_PORT", "29500"},
                            {"SLURM_STEP_NUM_TASKS", "2"},
                            {"SLURM_LOCALID", "0"}});
  const auto place = rank_environment();
  ASSERT_TRUE(place);
  EXPECT_EQ(place->rank, 3);
  EXPECT_EQ(place->size, 4);
  EXPECT_EQ(place->address, "head");
  EXPECT_EQ(place->port, 29500);
  EXPECT_EQ(local_rank(), 1);
}

TEST(RankEnvironment, ReadsItsPlaceUnderSrun) {
  const Variables srun({{"SLURM_STEP_NUM_TASKS", "4"},
                        {"SLURM_STEP_NUM_NODES", "2"},
                        {"SLURM_STEP_NODELIST", "node[07-08]"},
                        {"SLURM_PROCID", "2"},
                        {"SLURM_LOCALID", "0"},
                        {"SLURM_JOB_ID", "123456"},
                        {"SLURM_STEP_ID", "1"}});
  const auto place = rank_environment();
  ASSERT_TRUE(place);
  EXPECT_EQ(place->rank, 2);
  EXPECT_EQ(place->size, 4);
  EXPECT_EQ(place->address, "node07");
  EXPECT_EQ(place->port, 20'000 + 3456 + 1) << "all tasks of the step make the same of it";
  EXPECT_FALSE(place->has_store);
  EXPECT_EQ(local_rank(), 0);
}

TEST(RankEnvironment, OnOneMachineNeedsNoName) {
  const Variables srun({{"SLURM_STEP_NUM_TASKS", "2"},
                        {"SLURM_STEP_NUM_NODES", "1"},
                        {"SLURM_STEP_NODELIST", "node3"},
                        {"SLURM_PROCID", "1"}});
  EXPECT_EQ(rank_environment()->address, "127.0.0.1");
}

TEST(RankEnvironment, WhatAPersonSetsGoesBeforeWhatIsMadeOfSlurms) {
  const Variables srun({{"SLURM_STEP_NUM_TASKS", "2"},
                        {"SLURM_STEP_NODELIST", "node3"},
                        {"SLURM_PROCID", "1"},
                        {"MASTER_ADDR", "10.0.0.1"},
                        {"MASTER_PORT", "4000"}});
  EXPECT_EQ(rank_environment()->address, "10.0.0.1");
  EXPECT_EQ(rank_environment()->port, 4000);
}

// The batch script itself, and a step of one task.
TEST(RankEnvironment, AJobWithoutAStepOfSeveralTasksIsAlone) {
  {
    const Variables batch({{"SLURM_NTASKS", "2"}, {"SLURM_PROCID", "0"}});
    EXPECT_FALSE(rank_environment());
  }
  const Variables step({{"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_PROCID", "0"}});
  EXPECT_FALSE(rank_environment());
}

TEST(RankEnvironment, NamesTheVariableThatIsWrong) {
  const auto said = [] {
    try {
      rank_environment();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  {
    const Variables srun({{"SLURM_STEP_NUM_TASKS", "2"}, {"SLURM_STEP_NODELIST", "node3"}});
    EXPECT_THAT(said(), HasSubstr("SLURM_PROCID"));
  }
  {
    const Variables srun({{"SLURM_STEP_NUM_TASKS", "2"}, {"SLURM_PROCID", "0"}});
    EXPECT_THAT(said(), HasSubstr("SLURM_STEP_NODELIST"));
  }
  const Variables torchrun({{"WORLD_SIZE", "2"}, {"RANK", "2"}, {"MASTER_ADDR", "head"}});
  EXPECT_THAT(said(), HasSubstr("RANK must be a number from 0 to 1"));
}

TEST(RankEnvironment, ReadsTheFirstMachineOfSlurmsLists) {
  EXPECT_EQ(first_host("node3"), "node3");
  EXPECT_EQ(first_host("a,b"), "a");
  EXPECT_EQ(first_host("node[07-09,12],other"), "node07");
  EXPECT_EQ(first_host("node[5,7]"), "node5");
  EXPECT_EQ(first_host("rack[1-2]-ib,x"), "rack1-ib");
  EXPECT_EQ(first_host("node[5"), "");
  EXPECT_EQ(first_host(""), "");
}

}  // namespace
}  // namespace realm
