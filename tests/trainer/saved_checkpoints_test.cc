#include "trainer/saved_checkpoints.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SavedCheckpoints : public ::testing::Test {
 protected:
  fs::path folder_of(int64_t step) const {
    return run_ / "checkpoints" / fmt::format("step-{}", step);
  }
  void save(int64_t step) {
    fs::create_directories(folder_of(step) / "models");
    for (const char* name : {"state.json", kCheckpointTensors, "models/weights"})
      std::ofstream(folder_of(step) / name) << step;
  }
  std::vector<int64_t> steps() const {
    std::vector<int64_t> out;
    for (const CheckpointFolder& checkpoint : saved_checkpoints(run_))
      out.push_back(checkpoint.step);
    return out;
  }
  // Those that hold the models alone.
  std::vector<int64_t> models_alone() const {
    std::vector<int64_t> out;
    for (const CheckpointFolder& checkpoint : saved_checkpoints(run_)) {
      EXPECT_TRUE(fs::exists(checkpoint.folder / "models/weights"));
      if (!checkpoint.can_go_on) out.push_back(checkpoint.step);
    }
    return out;
  }

  testing::TempDirectory temp_;
  const fs::path run_ = temp_ / "run-7";
};

TEST_F(SavedCheckpoints, ThinnedOutTheTwoNewestStay) {
  for (const int64_t step : {5, 10, 100, 20}) save(step);
  thin_checkpoints(run_, 0);
  EXPECT_THAT(steps(), ElementsAre(20, 100));
  EXPECT_THAT(models_alone(), IsEmpty());
}

TEST_F(SavedCheckpoints, ThoseOfKeptStepsStayAsModelsAlone) {
  for (const int64_t step : {5, 10, 15, 20, 25, 30}) {
    save(step);
    thin_checkpoints(run_, 10);
  }
  EXPECT_THAT(steps(), ElementsAre(10, 20, 25, 30));
  EXPECT_THAT(models_alone(), ElementsAre(10, 20));
  EXPECT_EQ(checkpoint_at(run_, 19).step, 10);
}

TEST_F(SavedCheckpoints, ARunGoesOnFromTheNewestThatHoldsItsState) {
  EXPECT_EQ(checkpoint_to_resume(run_), std::nullopt);
  for (const int64_t step : {10, 20, 30}) save(step);
  thin_checkpoints(run_, 10);
  EXPECT_EQ(checkpoint_to_resume(run_), folder_of(30));
  fs::remove(folder_of(30) / kCheckpointTensors);
  EXPECT_EQ(checkpoint_to_resume(run_), folder_of(20));
  fs::remove_all(folder_of(30));
  fs::remove_all(folder_of(20));
  try {
    checkpoint_to_resume(run_);
    FAIL() << "of step 10 there are the models alone";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), ::testing::AllOf(HasSubstr("run-7"), HasSubstr("step 10")));
  }
}

}  // namespace
}  // namespace realm
