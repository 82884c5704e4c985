// realm import, export, doc ...
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::read_file;
using testing::TinyWorkspace;

// The ids of the documents retrieved, the null document left out, whatever their order.
std::vector<int64_t> retrieved(const TinyWorkspace& workspace, const std::string& text) {
  std::vector<int64_t> ids;
  const json found = workspace.json({"retrieve", text, "--k", "100"});
  for (const json& document : found.at("documents")) {
    if (!document.at("is_null").get<bool>()) ids.push_back(document.at("id"));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST(CliImport, CountsWhatItSkippedAndWhy) {
  const TinyWorkspace workspace(TinyWorkspace::Content::kEmpty);
  const auto file = workspace.temp().write(
      "mixed.jsonl",
      "{\"title\": \"A\", \"text\": \"Vienna lies on the Danube.\"}\n"
      "{\"title\": \"B\", \"text\": \"\"}\n"
      "{\"title\": \"C\", \"text\": \"caf\xE9\"}\n"
      "no json\n"
      "{\"title\": \"D\", \"text\": \"Rome lies on the Tiber.\", \"extra\": 1}\n");
  const json report = workspace.json({"import", file.string()});
  const json& counts = report.at("files").at(0);
  EXPECT_EQ(counts.at("passages"), 2);
  EXPECT_EQ(counts.at("skipped").at("empty"), 1);
  EXPECT_EQ(counts.at("skipped").at("invalid_utf8"), 1);
  EXPECT_EQ(counts.at("skipped").at("malformed"), 1);
  EXPECT_EQ(counts.at("ignored_keys").at("extra"), 1);
  std::vector<int> lines;
  for (const json& problem : counts.at("problems")) lines.push_back(problem.at("line"));
  EXPECT_THAT(lines, ElementsAre(2, 3, 4));
  EXPECT_EQ(report.at("documents"), 2);
  EXPECT_EQ(report.at("stale_documents"), 2);
}

TEST(CliImport, DoesNotImportAFileTwice) {
  const TinyWorkspace workspace;
  const std::string file = (workspace.temp() / "passages.jsonl").string();
  const json again = workspace.json({"import", file});
  EXPECT_TRUE(again.at("files").at(0).at("already_imported").get<bool>());
  EXPECT_EQ(again.at("documents"), 12);
  EXPECT_EQ(workspace.json({"import", file, "--again"}).at("documents"), 24);
}

TEST(CliImport, SplitsWhatIsLongerThanTheModelTakes) {
  const TinyWorkspace workspace(TinyWorkspace::Content::kEmpty);
  std::string text;
  for (int i = 0; i < 40; ++i) text += "Vienna lies on the Danube. ";
  const auto file =
      workspace.temp().write("long.jsonl", json{{"title", "Vienna"}, {"text", text}}.dump() + "\n");
  const json report = workspace.json({"import", file.string(), "--max-wordpieces", "64"});
  EXPECT_EQ(report.at("files").at(0).at("documents"), 1);
  EXPECT_GT(report.at("documents").get<int>(), 2);
  const json first = workspace.json({"doc", "show", "1"});
  EXPECT_EQ(first.at("title"), "Vienna");
  EXPECT_TRUE(first.at("text").get<std::string>().ends_with("Danube."));
}

TEST(CliImport, ADryRunSaysWhatWouldComeInAndChangesNothing) {
  const TinyWorkspace workspace;
  std::string text;
  for (int i = 0; i < 40; ++i) text += "Vienna lies on the Danube. ";
  const auto file = workspace.temp().write(
      "long.jsonl",
      json{{"title", "Vienna"}, {"text", text}}.dump() +
          "\nno json\n{\"title\": \"Rome\", \"text\": \"Rome lies on the Tiber.\"}\n");
  const std::vector<std::string> import = {"import", file.string(), "--max-wordpieces", "64"};
  std::vector<std::string> dry = import;
  dry.emplace_back("--dry-run");
  const json preview = workspace.json(dry);
  EXPECT_TRUE(preview.at("dry_run").get<bool>());
  EXPECT_EQ(preview.at("documents"), 12);
  const json& counts = preview.at("files").at(0);
  EXPECT_EQ(counts.at("skipped").at("malformed"), 1);
  EXPECT_EQ(counts.at("problems").at(0).at("line"), 2);
  ASSERT_EQ(counts.at("samples").size(), 2U);
  const json& vienna = counts.at("samples").at(0);
  EXPECT_EQ(vienna.at("title"), "Vienna");
  EXPECT_GT(vienna.at("passages").get<int>(), 2);
  for (const json& passage : vienna.at("first")) {
    EXPECT_LE(passage.at("word_pieces").get<int>(), 64);
    EXPECT_GT(passage.at("word_pieces").get<int>(), passage.at("words").get<int>());
  }
  EXPECT_EQ(counts.at("samples").at(1).at("line"), 3);
  EXPECT_EQ(workspace.json({"doc", "search", ""}).at("total"), 12);

  const json done = workspace.json(import);
  EXPECT_EQ(done.at("files").at(0).at("passages"), counts.at("passages"));
  EXPECT_TRUE(workspace.json(dry).at("files").at(0).at("already_imported").get<bool>());
  EXPECT_THAT(workspace.run(dry).out, HasSubstr("imported before"));
}

TEST(CliImport, NamesAFileThatIsMissing) {
  const TinyWorkspace workspace(TinyWorkspace::Content::kEmpty);
  const Outcome outcome = workspace.run({"import", "nowhere.jsonl"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("nowhere.jsonl"));
}

TEST(CliImport, ShowsProgressUnlessQuiet) {
  const TinyWorkspace workspace(TinyWorkspace::Content::kEmpty);
  const auto file = workspace.temp().write("passages.jsonl", TinyWorkspace::passages_jsonl());
  const Outcome outcome = testing::run_realm(
      {"--workspace", workspace.folder().string(), "import", file.string(), "--json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("importing"));
  EXPECT_THAT(outcome.err, HasSubstr("12 documents wait for the index"));
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos)
      << "no bar where standard error is no terminal";
  EXPECT_EQ(outcome.json().at("documents"), 12);
}

TEST(CliImport, IsUndoneAndDoneAgain) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  const std::vector<int64_t> before = retrieved(workspace, "[[Vienna]] lies on the Danube.");
  const auto file = workspace.temp().write("more.jsonl",
                                           "{\"title\": \"M\", \"text\": \"Vienna again.\"}\n"
                                           "{\"title\": \"N\", \"text\": \"And again.\"}\n");
  workspace.json({"import", file.string()});
  workspace.json({"index"});
  EXPECT_EQ(retrieved(workspace, "[[Vienna]] lies on the Danube.").size(), before.size() + 2);
  const json undone = workspace.json({"doc", "undo"});
  EXPECT_EQ(undone.at("count"), 2);
  EXPECT_EQ(undone.at("corpus_documents"), 12);
  EXPECT_EQ(undone.at("stale_documents"), 0);  // the index has followed
  EXPECT_EQ(retrieved(workspace, "[[Vienna]] lies on the Danube."), before);
  const json redone = workspace.json({"doc", "redo"});
  EXPECT_EQ(redone.at("corpus_documents"), 14);
  EXPECT_EQ(redone.at("stale_documents"), 0);
  EXPECT_EQ(retrieved(workspace, "[[Vienna]] lies on the Danube.").size(), before.size() + 2);
  EXPECT_TRUE(workspace.json({"check"}).at("ok").get<bool>());
}

TEST(CliExport, WritesWhatImportReads) {
  const TinyWorkspace workspace;
  for (const char* name : {"all.jsonl", "all.tsv"}) {
    const std::string file = (workspace.temp() / name).string();
    EXPECT_EQ(workspace.json({"export", file}).at("documents"), 12);
    const TinyWorkspace copy(TinyWorkspace::Content::kEmpty);
    EXPECT_EQ(copy.json({"import", file}).at("documents"), 12);
    EXPECT_EQ(copy.json({"check"}).at("fingerprint"), workspace.json({"check"}).at("fingerprint"))
        << name;
  }
}

TEST(CliDoc, SearchesWordsPhrasesAndExclusions) {
  const TinyWorkspace workspace;
  const json found = workspace.json({"doc", "search", "capital -Danube \"flows into\""});
  EXPECT_EQ(found.at("total"), 1);
  EXPECT_EQ(found.at("documents").at(0).at("title"), "Prague");
  EXPECT_THAT(found.at("documents").at(0).at("snippet").get<std::string>(), HasSubstr("[capital]"));
  EXPECT_EQ(workspace.json({"doc", "search", "\"*) OR NEAR("}).at("total"), 0);
}

TEST(CliDoc, SearchesWithFiltersAlone) {
  const TinyWorkspace workspace;
  const auto total = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"doc", "search"});
    return workspace.json(options).at("total").get<int>();
  };
  const int all = total({""});
  EXPECT_EQ(all, 12);
  const int danube = total({"--contains", "DANUBE"});
  EXPECT_GT(danube, 0);
  EXPECT_EQ(total({"--not-contains", "danube"}), all - danube);
  EXPECT_EQ(total({"--regex", "(?i)danube"}), danube);
  EXPECT_EQ(total({"--empty", "title"}), 0);
  EXPECT_EQ(total({"--source", "passages.jsonl"}) + total({"--not-source", "passages.jsonl"}), all);
  const json found = workspace.json({"doc", "search", "capital", "--regex", "^Prague$"});
  EXPECT_EQ(found.at("total"), 1);
  EXPECT_EQ(found.at("filters"), (json{{"regex", "^Prague$"}}));
  EXPECT_EQ(found.at("sort"), "relevance");

  const Outcome wrong = workspace.run({"doc", "search", "--regex", "a("});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("missing ): a("));
  EXPECT_EQ(workspace.run({"doc", "search"}).code, 2);
  EXPECT_EQ(workspace.run({"doc", "search", "--source", "a", "--not-source", "b"}).code, 2);
}

TEST(CliDoc, SortsWhatItFinds) {
  const TinyWorkspace workspace;
  const auto column = [&](std::vector<std::string> options, const char* name) {
    options.insert(options.begin(), {"doc", "search"});
    std::vector<json> values;
    const json reply = workspace.json(options);
    for (const json& row : reply.at("documents")) values.push_back(row.at(name));
    return values;
  };
  std::vector<json> words = column({"--sort", "words"}, "words");
  ASSERT_EQ(words.size(), 12U);
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  std::reverse(words.begin(), words.end());
  EXPECT_EQ(column({"--sort", "words", "--descending"}, "words"), words);
  EXPECT_EQ(column({"--sort", "id", "--descending", "--limit", "1"}, "id").at(0), 12);
  EXPECT_EQ(workspace.run({"doc", "search", "x", "--descending"}).code, 2);
}

TEST(CliDoc, ShowsOneAndNamesAnUnknownOne) {
  const TinyWorkspace workspace;
  const json document = workspace.json({"doc", "show", "9"});
  EXPECT_EQ(document.at("title"), "257");
  EXPECT_EQ(document.at("source"), "tiny");
  EXPECT_EQ(document.at("licence"), "CC0-1.0");
  const Outcome outcome = workspace.run({"doc", "show", "99"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("99"));
}

TEST(CliDoc, EditsAreFollowedByTheIndexAtOnce) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  const json before = workspace.json({"ask", "Vienna is the capital of [[Austria]].", "--k", "13"});
  const json changed = workspace.json({"doc", "edit", "1", "--text", "Rome lies near the Danube."});
  EXPECT_EQ(changed.at("id"), 1);
  EXPECT_EQ(changed.at("stale_documents"), 0);
  const json after = workspace.json({"ask", "Vienna is the capital of [[Austria]].", "--k", "13"});
  EXPECT_EQ(after.at("index").at("stale_documents"), 0);
  EXPECT_NE(after.at("p_y_given_x"), before.at("p_y_given_x"));
  EXPECT_EQ(after.at("corpus").at("revision").get<int>(),
            before.at("corpus").at("revision").get<int>() + 1);

  workspace.json({"doc", "undo"});
  const json undone = workspace.json({"ask", "Vienna is the capital of [[Austria]].", "--k", "13"});
  EXPECT_NEAR(undone.at("p_y_given_x").get<double>() / before.at("p_y_given_x").get<double>(), 1,
              1e-6);
  EXPECT_EQ(undone.at("corpus").at("fingerprint"), before.at("corpus").at("fingerprint"));
}

TEST(CliDoc, AddsDeletesUndoesAndRedoesAcrossProcesses) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  const int64_t id =
      workspace.json({"doc", "add", "--title", "Tagus", "--text", "The Tagus flows into the city."})
          .at("id");
  EXPECT_EQ(id, 13);
  EXPECT_THAT(retrieved(workspace, "a [MASK]"), ::testing::Contains(13));
  workspace.json({"doc", "delete", "2"});
  EXPECT_THAT(retrieved(workspace, "a [MASK]"), ::testing::Not(::testing::Contains(2)));
  EXPECT_THAT(workspace.json({"doc", "undo"}).at("documents").get<std::vector<int>>(),
              ElementsAre(2));
  EXPECT_THAT(workspace.json({"doc", "undo"}).at("documents").get<std::vector<int>>(),
              ElementsAre(13));
  EXPECT_EQ(retrieved(workspace, "a [MASK]").size(), 12u);
  EXPECT_THAT(workspace.json({"doc", "redo"}).at("documents").get<std::vector<int>>(),
              ElementsAre(13));
  EXPECT_THAT(retrieved(workspace, "a [MASK]"), ::testing::Contains(13));
}

TEST(CliDoc, LogSaysWhoDidWhat) {
  const TinyWorkspace workspace;
  workspace.json({"doc", "edit", "1", "--title", "Wien"});
  workspace.json({"doc", "delete", "2"});
  const json log = workspace.json({"doc", "log"}).at("revisions");
  ASSERT_GE(log.size(), 3u);
  EXPECT_EQ(log.at(0).at("what"), "delete");
  EXPECT_EQ(log.at(0).at("document"), 2);
  EXPECT_EQ(log.at(1).at("what"), "edit");
  EXPECT_EQ(log.at(1).at("title_before"), "Vienna");
  EXPECT_EQ(log.at(1).at("title_after"), "Wien");
  EXPECT_EQ(log.at(2).at("what"), "import");
  EXPECT_TRUE(log.at(2).at("document").is_null());
  EXPECT_EQ(workspace.json({"doc", "log", "1"}).at("revisions").at(0).at("what"), "edit");
}

TEST(CliDoc, RefusesWhatCannotBeDone) {
  const TinyWorkspace workspace;
  EXPECT_EQ(workspace.run({"doc", "edit", "99", "--text", "x"}).code, 1);
  EXPECT_EQ(workspace.run({"doc", "delete", "99"}).code, 1);
  EXPECT_EQ(workspace.run({"doc", "redo"}).code, 1);
  const Outcome empty = workspace.run({"doc", "add", "--title", "x", "--text", "  "});
  EXPECT_EQ(empty.code, 1);
  EXPECT_THAT(empty.err, HasSubstr("text"));
  EXPECT_EQ(workspace.run({"doc", "add", "--title", "x", "--text", "caf\xE9"}).code, 1);
  EXPECT_EQ(workspace.json({"check"}).at("revision"), 1);
}

}  // namespace
}  // namespace realm
