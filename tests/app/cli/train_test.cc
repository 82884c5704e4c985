// realm train, and the runs that it makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/run_database.h"
#include "storage/workspace.h"
#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::TinyWorkspace;

// The model of the workspace takes 96 pieces.
std::vector<std::string> fitting(std::vector<std::string> arguments) {
  for (const char* length : {"query_length=40", "document_length=56"}) {
    arguments.emplace_back("--set");
    arguments.emplace_back(length);
  }
  return arguments;
}

TEST(CliTrain, ShowsItsOptionsWithoutTraining) {
  const TinyWorkspace workspace;
  const json options =
      workspace.json({"train", "vocabulary", "--set", "vocabulary_size=200", "--set",
                      "output_model=words", "--set", "seed=7", "--dry-run"});
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
  const json options = workspace.json(fitting({"--precision", "bf16", "--threads", "3", "train",
                                               "mlm", "--set", "threads=2", "--dry-run"}));
  EXPECT_EQ(options.at("precision"), "bf16");
  EXPECT_EQ(options.at("threads"), 2);
  EXPECT_EQ(options.at("device"), "cpu");
}

TEST(CliTrain, EstimatesWhatARunNeeds) {
  const TinyWorkspace workspace;
  const std::vector<std::string> small = fitting(
      {"train", "mlm", "--dry-run", "--set", "initial_model=cfg_b", "--set", "batch_size=2"});
  const json document = workspace.json(small);
  EXPECT_EQ(document.at("batch_size"), 2);
  const json& estimate = document.at("estimate");
  EXPECT_GT(estimate.at("parameters"), 1000);
  EXPECT_GT(estimate.at("memory_bytes").at("total"), estimate.at("memory_bytes").at("activations"));
  EXPECT_GT(estimate.at("disk_bytes").at("total"), 12 * estimate.at("parameters").get<int64_t>());
  EXPECT_GT(estimate.at("gemm_flops_per_second"), 1e8);
  EXPECT_GT(estimate.at("seconds_about"), 0.0);
  EXPECT_EQ(estimate.at("networks").at(0).at("model"), "cfg_b");
  EXPECT_EQ(estimate.at("networks").at(0).at("layers"), 3);
  EXPECT_EQ(estimate.at("device").at("name"), "cpu");
  const Outcome text = workspace.run(small);
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("memory      at most"));
  EXPECT_THAT(text.out, HasSubstr("start       from cfg_b: reader of 3 layers x 24"));
  EXPECT_THAT(text.out, HasSubstr("device      cpu: 1 thread on "));
  EXPECT_THAT(text.out, HasSubstr("\"batch_size\": 2"));
}

TEST(CliTrain, StartsFromTheModelInUseWhereNoneIsNamed) {
  const TinyWorkspace workspace;
  EXPECT_EQ(workspace.json(fitting({"train", "mlm", "--dry-run", "--set", "batch_size=2"}))
                .at("initial_model"),
            "cfg_b");
}

// What cannot be trained is refused before there is a run, in words about the option.
TEST(CliTrain, RefusesAPlanThatCannotBeTrained) {
  const TinyWorkspace workspace;
  const std::vector<std::pair<std::string, std::string>> plans = {
      {"training_text=/nope", "training_text names /nope"},
      {"held_out_text=/nope", "held_out_text names /nope"},
      {"probes=/nope", "probes names /nope"},
      {"device=cuda:99", "device asks for cuda:99"},
      {"refresh_device=cuda:99", "refresh_device asks for cuda:99"},
      {"candidates=14", "13 candidates beside the null document, but the corpus has 12 documents"},
      {"document_length=57", "\"cfg_b\" takes up to 96"},
      {"layers=12", "layers=12"},
      {"output_model=a b", "output_model"}};
  for (const auto& [setting, said] : plans) {
    for (const bool dry : {true, false}) {
      std::vector<std::string> line = fitting({"train", "pretrain"});
      line.insert(line.end(), {"--set", setting});
      if (dry) line.emplace_back("--dry-run");
      const Outcome outcome = workspace.run(line);
      EXPECT_EQ(outcome.code, 1) << setting;
      EXPECT_THAT(outcome.err, HasSubstr(said));
    }
  }
  const Outcome paper = workspace.run({"train", "pretrain", "--preset", "paper", "--dry-run"});
  EXPECT_EQ(paper.code, 1);
  EXPECT_THAT(paper.err,
              HasSubstr("layers=12 and hidden=768, but the run starts from the retriever "
                        "of \"cfg_b\" with layers=3 and hidden=24"));
  EXPECT_TRUE(workspace.json({"runs", "list"}).at("runs").empty());
}

// With and without --dry-run: no run is made of what cannot fit.
TEST(CliTrain, RefusesARunThatCannotFit) {
  const TinyWorkspace workspace;
  for (const bool dry : {true, false}) {
    std::vector<std::string> line =
        fitting({"train", "mlm", "--set", "initial_model=cfg_b", "--set", "batch_size=100000000"});
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

TEST(CliTrain, RefusesAVocabularyWithoutANameBeforeItMakesARun) {
  const TinyWorkspace workspace;
  const Outcome outcome = workspace.run({"train", "vocabulary", "--set", "vocabulary_size=120"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("output_model"));
  EXPECT_TRUE(workspace.json({"runs", "list"}).at("runs").empty());
  EXPECT_EQ(workspace.run({"train", "vocabulary", "--help-options"}).code, 0);
}

TEST(CliTrain, LeavesTheVocabularyOfATrainedModelAlone) {
  const TinyWorkspace workspace;
  const std::string before =
      testing::read_file(workspace.folder() / "models" / "cfg_b" / "vocab.txt");
  std::vector<std::string> line = {"train", "vocabulary",        "--set", "vocabulary_size=120",
                                   "--set", "output_model=cfg_b"};
  const Outcome outcome = workspace.run(line);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("\"cfg_b\", whose weights belong to"));
  line.emplace_back("--dry-run");
  EXPECT_EQ(workspace.run(line).code, 1);
  EXPECT_TRUE(workspace.json({"runs", "list"}).at("runs").empty());
  EXPECT_EQ(testing::read_file(workspace.folder() / "models" / "cfg_b" / "vocab.txt"), before);
}

TEST(CliTrain, ShowsTheOptionsWithoutATaskAndNamesTheTasks) {
  const TinyWorkspace workspace;
  const Outcome outcome =
      testing::run_realm({"--workspace", workspace.folder().string(), "train", "--help-options"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("learning_rate"));
  EXPECT_THAT(outcome.err, HasSubstr("vocabulary, mlm, ict or pretrain"));
  const Outcome nothing = workspace.run({"train"});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("vocabulary, mlm, ict or pretrain"));
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

TEST(CliTrain, TrainsWithSeveralProcesses) {
#ifndef REALM_WITH_C10D
  GTEST_SKIP() << "built without c10d";
#endif
  const TinyWorkspace workspace;
  const json trained = workspace.json(
      fitting({"train", "ict", "--ranks", "2", "--set", "initial_model=cfg_b", "--set", "steps=3",
               "--set", "batch_size=2", "--set", "log_every_steps=1"}));
  EXPECT_EQ(trained.at("state"), "finished");
  // That they take the steps of one process: tests/integration/training_ranks_test.cc.
  const auto reader = RunReader::open(Workspace::open(workspace.folder()).run_database());
  EXPECT_EQ(reader->scalars(trained.at("run").get<std::string>(), "loss").size(), 3U);
  EXPECT_EQ(workspace.run({"train", "ict", "--ranks", "0"}).code, 2);
}

TEST(CliTrain, SaysWhyARunFailed) {
  const TinyWorkspace workspace;
  const Outcome outcome = workspace.run(
      fitting({"train", "mlm", "--set", "training_text=nowhere.jsonl", "--set",
               "initial_model=cfg_b", "--set", "output_model=x", "--set", "steps=1"}));
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
