// What the window does with runs that are over, their notes, and the models of the workspace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "storage/run_upkeep.h"
#include "tests/app/services/training_service.h"
#include "tests/support/parity.h"
#include "trainer/options.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Training;
using namespace view;

TEST_F(Training, ListsModelsAndRemovesOne) {
  for (const char* name : {"one", "two"}) fs::create_directories(workspace_.model_folder(name));
  start();
  send(ListModels{});
  const auto has = [](size_t count) {
    return [count](const TrainSnapshot& s) { return s.models && s.models->size() == count; };
  };
  EXPECT_EQ(wait_for(has(2))->models->front().name, "one");
  EXPECT_NE(wait_for(has(2))->models->front().problem, "") << "it is an empty folder";
  EXPECT_FALSE(outcome(send(RemoveModel{"one"})).failure);
  EXPECT_EQ(wait_for(has(1))->models->front().name, "two");
  workspace_.set_active_model("two");
  const TrainOutcome kept = outcome(send(RemoveModel{"two"}));
  ASSERT_TRUE(kept.failure);
  EXPECT_THAT(kept.failure->sentence, HasSubstr("in use"));
}

TEST_F(Training, ADeletedRunCanBePutBackUntilTheEnd) {
  for (const char* id : {"a", "b"}) {
    add_run(id, 10);
    fs::create_directories(workspace_.run_folder(id));
    std::ofstream(workspace_.run_folder(id) / "config.json") << "{}";
  }
  start();
  EXPECT_FALSE(outcome(send(DeleteRun{"a"})).failure);
  auto now = wait_for([](const TrainSnapshot& s) { return s.deleted->size() == 1; });
  EXPECT_EQ(now->runs->size(), 1U);
  EXPECT_FALSE(outcome(send(UndeleteRun{"a"})).failure);
  now = wait_for([](const TrainSnapshot& s) { return s.deleted->empty(); });
  EXPECT_EQ(now->runs->size(), 2U);
  EXPECT_TRUE(fs::exists(workspace_.run_folder("a")));
  send(DeleteRun{"b"});
  service_.reset();
  EXPECT_FALSE(fs::exists(workspace_.runs_folder() / ".trash"));
  EXPECT_EQ(RunReader::open(workspace_.run_database())->run("b"), std::nullopt);
  EXPECT_TRUE(fs::exists(workspace_.run_folder("a")));
}

TEST_F(Training, WhatAKilledWindowLeftInTheTrashCanStillBePutBack) {
  add_run("a", 10);
  fs::create_directories(workspace_.run_folder("a"));
  delete_run(workspace_.run_database(), "a");
  service_ = std::make_unique<TrainService>(TrainServiceOptions{
      .trainer = {}, .wake = [this] { changed_.notify_all(); }, .look_every = kOften});
  send(WatchRuns{folder_ / "w", /*read_only=*/true});
  wait_for([](const TrainSnapshot& s) { return s.deleted->size() == 1; });
  service_.reset();
  EXPECT_TRUE(fs::exists(workspace_.runs_folder() / ".trash" / "a")) << "read-only: left as it was";
  start();
  wait_for([](const TrainSnapshot& s) { return s.deleted->size() == 1; });
  EXPECT_FALSE(outcome(send(UndeleteRun{"a"})).failure);
  service_.reset();
  EXPECT_TRUE(fs::exists(workspace_.run_folder("a")));
}

TEST_F(Training, RefusesToDeleteARunThatGoesOn) {
  add_run("a", 10);
  const auto run = RunWriter::open_run(workspace_.run_database(), "a");
  start();
  const TrainOutcome refused = outcome(send(DeleteRun{"a"}));
  ASSERT_TRUE(refused.failure);
  EXPECT_THAT(refused.failure->sentence, HasSubstr("deleted once it has stopped"));
}

TEST_F(Training, KeepsNotesAndShowsThem) {
  add_run("a", 10);
  start();
  EXPECT_FALSE(outcome(send(NoteRun{"a", "k8, k8, good", "Why."})).failure);
  const auto now = wait_for([](const TrainSnapshot& s) { return s.runs->front().note == "Why."; });
  EXPECT_EQ(now->runs->front().tags, (std::vector<std::string>{"k8", "good"}));
}

TEST_F(Training, MakesACheckpointAModel) {
  add_run("a", 10);
  const fs::path run = folder_ / "w/runs/a";
  fs::create_directories(run);
  TrainOptions options;
  options.task = TrainTask::kPretrain;
  std::ofstream(run / "config.json") << to_json(options);
  start();
  wait_for([](const TrainSnapshot& s) { return s.is_known; });
  const TrainOutcome none = outcome(send(PublishCheckpoint{"a", 4}));
  ASSERT_TRUE(none.failure);
  EXPECT_THAT(none.failure->sentence, HasSubstr("no checkpoint"));
  const fs::path models = run / "checkpoints/step-4/models";
  fs::create_directories(models);
  for (const std::string part : {"embedder", "encoder"})
    fs::copy(testing::golden("cfg_b/" + part), models / part);
  std::ofstream(run / "checkpoints/step-4/state.json") << R"({"step": 4})";
  const TrainOutcome made = outcome(send(PublishCheckpoint{"a", 7}));
  EXPECT_FALSE(made.failure) << made.failure->sentence;
  EXPECT_EQ(made.name, "a@4");
  EXPECT_EQ(made.step, 4);
  EXPECT_TRUE(fs::exists(folder_ / "w/models/a@4/model.json"));
  const auto seen = wait_for([](const TrainSnapshot& s) { return !s.checkpoints.empty(); });
  EXPECT_EQ(seen->checkpoints.at("a"), std::vector<int64_t>{4});
}

}  // namespace
}  // namespace realm
