// realm spans.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/cli/realm_program.h"
#include "tests/support/token_classifier_folder.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::run_realm;
using testing::TempDirectory;
using testing::TinyWorkspace;

const char* const kText = "In 1998 Marie Curie saw 7 cats.";

TEST(CliSpans, MarksATextAndListsItsSpans) {
  const Outcome outcome = run_realm({"spans", kText});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "In [[1998]] [[Marie Curie]] saw [[7]] cats.\n"
            "  date       3-7     1998\n"
            "  name       8-19    Marie Curie\n"
            "  number    24-25    7\n");
}

TEST(CliSpans, GivesJsonForTheLinesOfAFile) {
  const TempDirectory folder;
  const std::string file = folder.write("texts.txt", "In London.\r\n\nNothing here.\n").string();
  const json document = run_realm({"--json", "spans", "In 1998.", "--file", file}).json();
  ASSERT_EQ(document.at("texts").size(), 3u);
  EXPECT_EQ(document.at("texts").at(1),
            (json{{"text", "In London."},
                  {"spans", {{{"kind", "name"}, {"begin", 3}, {"end", 9}, {"text", "London"}}}}}));
  EXPECT_EQ(document.at("texts").at(2).at("spans"), json::array());
}

// Of two names one is found, beside a third that is none.
TEST(CliSpans, ScoresMarkedTexts) {
  const TempDirectory folder;
  const std::string file =
      folder
          .write("marked.jsonl",
                 "{\"text\": \"He saw [[Ann]] and [[bob]].\", \"kinds\": [\"name\", \"name\"]}\n"
                 "{\"text\": \"They saw Light.\", \"kinds\": []}\n")
          .string();
  const json document = run_realm({"--json", "spans", "--eval", file}).json();
  EXPECT_EQ(document.at("texts"), 2);
  EXPECT_EQ(document.at("name"), (json{{"marked", 2},
                                       {"found", 2},
                                       {"right", 1},
                                       {"precision", 0.5},
                                       {"recall", 0.5},
                                       {"f1", 0.5}}));
  EXPECT_TRUE(document.at("date").at("precision").is_null());
  EXPECT_EQ(document.at("bounds").at("right"), 1);
  EXPECT_THAT(run_realm({"spans", "--eval", file}).out, HasSubstr("50.0 %"));
}

TEST(CliSpans, TheGazetteerIsTheWorkspacesCorpus) {
  const TinyWorkspace workspace;
  workspace.run({"doc", "add", "--title", "Trinidad and Tobago", "--text", "Two islands."});
  const std::string text = "He saw Trinidad and Tobago.";
  EXPECT_THAT(workspace.run({"spans", text}).out, HasSubstr("[[Trinidad]] and [[Tobago]]"));
  EXPECT_THAT(workspace.run({"spans", text, "--gazetteer"}).out,
              HasSubstr("[[Trinidad and Tobago]]"));
}

// The model takes every "curie" for a person and knows no other name; dates come from the rules.
TEST(CliSpans, AModelFindsTheNamesAndTheWorkspaceKeepsThem) {
  const TinyWorkspace workspace;
  testing::write_token_classifier(workspace.folder() / "models" / "tagger",
                                  {.pieces = {{"curie", 1}, {"saw", 0}, {"in", 0}, {".", 0}}});
  const std::string text = "In 1998 Marie Curie saw Paris.";
  const std::string expected = "In [[1998]] Marie [[Curie]] saw Paris.";
  EXPECT_THAT(workspace.run({"spans", text, "--tagger", "tagger"}).out, HasSubstr(expected));
  EXPECT_TRUE(std::filesystem::exists(workspace.folder() / "spans.sqlite"));
  EXPECT_THAT(workspace.run({"spans", text, "--tagger", "tagger"}).out, HasSubstr(expected));

  const std::string folder = (workspace.folder() / "models" / "tagger").string();
  EXPECT_THAT(run_realm({"spans", text, "--tagger", folder}).out, HasSubstr(expected));
  EXPECT_EQ(workspace.run({"spans", text, "--tagger", "absent"}).code, 1);
  const Outcome no_classifier = workspace.run({"spans", text, "--tagger", "cfg_b"});
  EXPECT_EQ(no_classifier.code, 1);
}

TEST(CliSpans, NeedsATextOrAFile) {
  EXPECT_EQ(run_realm({"spans"}).code, 2);
  EXPECT_EQ(run_realm({"spans", "x", "--eval", "y"}).code, 2);
  EXPECT_EQ(run_realm({"spans", "--file", "/nowhere/at/all"}).code, 1);
  EXPECT_EQ(run_realm({"spans", "--eval", "/nowhere/at/all"}).code, 1);
}

}  // namespace
}  // namespace realm
