// The thread that looks after runs: what it shows of them, and the controls that it passes on.
#include "app/services/train_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "storage/run_upkeep.h"
#include "tests/app/services/training_service.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Training;
using namespace view;

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

}  // namespace
}  // namespace realm
