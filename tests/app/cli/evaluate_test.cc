// realm eval, train, runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::read_file;
using testing::TinyWorkspace;

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> rows;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) rows.push_back(json::parse(line));
  return rows;
}

TEST(CliEval, ScoresAFileAsAskDoes) {
  const TinyWorkspace workspace;
  const std::string set =
      workspace.temp()
          .write("rivers.jsonl",
                 json{{"text", "Vienna lies on the [[Danube]]."}, {"title", "Vienna"}, {"set", "a"}}
                         .dump() +
                     "\n" +
                     json{{"text", "Rome lies on the [[Tiber]]."}, {"title", "Rome"}, {"set", "b"}}
                         .dump() +
                     "\n")
          .string();
  const std::string out = (workspace.temp() / "rows.jsonl").string();

  const json report = workspace.json({"eval", set, "--task", "cloze", "--out", out});

  EXPECT_EQ(report.at("task"), "cloze");
  ASSERT_EQ(report.at("sets").size(), 2u);
  EXPECT_EQ(report.at("sets").at(0).at("set"), "a");
  EXPECT_EQ(report.at("all").at("items"), 2);
  EXPECT_EQ(report.at("all").at("failed"), 0);
  EXPECT_EQ(report.at("all").at("with_gold"), 2);
  EXPECT_TRUE(report.at("all").at("p_baseline").is_null());
  EXPECT_EQ(report.at("model").at("name"), "cfg_b");

  const std::vector<json> rows = lines_of(read_file(out));
  ASSERT_EQ(rows.size(), 2u);
  const json asked = workspace.json({"ask", "Vienna lies on the [[Danube]].", "--words", "1"});
  EXPECT_EQ(rows[0].at("p"), asked.at("p_y_given_x"));
  EXPECT_EQ(rows[0].at("p_null"), asked.at("p_y_null"));
  EXPECT_EQ(rows[0].at("predicted"), asked.at("top").at(0).at("word"));
  EXPECT_EQ(report.at("sets").at(0).at("p").at("mean"), asked.at("p_y_given_x"));
}

TEST(CliEval, NeverWritesWhatAnItemAddsOrEdits) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  const json before = workspace.json({"check"});
  const json row = {
      {"text", "Lisbon lies on the [[Thames]]."},
      {"title", "Lisbon"},
      {"add", json::array({{{"title", "New"}, {"text", "London lies on the Thames."}}})},
      {"edit", {{"title", "Lisbon"}, {"text", "Lisbon lies on the Thames."}}},
      {"old_answer", "Tagus"}};
  const std::string set = workspace.temp().write("edited.jsonl", row.dump() + "\n").string();
  const json report = workspace.json({"eval", set});
  EXPECT_EQ(report.at("all").at("failed"), 0);
  const json after = workspace.json({"check"});
  EXPECT_EQ(after.at("fingerprint"), before.at("fingerprint"));
  EXPECT_EQ(after.at("revision"), before.at("revision"));
  EXPECT_EQ(after.at("dirty_documents"), 0);
}

TEST(CliEval, ScoresRetrievalAlone) {
  const TinyWorkspace workspace;
  const std::string set =
      workspace.temp()
          .write("r.jsonl",
                 json{{"text", "Rome lies on the [[Tiber]]."}, {"title", "Rome"}}.dump() + "\n")
          .string();
  const json report = workspace.json({"eval", set, "--task", "retrieval"});
  EXPECT_EQ(report.at("task"), "retrieval");
  EXPECT_FALSE(report.at("all").contains("right"));
  EXPECT_EQ(report.at("all").at("items"), 1);
}

TEST(CliEval, CountsAnItemThatCannotBeScored) {
  const TinyWorkspace workspace;
  const std::string set =
      workspace.temp()
          .write("bad.jsonl", "{\"text\": \"nothing hidden\"}\n{\"text\": \"a [[city]]\"}\n")
          .string();
  EXPECT_EQ(workspace.json({"eval", set}).at("all").at("failed"), 1);
}

TEST(CliEval, NamesAFileThatIsMissingOrMalformed) {
  const TinyWorkspace workspace;
  const Outcome missing = workspace.run({"eval", "nowhere"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("nowhere"));
  const Outcome malformed =
      workspace.run({"eval", workspace.temp().write("x.jsonl", "{]\n").string()});
  EXPECT_EQ(malformed.code, 1);
  EXPECT_THAT(malformed.err, HasSubstr("line 1"));
}

TEST(CliTrain, ShowsItsOptionsWithoutTraining) {
  const TinyWorkspace workspace;
  const json options = workspace.json(
      {"train", "vocabulary", "--set", "vocabulary_size=200", "--set", "seed=7", "--dry-run"});
  EXPECT_EQ(options.at("vocabulary_size"), 200);
  EXPECT_EQ(options.at("seed"), 7);
  for (const char* name : {"steps", "batch_size", "learning_rate", "candidates",
                           "refresh_every_steps", "checkpoint_every_steps"}) {
    EXPECT_TRUE(options.contains(name)) << name;
  }
  EXPECT_TRUE(workspace.json({"runs", "list"}).at("runs").empty());
}

TEST(CliTrain, TakesTheGlobalOptionsUnlessSetOtherwise) {
  const TinyWorkspace workspace;
  const json options = workspace.json({"--precision", "bf16", "--threads", "3", "train",
                                       "vocabulary", "--set", "threads=2", "--dry-run"});
  EXPECT_EQ(options.at("precision"), "bf16");
  EXPECT_EQ(options.at("threads"), 2);
  EXPECT_EQ(options.at("device"), "cpu");
}

TEST(CliTrain, EstimatesWhatARunNeeds) {
  const TinyWorkspace workspace;
  const std::vector<std::string> small = {
      "train", "mlm", "--dry-run", "--set", "initial_model=cfg_b", "--set", "batch_size=2"};
  const json document = workspace.json(small);
  EXPECT_EQ(document.at("batch_size"), 2);
  const json& estimate = document.at("estimate");
  EXPECT_GT(estimate.at("parameters"), 1000);
  EXPECT_GT(estimate.at("memory_bytes").at("total"), estimate.at("memory_bytes").at("activations"));
  EXPECT_GT(estimate.at("disk_bytes").at("total"), 12 * estimate.at("parameters").get<int64_t>());
  EXPECT_GT(estimate.at("gemm_flops_per_second"), 1e8);
  EXPECT_GT(estimate.at("seconds_at_least"), 0.0);
  const Outcome text = workspace.run(small);
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("memory      at most"));
  EXPECT_THAT(text.out, HasSubstr("\"batch_size\": 2"));
}

// With and without --dry-run: no run is made of what cannot fit.
TEST(CliTrain, RefusesARunThatCannotFit) {
  const TinyWorkspace workspace;
  for (const bool dry : {true, false}) {
    std::vector<std::string> line = {
        "train", "mlm", "--set", "initial_model=cfg_b", "--set", "batch_size=100000000"};
    if (dry) line.push_back("--dry-run");
    const Outcome outcome = workspace.run(line);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("of memory"));
    EXPECT_THAT(outcome.err, HasSubstr("are free"));
  }
  EXPECT_TRUE(workspace.json({"runs", "list"}).at("runs").empty());
}

TEST(CliTrain, DescribesItsOptions) {
  const TinyWorkspace workspace;
  const json all =
      workspace.json({"train", "pretrain", "--preset", "paper", "--help-options"}).at("options");
  bool found = false;
  for (const json& option : all) {
    EXPECT_FALSE(option.at("meaning").get<std::string>().empty()) << option;
    if (option.at("key") != "batch_size") continue;
    found = true;
    EXPECT_EQ(option.at("value"), 512);
    EXPECT_EQ(option.at("unit"), "examples");
  }
  EXPECT_TRUE(found);
  const Outcome text = workspace.run({"train", "mlm", "--help-options"});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("learning_rate"));
  EXPECT_THAT(text.out, HasSubstr("paper, per_piece"));
}

TEST(CliTrain, RefusesUnknownTasksAndKeysAsWrongUsage) {
  const TinyWorkspace workspace;
  const Outcome task = workspace.run({"train", "dance"});
  EXPECT_EQ(task.code, 2);
  EXPECT_THAT(task.err, HasSubstr("pretrain"));
  const Outcome key = workspace.run({"train", "mlm", "--set", "stepz=5"});
  EXPECT_EQ(key.code, 2);
  EXPECT_THAT(key.err, HasSubstr("did you mean steps?"));
  EXPECT_EQ(workspace.run({"train"}).code, 2);
  EXPECT_EQ(workspace.run({"train", "mlm", "--resume", "x"}).code, 2);
}

TEST(CliTrain, TrainsAVocabularyAndRecordsTheRun) {
  const TinyWorkspace workspace;
  const json trained = workspace.json(
      {"train", "vocabulary", "--set", "vocabulary_size=120", "--set", "output_model=words"});
  const std::string run = trained.at("run");
  EXPECT_EQ(trained.at("state"), "finished");

  const json list = workspace.json({"runs", "list"}).at("runs");
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list.at(0).at("id"), run);
  const json shown = workspace.json({"runs", "show", run});
  EXPECT_EQ(shown.at("task"), "vocabulary");
  EXPECT_EQ(shown.at("state"), "finished");
  EXPECT_TRUE(shown.contains("pid"));
  EXPECT_TRUE(shown.contains("checkpoint"));
  EXPECT_EQ(shown.at("config").at("vocabulary_size"), 120);
  EXPECT_EQ(workspace.run({"runs", "stop", run}).code, 1) << "it has ended";
}

TEST(CliTrain, SaysWhyARunFailed) {
  const TinyWorkspace workspace;
  const Outcome outcome =
      workspace.run({"train", "mlm", "--set", "training_text=nowhere.jsonl", "--set",
                     "initial_model=cfg_b", "--set", "output_model=x", "--set", "steps=1"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("nowhere.jsonl"));
}

TEST(CliRuns, NamesAnUnknownRun) {
  const TinyWorkspace workspace;
  EXPECT_EQ(workspace.run({"runs", "show", "none"}).code, 1);
  const Outcome resumed = workspace.run({"train", "--resume", "none"});
  EXPECT_EQ(resumed.code, 1);
  EXPECT_THAT(resumed.err, HasSubstr("none"));
}

}  // namespace
}  // namespace realm
