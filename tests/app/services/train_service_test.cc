// The thread that looks after runs, with runs that the test writes itself and a program in place of
// the trainer.
#include "app/services/train_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <condition_variable>
#include <fstream>
#include <limits>
#include <mutex>

#include "storage/run_database.h"
#include "storage/run_upkeep.h"
#include "storage/workspace.h"
#include "tests/app/services/launch/slurm_stand_in.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"
#include "trainer/options.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using namespace view;

constexpr std::chrono::milliseconds kOften{10};

class Training : public ::testing::Test {
 protected:
  Training() : workspace_(Workspace::create(folder_ / "w")) {
    fs::create_directories(workspace_.runs_folder());
  }
  RunId add_run(const RunId& id, int64_t steps) {
    return RunWriter::create_run(workspace_.run_database(), {id, "pretrain", "{}", steps});
  }
  void start(const fs::path& trainer = {}) {
    service_ = std::make_unique<TrainService>(TrainServiceOptions{
        .trainer = trainer, .wake = [this] { changed_.notify_all(); }, .look_every = kOften});
    send(WatchRuns{folder_ / "w"});
  }
  RequestId send(TrainCommandBody body) {
    service_->submit({++last_id_, std::move(body)});
    return last_id_;
  }
  // The first snapshot for which it holds; fails the test after ten seconds.
  std::shared_ptr<const TrainSnapshot> wait_for(
      const std::function<bool(const TrainSnapshot&)>& holds) {
    std::unique_lock lock(mutex_);
    std::shared_ptr<const TrainSnapshot> found;
    const bool in_time = changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      found = service_->snapshot();
      return found && holds(*found);
    });
    EXPECT_TRUE(in_time);
    return found;
  }
  static const TrainOutcome* outcome_of(const TrainSnapshot& snapshot, RequestId id) {
    for (const TrainOutcome& outcome : *snapshot.outcomes) {
      if (outcome.id == id) return &outcome;
    }
    return nullptr;
  }
  TrainOutcome outcome(RequestId id) {
    return *outcome_of(*wait_for([&](const TrainSnapshot& s) { return outcome_of(s, id); }), id);
  }

  testing::TempDirectory folder_;
  Workspace workspace_;
  std::mutex mutex_;
  std::condition_variable changed_;
  RequestId last_id_ = 0;
  std::unique_ptr<TrainService> service_;
};

TEST_F(Training, SaysThatThereAreNoRunsYet) {
  start();
  const auto snapshot = wait_for([](const TrainSnapshot& s) { return s.is_known; });
  EXPECT_TRUE(snapshot->runs->empty());
  EXPECT_FALSE(snapshot->failure);
}

TEST_F(Training, ShowsRunsAndFollowsTheirCurvesAsTheyGrow) {
  add_run("a", 10);
  add_run("b", 20);
  start();
  const auto listed = wait_for([](const TrainSnapshot& s) { return s.runs->size() == 2; });
  EXPECT_EQ(listed->runs->front().id, "b");
  send(FollowRuns{{"a"}});
  const auto run =
      RunWriter::open_run(workspace_.run_database(), "a", std::nullopt, {.commit_interval_ms = 0});
  const Scalar first[] = {{1, "loss", 3.0, 1000}, {1, "norm", 0.5, 1000}};
  run->append(first);
  wait_for([](const TrainSnapshot& s) {
    return s.followed.size() == 1 && find_curve(*s.followed[0], "norm");
  });
  const Scalar more[] = {{2, "loss", std::numeric_limits<double>::quiet_NaN(), 3500}};
  run->append(more);
  run->append_event({"warning", 2, "Odd.", "", 0});
  run->heartbeat(2, "evaluate");
  const auto grown = wait_for([](const TrainSnapshot& s) {
    return !s.followed.empty() && !s.followed[0]->events->empty() &&
           find_curve(*s.followed[0], "loss")->values.size() == 2;
  });
  const auto loss = find_curve(*grown->followed[0], "loss");
  EXPECT_EQ(loss->steps, (std::vector<double>{1, 2}));
  EXPECT_EQ(loss->seconds, (std::vector<double>{0, 2.5}));
  EXPECT_EQ(loss->values[0], 3.0);
  EXPECT_TRUE(std::isnan(loss->values[1]));
  EXPECT_EQ(grown->followed[0]->events->back().message, "Odd.");
  wait_for([](const TrainSnapshot& s) {
    return s.runs->back().state == RunState::kRunning && s.runs->back().stage == "evaluate";
  });
}

TEST_F(Training, PassesControlsOn) {
  add_run("a", 10);
  const auto run = RunWriter::open_run(workspace_.run_database(), "a");
  start();
  EXPECT_FALSE(outcome(send(SteerRun{"a", ControlCommand::kPause})).failure);
  const std::vector<Control> controls = run->take_controls();
  ASSERT_EQ(controls.size(), 1U);
  EXPECT_EQ(controls[0].command, ControlCommand::kPause);
  const TrainOutcome unknown = outcome(send(SteerRun{"nobody", ControlCommand::kPause}));
  ASSERT_TRUE(unknown.failure);
  EXPECT_THAT(unknown.failure->sentence, HasSubstr("nobody"));
}

TEST_F(Training, CarriesOutWhatWasAskedBeforeItsEnd) {
  add_run("a", 10);
  const auto run = RunWriter::open_run(workspace_.run_database(), "a");
  start();
  send(SteerRun{"a", ControlCommand::kStopAndSave});
  service_.reset();
  EXPECT_EQ(run->take_controls().size(), 1U);
}

TEST_F(Training, ChecksAPlanAndSaysWhatIsWrongWithIt) {
  start();
  const auto reply_to = [&](const RunPlan& plan) {
    const RequestId id = send(CheckPlan{plan});
    return *wait_for([&](const TrainSnapshot& s) { return s.plan && s.plan->id == id; })->plan;
  };
  const PlanReply wrong = reply_to({"ict", "starter", {"steps=many"}});
  EXPECT_THAT(wrong.problem, HasSubstr("steps"));
  EXPECT_FALSE(wrong.fields.empty()) << "the preset alone is still shown";
  EXPECT_THAT(reply_to({"vocabulary", "starter", {}}).problem, HasSubstr("output_model"));
  const PlanReply changed =
      reply_to({"vocabulary", "starter", {"vocabulary_size=1234", "output_model=words"}});
  EXPECT_EQ(changed.problem, "");
  for (const FormField& field : changed.fields) {
    if (field.key != "vocabulary_size") continue;
    EXPECT_EQ(field.value, "1234");
    EXPECT_EQ(field.usual, "6000");
    EXPECT_EQ(field.unit, "pieces");
  }
  EXPECT_THAT(reply_to({"ict", "starter", {"initial_model=nowhere"}}).problem,
              HasSubstr("nowhere"));
  EXPECT_THAT(reply_to({"ict", "stater", {}}).problem, HasSubstr("starter"));
}

TEST_F(Training, StartsARunWithItsTrainer) {
  const fs::path trainer = folder_.write("trainer", "#!/bin/sh\necho \"$2\" > \"$2/began\"\n");
  fs::permissions(trainer, fs::perms::owner_all);
  start(trainer);
  const TrainOutcome nameless = outcome(send(StartRun{{"vocabulary", "starter", {}}}));
  ASSERT_TRUE(nameless.failure);
  EXPECT_THAT(nameless.failure->sentence, HasSubstr("output_model"));
  const TrainOutcome started = outcome(
      send(StartRun{{"vocabulary", "starter", {"vocabulary_size=300", "output_model=words"}}}));
  ASSERT_FALSE(started.failure) << started.failure->sentence;
  const fs::path run = workspace_.run_folder(started.run);
  wait_for([&](const TrainSnapshot& s) {
    return !s.runs->empty() && s.runs->front().id == started.run;
  });
  for (int i = 0; i < 1000 && !fs::exists(run / "began"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(fs::exists(run / "began"));
  EXPECT_TRUE(fs::exists(run / "config.json"));
}

TEST_F(Training, SendsARunToSlurmAndTakesItOutOfTheQueue) {
  const testing::SlurmStandIn slurm;
  slurm.queue("17|PENDING||Resources");
  start("/bin/true");
  RunPlan plan{"vocabulary", "starter", {"vocabulary_size=300", "output_model=words"}};
  plan.launch.place = LaunchPlace::kSlurm;
  plan.launch.slurm.partition = "main";
  const RequestId checked = send(CheckPlan{plan});
  const auto reply =
      wait_for([&](const TrainSnapshot& s) { return s.plan && s.plan->id == checked; })->plan;
  EXPECT_EQ(reply->problem, "");
  const TrainOutcome started = outcome(send(StartRun{plan}));
  ASSERT_FALSE(started.failure) << started.failure->sentence;
  const fs::path script = workspace_.run_folder(started.run) / "trainer.sbatch";
  EXPECT_EQ(testing::read_file(script), reply->script) << "what was shown is what was sent";
  const auto queued = wait_for([](const TrainSnapshot& s) {
    return !s.runs->empty() && s.runs->front().launch == "Slurm job 17 waits: Resources.";
  });
  EXPECT_EQ(queued->runs->front().state, RunState::kQueued);
  const TrainOutcome deleted = outcome(send(DeleteRun{started.run}));
  ASSERT_TRUE(deleted.failure);
  EXPECT_THAT(deleted.failure->sentence, HasSubstr("waits in the queue"));
  EXPECT_FALSE(outcome(send(SteerRun{started.run, ControlCommand::kStopAndSave})).failure);
  EXPECT_EQ(slurm.calls("scancel"), "17\n");
  slurm.queue("17|CANCELLED||None");
  EXPECT_FALSE(outcome(send(ResumeRun{started.run})).failure);
  EXPECT_EQ(slurm.calls("sbatch"), "--parsable trainer.sbatch\n--parsable trainer.sbatch\n");
  slurm.does("sbatch", "echo 'sbatch: error: no' >&2; exit 1");
  const TrainOutcome refused = outcome(send(StartRun{plan}));
  ASSERT_TRUE(refused.failure);
  EXPECT_EQ(refused.failure->sentence, "Slurm did not take the job: no.");
  EXPECT_EQ(wait_for([](const TrainSnapshot& s) { return s.is_known; })->runs->size(), 1U);
}

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

TEST_F(Training, SaysWhyARunCannotBeStartedOrResumed) {
  start();
  const TrainOutcome started =
      outcome(send(StartRun{{"vocabulary", "starter", {"output_model=w"}}}));
  ASSERT_TRUE(started.failure);
  EXPECT_THAT(started.failure->sentence, HasSubstr("realm-train"));
  add_run("a", 10);
  service_.reset();
  start("/bin/true");
  const TrainOutcome resumed = outcome(send(ResumeRun{"a"}));
  ASSERT_TRUE(resumed.failure);
  EXPECT_THAT(resumed.failure->sentence, HasSubstr("folder of run a is gone"));
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

TEST_F(Training, ExtendsARunAndGoesOn) {
  const fs::path trainer = folder_.write("trainer", "#!/bin/sh\necho on > \"$2/went\"\n");
  fs::permissions(trainer, fs::perms::owner_all);
  add_run("a", 10);
  fs::create_directories(workspace_.run_folder("a"));
  std::ofstream(workspace_.run_folder("a") / "config.json") << R"({"task": "ict", "steps": 10})";
  start(trainer);
  EXPECT_FALSE(outcome(send(ExtendRun{"a", 5})).failure);
  wait_for([](const TrainSnapshot& s) { return s.runs->front().total_steps == 15; });
  for (int i = 0; i < 1000 && !fs::exists(workspace_.run_folder("a") / "went"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(fs::exists(workspace_.run_folder("a") / "went"));
  EXPECT_TRUE(outcome(send(ExtendRun{"a", 0})).failure);
}

TEST_F(Training, NamesTheNumberThatTellsRunsApart) {
  add_run("a", 10);
  const auto run =
      RunWriter::open_run(workspace_.run_database(), "a", std::nullopt, {.commit_interval_ms = 0});
  const Scalar numbers[] = {{1, "loss", 3.0, 0}, {2, "loss", 1.0, 0}, {3, "loss", 2.0, 0}};
  run->append(numbers);
  start();
  auto now = wait_for([](const TrainSnapshot& s) { return s.headlines.contains("a"); });
  EXPECT_EQ(now->headlines.at("a").name, "loss");
  EXPECT_EQ(now->headlines.at("a").last, 2.0);
  EXPECT_EQ(now->headlines.at("a").best, 1.0);
  const Scalar held_out[] = {{3, "held_out/p_y", 0.25, 0}};
  run->append(held_out);
  now = wait_for([](const TrainSnapshot& s) {
    return s.headlines.contains("a") && s.headlines.at("a").name == "held_out/p_y";
  });
  EXPECT_EQ(now->headlines.at("a").best, 0.25);
}

TEST_F(Training, KeepsWatchedQueriesForNewRuns) {
  start();
  EXPECT_EQ(wait_for([](const TrainSnapshot& s) { return s.is_known; })->probes_file, "");
  const TrainOutcome first = outcome(send(WatchQuery{"3 is a [[Fermat]] prime.", "Fermat", "257"}));
  ASSERT_FALSE(first.failure) << first.failure->sentence;
  EXPECT_EQ(first.name, "Fermat");
  EXPECT_EQ(outcome(send(WatchQuery{"5 is a [[Fermat]] prime.", "Fermat", ""})).name, "Fermat 2");
  const TrainOutcome again = outcome(send(WatchQuery{"3 is a [[Fermat]] prime.", "Fermat", ""}));
  ASSERT_TRUE(again.failure);
  EXPECT_THAT(again.failure->sentence, HasSubstr("watched already"));
  const fs::path file = service_->snapshot()->probes_file;
  EXPECT_EQ(file, folder_ / "w" / "probes.jsonl");
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  EXPECT_EQ(line, R"({"name":"Fermat","text":"3 is a [[Fermat]] prime.","title":"257"})");
  std::getline(stream, line);
  EXPECT_EQ(line, R"({"name":"Fermat 2","text":"5 is a [[Fermat]] prime."})");
  EXPECT_FALSE(std::getline(stream, line));
}

TEST_F(Training, ReadsSamplesAndFilms) {
  add_run("a", 10);
  const auto run =
      RunWriter::open_run(workspace_.run_database(), "a", std::nullopt, {.commit_interval_ms = 0});
  start();
  send(FollowRuns{{"a"}});
  run->append_event({"sample", 2, "The [[Rhine]].", R"({"p_y_given_x": 0.5})", 0});
  run->record_probe({2, "river", R"({"p_y_given_x": 0.25})", 0});
  auto now = wait_for([](const TrainSnapshot& s) {
    return s.followed.size() == 1 && !s.followed[0]->films.empty() &&
           !s.followed[0]->samples->empty();
  });
  EXPECT_TRUE(now->followed[0]->events->empty()) << "a sample is no line of the log";
  EXPECT_EQ(now->followed[0]->samples->front().p, 0.5);
  run->record_probe({4, "river", R"({"p_y_given_x": 0.75})", 0});
  now =
      wait_for([](const TrainSnapshot& s) { return s.followed[0]->films[0]->frames.size() == 2; });
  EXPECT_EQ(now->followed[0]->films[0]->frames[1].p, 0.75);
}

// One run that is broken leaves the others alone.
TEST_F(Training, SaysWhatIsWrongWithARunsFolder) {
  for (const char* id : {"whole", "empty", "gone"}) {
    add_run(id, 10);
    fs::create_directories(workspace_.run_folder(id));
    std::ofstream(workspace_.run_folder(id) / "config.json") << "{}";
  }
  start();
  send(FollowRuns{{"gone", "whole"}});
  wait_for([](const TrainSnapshot& s) { return s.runs->size() == 3 && s.troubles.empty(); });
  fs::remove(workspace_.run_folder("empty") / "config.json");
  fs::remove_all(workspace_.run_folder("gone"));
  const auto now = wait_for([](const TrainSnapshot& s) { return s.troubles.size() == 2; });
  EXPECT_THAT(now->troubles.at("gone"), HasSubstr("folder is gone"));
  EXPECT_THAT(now->troubles.at("empty"), HasSubstr("config.json"));
  EXPECT_FALSE(now->failure);
  // Its rows are removed by another program while it is followed.
  delete_run(workspace_.run_database(), "gone");
  purge_run(workspace_.run_database(), "gone");
  const auto after = wait_for([](const TrainSnapshot& s) { return s.runs->size() == 2; });
  EXPECT_FALSE(after->failure);
}

TEST_F(Training, SaysThatADatabaseIsOfANewerProgram) {
  add_run("a", 10);
  {
    std::fstream file(workspace_.run_database(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);  // user_version, big-endian, in SQLite's header
    file.write("\0\0\0\x63", 4);
  }
  start();
  const auto now = wait_for([](const TrainSnapshot& s) { return s.failure.has_value(); });
  EXPECT_EQ(now->failure->code, ErrorCode::kUnsupported);
  EXPECT_THAT(now->failure->sentence, HasSubstr("format 99"));
}

TEST_F(Training, ShowsAFailureOfTheDatabaseAndGoesOn) {
  std::ofstream(workspace_.run_database()) << "no database at all, but long enough to be looked at";
  start();
  const auto broken = wait_for([](const TrainSnapshot& s) { return s.failure.has_value(); });
  EXPECT_THAT(broken->failure->sentence, HasSubstr("runs.sqlite"));
  testing::TempDirectory other;
  Workspace::create(other / "w");
  send(WatchRuns{other / "w"});
  wait_for(
      [&](const TrainSnapshot& s) { return s.folder == other / "w" && s.is_known && !s.failure; });
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
