// realm runs probes, checkpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/run_database.h"
#include "storage/workspace.h"
#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::TinyWorkspace;

class CliProbes : public ::testing::Test {
 protected:
  CliProbes() {
    const Workspace workspace = Workspace::open(workspace_.folder());
    std::filesystem::create_directories(workspace.runs_folder());
    RunWriter::create_run(workspace.run_database(), {"run-1", "pretrain", "{}", 8});
    const auto run = RunWriter::open_run(workspace.run_database(), "run-1");
    for (const int step : {0, 4}) {
      run->record_probe({step, "river",
                         json{{"p_y_given_x", 0.125 * (step + 1)},
                              {"p_y_null", 0.5},
                              {"gold", {{"title", "Beda"}, {"rank", 3}}}}
                             .dump(),
                         0});
      run->record_probe({step, "founder", R"({"p_y_null": 0.25, "gold": null})", 0});
    }
    run->finish(RunState::kFinished, "");
  }
  static std::vector<json> lines(const std::string& text) {
    std::vector<json> out;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) out.push_back(json::parse(line));
    return out;
  }
  const TinyWorkspace workspace_;
};

TEST_F(CliProbes, AreWrittenAsJsonLines) {
  const Outcome all = workspace_.run({"runs", "probes", "run-1", "--json"});
  EXPECT_EQ(all.code, 0) << all.err;
  ASSERT_EQ(lines(all.out).size(), 4U);
  const std::vector<json> river =
      lines(workspace_.run({"runs", "probes", "run-1", "--name", "river", "--json"}).out);
  ASSERT_EQ(river.size(), 2U);
  EXPECT_EQ(river[1].at("step"), 4);
  EXPECT_EQ(river[1].at("name"), "river");
  EXPECT_EQ(river[1].at("p_y_given_x"), 0.625);
  EXPECT_EQ(river[1].at("gold").at("rank"), 3);
  EXPECT_GT(river[1].at("time").get<int64_t>(), 0);
}

TEST_F(CliProbes, AreShownToAPerson) {
  const Outcome shown = workspace_.run({"runs", "probes", "run-1", "--name", "river"});
  EXPECT_THAT(shown.out, HasSubstr("0.125"));
  EXPECT_THAT(shown.out, HasSubstr("Beda"));
  EXPECT_THAT(shown.out, Not(HasSubstr("founder")));
  EXPECT_EQ(workspace_.run({"runs", "probes", "run-2"}).code, 1);
}

TEST_F(CliProbes, OfATrainingAreFoundFromAnyFolder) {
  const Outcome refused = workspace_.run(
      {"train", "pretrain", "--set", "probes=mine.jsonl", "--set", "initial_model=cfg_b", "--set",
       "query_length=40", "--set", "document_length=56", "--set", "candidates=3", "--dry-run"});
  EXPECT_EQ(refused.code, 1) << "there is none in this one";
  EXPECT_THAT(refused.err, HasSubstr((std::filesystem::current_path() / "mine.jsonl").string()));
}

TEST(CliRunsThatGoOn, AreAskedToSaveAndToRefresh) {
  const TinyWorkspace workspace;
  const Workspace opened = Workspace::open(workspace.folder());
  std::filesystem::create_directories(opened.runs_folder());
  for (const char* task : {"pretrain", "mlm"})
    RunWriter::create_run(opened.run_database(), {task, task, "{}", 8});
  const auto trainer = RunWriter::open_run(opened.run_database(), "pretrain");
  EXPECT_EQ(workspace.json({"runs", "save", "pretrain"}).at("run"), "pretrain");
  EXPECT_EQ(workspace.json({"runs", "refresh", "pretrain"}).at("run"), "pretrain");
  const std::vector<Control> asked = trainer->take_controls();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].command, ControlCommand::kCheckpointNow);
  EXPECT_EQ(asked[1].command, ControlCommand::kRefreshNow);
  const Outcome refused = workspace.run({"runs", "refresh", "mlm"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("only pretrain has an index"));
  trainer->finish(RunState::kFinished, "");
  EXPECT_EQ(workspace.run({"runs", "save", "pretrain"}).code, 1);
}

// A run with checkpoints of the tiny model.
class CliCheckpoint : public ::testing::Test {
 protected:
  CliCheckpoint() {
    const Workspace workspace = Workspace::open(workspace_.folder());
    std::filesystem::create_directories(workspace.runs_folder());
    RunWriter::create_run(workspace.run_database(), {"run-1", "pretrain", "{}", 8});
    const std::filesystem::path run = workspace.run_folder("run-1");
    for (const char* step : {"step-4", "step-8"}) {
      const std::filesystem::path folder = run / "checkpoints" / step;
      std::filesystem::create_directories(folder);
      std::filesystem::copy(TinyWorkspace::model(), folder / "models",
                            std::filesystem::copy_options::recursive);
      for (const char* other : {"openqa", "reader", "scorer"})
        std::filesystem::remove_all(folder / "models" / other);
      std::ofstream(folder / "state.json") << R"({"step": 4, "fingerprint": "f"})";
    }
    std::ofstream(run / "config.json") << R"({"task": "pretrain"})";
  }
  const TinyWorkspace workspace_;
};

TEST_F(CliCheckpoint, BecomesAModelOfTheWorkspace) {
  const json made =
      workspace_.json({"runs", "checkpoint", "run-1", "--step", "7", "--as", "early"});
  EXPECT_EQ(made.at("name"), "early");
  EXPECT_EQ(made.at("step"), 4);
  EXPECT_TRUE(made.at("can_be_model").get<bool>());
  EXPECT_EQ(workspace_.json({"model", "info", "early"}).at("step"), 4);
  EXPECT_EQ(workspace_.json({"model", "info", "cfg_b"}).at("active_as"), "model");
}

TEST_F(CliCheckpoint, IsAskedAtOnceAndTheIndexComesWithItsModel) {
  const std::string question = "Vienna is the [[capital]].";
  workspace_.json({"ask", question});
  const json used = workspace_.json({"runs", "checkpoint", "run-1", "--use"});
  EXPECT_EQ(used.at("name"), "run-1@8");
  EXPECT_EQ(workspace_.json({"model", "info", "run-1@8"}).at("active_as"), "model");
  // The embedder is the same, so the index is its own.
  EXPECT_EQ(workspace_.json({"ask", question}).at("index").at("generation"), 1);
  workspace_.json({"model", "import", workspace_.other_model().string(), "--as", "other"});
  workspace_.json({"model", "use", "other"});
  EXPECT_EQ(workspace_.run({"ask", question}).code, 1);
  EXPECT_EQ(workspace_.json({"index"}).at("generation"), 2);
  workspace_.json({"model", "use", "cfg_b"});
  EXPECT_EQ(workspace_.json({"ask", question}).at("index").at("generation"), 1)
      << "nothing was embedded anew";
}

TEST_F(CliCheckpoint, ThatIsNotThereIsNamed) {
  const Outcome early = workspace_.run({"runs", "checkpoint", "run-1", "--step", "3"});
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("4 and 8"));
  const Outcome taken = workspace_.run({"runs", "checkpoint", "run-1", "--as", "cfg_b"});
  EXPECT_EQ(taken.code, 1);
  EXPECT_THAT(taken.err, HasSubstr("cfg_b"));
  EXPECT_EQ(workspace_.run({"runs", "checkpoint", "nobody"}).code, 1);
  const Outcome nameless = workspace_.run({"runs", "checkpoint", "run-1", "--as", ""});
  EXPECT_EQ(nameless.code, 2);
  EXPECT_THAT(nameless.err, HasSubstr("--as needs a name"));
}

}  // namespace
}  // namespace realm
