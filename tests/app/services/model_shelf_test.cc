#include "app/services/model_shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "storage/run_database.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ModelShelf : public ::testing::Test {
 protected:
  std::string refusal(const std::string& name) {
    try {
      remove_stored_model(workspace_, name);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      return error.what();
    }
    return {};
  }
  const testing::TempDirectory folder_;
  Workspace workspace_ = Workspace::create(folder_ / "w");
};

TEST_F(ModelShelf, TellsWhatEachHoldsAndWeighs) {
  workspace_.import_model(testing::golden("cfg_b"), "whole");
  fs::create_directories(workspace_.model_folder("words"));
  folder_.write("w/models/words/vocab.txt", "[PAD]\n");
  const auto models = stored_models(workspace_);
  ASSERT_EQ(models.size(), 2U);
  EXPECT_EQ(models[0].name, "whole");
  EXPECT_TRUE(models[0].can_be_asked);
  EXPECT_NE(models[0].kind, "");
  EXPECT_GT(models[0].bytes, 1000);
  EXPECT_FALSE(models[1].can_be_asked);
  EXPECT_EQ(models[1].bytes, 6);
}

TEST_F(ModelShelf, KeepsWhatARunThatGoesOnStartsFrom) {
  for (const char* name : {"base", "other"}) fs::create_directories(workspace_.model_folder(name));
  fs::create_directories(workspace_.runs_folder());
  RunWriter::create_run(workspace_.run_database(),
                        {"r", "ict", R"({"initial_model": "base"})", 10});
  const auto run = RunWriter::open_run(workspace_.run_database(), "r");
  EXPECT_THAT(refusal("base"), HasSubstr("run r starts from"));
  EXPECT_EQ(refusal("other"), "");
  run->finish(RunState::kFinished, "");
  EXPECT_EQ(refusal("base"), "");
  EXPECT_TRUE(stored_models(workspace_).empty());
}

TEST_F(ModelShelf, ListsModelsWhateverTheRunDatabaseIs) {
  fs::create_directories(workspace_.model_folder("base"));
  folder_.write("w/runs/runs.sqlite", "not a database");
  const auto models = stored_models(workspace_);
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].loss, "");
}

TEST_F(ModelShelf, TellsWhichRunsCouldNotBeResumed) {
  for (const char* name : {"base", "other"}) fs::create_directories(workspace_.model_folder(name));
  fs::create_directories(workspace_.runs_folder());
  for (const char* id : {"r1", "r2"}) {
    RunWriter::create_run(
        workspace_.run_database(),
        {id, "ict", R"({"initial_model": "words", "average_model": "base"})", 10});
    const auto run = RunWriter::open_run(workspace_.run_database(), id);
    EXPECT_TRUE(runs_that_need(workspace_, "base").size() < 2);
    run->record_checkpoint({.step = 4, .path = "step-4", .fingerprint = "f"});
    run->finish(RunState::kStopped, "");
  }
  EXPECT_THAT(runs_that_need(workspace_, "base"), ::testing::UnorderedElementsAre("r1", "r2"));
  EXPECT_TRUE(runs_that_need(workspace_, "other").empty());
  EXPECT_EQ(loss_of({}), "");
  EXPECT_EQ(loss_of({"r1"}), "Run r1 needs it to be resumed.");
  const auto models = stored_models(workspace_);
  ASSERT_EQ(models.size(), 2U);
  EXPECT_THAT(models[0].loss, HasSubstr("2 runs need it"));
  EXPECT_EQ(models[1].loss, "");
  // One that did all its steps needs nothing any more.
  RunWriter::open_run(workspace_.run_database(), "r1")->finish(RunState::kFinished, "");
  EXPECT_THAT(runs_that_need(workspace_, "base"), ::testing::ElementsAre("r2"));
  EXPECT_EQ(refusal("base"), "");
}

}  // namespace
}  // namespace realm
