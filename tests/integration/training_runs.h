// Training runs in this process, in a TrainingWorld, and what their record says of them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "storage/run_database.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm::testing {

class TrainingRuns : public ::testing::Test {
 protected:
  RunSummary summary(const std::filesystem::path& run) const {
    return *RunReader::open(world_.workspace() / "runs" / "runs.sqlite")
                ->run(run.filename().string());
  }
  std::vector<Scalar> scalars(const std::filesystem::path& run, const std::string& name) const {
    return RunReader::open(world_.workspace() / "runs" / "runs.sqlite")
        ->scalars(run.filename().string(), name);
  }
  // Runs to an error, which the run's record must tell too.
  void expect_failure(const TrainOptions& options, ErrorCode code, const std::string& named) const {
    const std::filesystem::path run = create_run(options);
    try {
      run_training(run, {});
      FAIL() << "no error: " << named;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_THAT(error.what(), ::testing::HasSubstr(named));
    }
    EXPECT_EQ(summary(run).state, RunState::kFailed);
    EXPECT_THAT(summary(run).exit_message, ::testing::HasSubstr(named));
    std::vector<std::string> errors;
    const auto reader = RunReader::open(world_.workspace() / "runs" / "runs.sqlite");
    for (const RunEvent& event : reader->read_since({.run = run.filename().string()}).events) {
      if (event.kind == "error") errors.push_back(event.message);
    }
    EXPECT_THAT(errors, ::testing::ElementsAre(summary(run).exit_message));
  }
  TrainingWorld world_;
};

}  // namespace realm::testing
