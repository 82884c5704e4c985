// realm runs note, extend, delete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "storage/run_database.h"
#include "storage/workspace.h"
#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::TinyWorkspace;

class CliRunUpkeep : public ::testing::Test {
 protected:
  CliRunUpkeep() : disk_(Workspace::open(workspace_.folder())) {
    const std::string config = R"({"task": "ict", "steps": 8})";
    std::filesystem::create_directories(disk_.run_folder("run-1"));
    std::ofstream(disk_.run_folder("run-1") / "config.json") << config;
    RunWriter::create_run(disk_.run_database(), {"run-1", "ict", config, 8});
  }
  const TinyWorkspace workspace_;
  const Workspace disk_;
};

TEST_F(CliRunUpkeep, KeepsTagsAndANote) {
  EXPECT_EQ(workspace_.run({"runs", "note", "run-1", "--tags", "a, b"}).code, 0);
  const Outcome noted = workspace_.run({"runs", "note", "run-1", "--note", "why", "--json"});
  EXPECT_EQ(json::parse(noted.out),
            json({{"run", "run-1"}, {"tags", {"a", "b"}}, {"note", "why"}}));
  const json shown = json::parse(workspace_.run({"runs", "show", "run-1", "--json"}).out);
  EXPECT_EQ(shown.at("tags"), json({"a", "b"}));
  EXPECT_EQ(shown.at("note"), "why");
}

TEST_F(CliRunUpkeep, ExtendsARun) {
  const Outcome extended = workspace_.run({"runs", "extend", "run-1", "4", "--json"});
  EXPECT_EQ(extended.code, 0) << extended.err;
  EXPECT_EQ(json::parse(extended.out).at("total_steps"), 12);
  const Outcome wrong = workspace_.run({"runs", "extend", "run-1", "0"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("at least 1 step"));
}

TEST_F(CliRunUpkeep, DeletesARunForGood) {
  {
    const auto trainer = RunWriter::open_run(disk_.run_database(), "run-1");
    const Outcome refused = workspace_.run({"runs", "delete", "run-1"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err, HasSubstr("being trained"));
    trainer->finish(RunState::kStopped, "");
  }
  EXPECT_EQ(workspace_.run({"runs", "delete", "run-1"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(disk_.run_folder("run-1")));
  EXPECT_EQ(json::parse(workspace_.run({"runs", "list", "--json"}).out).at("runs"), json::array());
  EXPECT_EQ(workspace_.run({"runs", "delete", "run-1"}).code, 1);
}

}  // namespace
}  // namespace realm
