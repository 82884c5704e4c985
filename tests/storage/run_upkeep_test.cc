// Notes, more steps and the trash of runs that no process trains.
#include "storage/run_upkeep.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "storage/database.h"
#include "storage/run_database.h"
#include "storage/run_schema.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::error_code_of;
using ::testing::HasSubstr;
using testing::TempDirectory;

class RunUpkeep : public ::testing::Test {
 protected:
  RunUpkeep() : file(folder / "runs/runs.sqlite") {}
  void create(const RunId& id, const std::string& config = R"({"task": "ict", "steps": 10})") {
    RunWriter::create_run(file, {id, "ict", config, 10});
    fs::create_directories(run_folder(id) / "checkpoints");
    std::ofstream(run_folder(id) / "config.json") << config;
  }
  fs::path run_folder(const RunId& id) const { return file.parent_path() / id; }
  fs::path trash(const RunId& id) const { return file.parent_path() / ".trash" / id; }
  std::unique_ptr<RunReader> reader() const { return RunReader::open(file); }
  template <typename Work>
  static std::string sentence_of(const Work& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TempDirectory folder;
  fs::path file;
};

TEST(RunTags, AreTidied) {
  EXPECT_THAT(tags_of(" baseline,, k 8 ,baseline,\t"), ElementsAre("baseline", "k 8"));
  EXPECT_TRUE(tags_of("").empty());
  EXPECT_TRUE(tags_of(" , ").empty());
  EXPECT_EQ(tags_text({"a", "b"}), "a, b");
}

TEST_F(RunUpkeep, KeepsTagsAndANote) {
  create("a");
  const auto trainer = RunWriter::open_run(file, "a");
  set_run_notes(file, "a", {{"good", "k8, good"}, "Why? \u2205 \"quoted\""});
  const RunSummary run = reader()->run("a").value();
  EXPECT_THAT(run.tags, ElementsAre("good", "k8"));
  EXPECT_EQ(run.note, "Why? \u2205 \"quoted\"");
  EXPECT_EQ(error_code_of([&] { set_run_notes(file, "nobody", {}); }), ErrorCode::kNotFound);
}

TEST_F(RunUpkeep, ADeletedRunLiesInTheTrashUntilItIsPutBack) {
  create("a");
  create("b");
  delete_run(file, "a");
  EXPECT_EQ(reader()->runs().size(), 1U);
  ASSERT_EQ(reader()->deleted_runs().size(), 1U);
  EXPECT_EQ(reader()->deleted_runs()[0].id, "a");
  EXPECT_GT(reader()->deleted_runs()[0].deleted, 0);
  EXPECT_FALSE(fs::exists(run_folder("a")));
  EXPECT_TRUE(fs::exists(trash("a") / "config.json"));
  undelete_run(file, "a");
  EXPECT_EQ(reader()->runs().size(), 2U);
  EXPECT_TRUE(fs::exists(run_folder("a") / "config.json"));
  undelete_run(file, "a");
  EXPECT_TRUE(fs::exists(run_folder("a") / "config.json")) << "nothing to do, nothing done";
}

TEST_F(RunUpkeep, PurgingRemovesTheFolderAndEveryRow) {
  create("a");
  create("b");
  {
    const auto trainer = RunWriter::open_run(file, "a");
    const Scalar loss[] = {{1, "loss", 2.0, 0}};
    trainer->append(loss);
    trainer->append_event({"log", 1, "x", "", 0});
    trainer->record_checkpoint({1, "checkpoints/1", "f", 0});
    trainer->finish(RunState::kStopped, "");
  }
  request_control(file, "a", ControlCommand::kPause);
  purge_run(file, "a");
  EXPECT_TRUE(reader()->run("a")) << "it is not in the trash";
  delete_run(file, "a");
  purge_run(file, "a");
  EXPECT_FALSE(reader()->run("a"));
  EXPECT_FALSE(fs::exists(file.parent_path() / ".trash"));
  Database database(file, run_database_options(Database::Mode::kReadOnly));
  for (const char* table : {"scalars", "events", "checkpoints", "controls"})
    EXPECT_EQ(database.get_int64(fmt::format("SELECT count(*) FROM {}", table)), 0) << table;
  EXPECT_TRUE(reader()->run("b"));
  purge_run(file, "a");
}

TEST_F(RunUpkeep, RefusesWhatIsBeingTrained) {
  create("a");
  const auto trainer = RunWriter::open_run(file, "a");
  EXPECT_EQ(error_code_of([&] { delete_run(file, "a"); }), ErrorCode::kBusy);
  EXPECT_THAT(sentence_of([&] { delete_run(file, "a"); }),
              HasSubstr("deleted once it has stopped"));
  EXPECT_EQ(error_code_of([&] { extend_run(file, "a", 5); }), ErrorCode::kBusy);
  EXPECT_TRUE(fs::exists(run_folder("a")));
  trainer->finish(RunState::kStopped, "");
  EXPECT_NO_THROW(delete_run(file, "a"));
}

// What a kill between two steps leaves, and what somebody removed by hand.
TEST_F(RunUpkeep, GoesOnFromAHalfDeletedRun) {
  create("gone");
  fs::remove_all(run_folder("gone"));
  delete_run(file, "gone");
  EXPECT_TRUE(reader()->runs().empty());
  undelete_run(file, "gone");
  EXPECT_EQ(reader()->runs().size(), 1U);
  create("moved");  // its folder is in the trash, its row says nothing of it
  fs::create_directories(trash("moved").parent_path());
  fs::rename(run_folder("moved"), trash("moved"));
  delete_run(file, "moved");
  undelete_run(file, "moved");
  EXPECT_TRUE(fs::exists(run_folder("moved") / "config.json"));
  delete_run(file, "moved");
  fs::remove_all(trash("moved"));
  EXPECT_NO_THROW(purge_run(file, "moved"));
  EXPECT_FALSE(reader()->run("moved"));
}

TEST_F(RunUpkeep, AFolderThatCannotBeMovedLeavesTheRunAsItWas) {
  create("a");
  std::ofstream(file.parent_path() / ".trash") << "a file where the trash belongs";
  EXPECT_EQ(error_code_of([&] { delete_run(file, "a"); }), ErrorCode::kIo);
  EXPECT_EQ(reader()->runs().size(), 1U);
  EXPECT_TRUE(fs::exists(run_folder("a")));
}

TEST_F(RunUpkeep, GivesARunMoreSteps) {
  create("a", R"({"task": "ict", "steps": 10, "learning_rate": 0.001})");
  EXPECT_EQ(extend_run(file, "a", 15), 25);
  std::ifstream stream(run_folder("a") / "config.json");
  const auto config = nlohmann::json::parse(stream);
  EXPECT_EQ(config,
            nlohmann::json::parse(R"({"task": "ict", "steps": 25, "learning_rate": 0.001})"));
  const RunSummary run = reader()->run("a").value();
  EXPECT_EQ(run.total_steps, 25);
  EXPECT_EQ(nlohmann::json::parse(run.config_json), config);
  const RunDelta delta = reader()->read_since({.run = "a"});
  ASSERT_EQ(delta.events.size(), 1U);
  EXPECT_EQ(delta.events[0].message, "Extended from 10 to 25 steps.");
}

TEST_F(RunUpkeep, SaysWhyARunCannotBeExtended) {
  create("a");
  EXPECT_EQ(error_code_of([&] { extend_run(file, "a", 0); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { extend_run(file, "a", std::numeric_limits<int64_t>::max()); }),
            ErrorCode::kInvalidArgument);
  create("words", R"({"task": "vocabulary", "steps": 1000})");
  EXPECT_EQ(error_code_of([&] { extend_run(file, "words", 5); }), ErrorCode::kInvalidArgument);
  create("broken", "{");
  EXPECT_EQ(error_code_of([&] { extend_run(file, "broken", 5); }), ErrorCode::kCorruptData);
  create("gone");
  fs::remove_all(run_folder("gone"));
  EXPECT_EQ(error_code_of([&] { extend_run(file, "gone", 5); }), ErrorCode::kNotFound);
}

TEST_F(RunUpkeep, CountsTheTimeOfEveryTrainer) {
  UnixMillis time = 1'000'000;
  RunWriterOptions options;
  options.clock = [&] { return time; };
  create("a");
  {
    const auto trainer = RunWriter::open_run(file, "a", std::nullopt, options);
    time += 5'000;
    trainer->finish(RunState::kStopped, "");
  }
  EXPECT_EQ(reader()->run("a")->trained_ms, 5'000);
  time += 60'000;  // nobody trains it
  const auto trainer = RunWriter::open_run(file, "a", 0, options);
  EXPECT_EQ(reader()->run("a")->trained_ms, 5'000);
  time += 2'000;
  trainer->heartbeat(3, "train");
  EXPECT_EQ(reader()->run("a")->trained_ms, 7'000);
}

TEST_F(RunUpkeep, TellsTheLastNumberAndTheBestFromLookToLook) {
  create("a");
  RunWriterOptions options;
  options.commit_interval_ms = 0;
  const auto trainer = RunWriter::open_run(file, "a", std::nullopt, options);
  constexpr std::string_view kNames[] = {"loss", "p"};
  RunNumbers numbers{.run = "a"};
  EXPECT_FALSE(reader()->read_numbers(numbers, kNames));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Scalar first[] = {{1, "loss", nan, 0}, {1, "other", 9, 0}};
  trainer->append(first);
  EXPECT_TRUE(reader()->read_numbers(numbers, kNames));
  ASSERT_EQ(numbers.ranges.size(), 1U);
  EXPECT_FALSE(numbers.ranges.at("loss").is_finite);
  const Scalar more[] = {{2, "loss", 3, 0}, {3, "loss", 1, 0}, {4, "loss", 2, 0}};
  trainer->append(more);
  EXPECT_TRUE(reader()->read_numbers(numbers, kNames));
  EXPECT_EQ(numbers.ranges.at("loss").last, 2);
  EXPECT_EQ(numbers.ranges.at("loss").lowest, 1);
  EXPECT_EQ(numbers.ranges.at("loss").highest, 3);
  EXPECT_FALSE(reader()->read_numbers(numbers, kNames));
  // A resumed run begins anew from what its checkpoint kept.
  const auto resumed = RunWriter::open_run(file, "a", 2, options);
  EXPECT_TRUE(reader()->read_numbers(numbers, kNames));
  EXPECT_EQ(numbers.ranges.at("loss").lowest, 3);
}

// A database that a program of before made: read as it is, upgraded when it is written.
TEST_F(RunUpkeep, ReadsFormatOneAndUpgradesItWhenWriting) {
  create("a");
  {
    Database database(file, run_database_options(Database::Mode::kReadWrite));
    for (const char* column : {"spent", "tags", "note", "deleted"})
      database.exec(fmt::format("ALTER TABLE runs DROP COLUMN {}", column).c_str());
    database.exec("PRAGMA user_version = 1");
  }
  const auto before = reader();
  EXPECT_EQ(before->runs().size(), 1U);
  EXPECT_TRUE(before->deleted_runs().empty());
  EXPECT_EQ(before->run("a")->note, "");
  set_run_notes(file, "a", {{}, "now"});
  EXPECT_EQ(before->run("a")->note, "now") << "a reader that was open sees the new columns";
}

}  // namespace
}  // namespace realm
