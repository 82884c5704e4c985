// realm eval.
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

}  // namespace
}  // namespace realm
