// realm ask, realm retrieve: the numbers add up, the fields are those of the contract, and bad
// questions get a sentence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::TinyWorkspace;

constexpr const char* kQuestion = "Vienna is the capital of [[Austria]].";

std::string sentence(const TinyWorkspace& workspace, std::vector<std::string> arguments) {
  const Outcome outcome = workspace.run(std::move(arguments));
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  return outcome.err;
}

TEST(CliAsk, AddsUpToTheMarginal) {
  const TinyWorkspace workspace;
  const json answer = workspace.json({"ask", kQuestion, "--k", "5", "--words", "4"});

  ASSERT_EQ(answer.at("documents").size(), 5u);
  double p_z = 0, p_y = 0, posterior = 0;
  int nulls = 0, rank = 0;
  for (const json& document : answer.at("documents")) {
    const double prior = document.at("p_z_given_x"), given_z = document.at("p_y_given_zx");
    p_z += prior;
    p_y += prior * given_z;
    posterior += document.at("posterior").get<double>();
    nulls += document.at("is_null").get<bool>() ? 1 : 0;
    EXPECT_EQ(document.at("rank").get<int>(), ++rank);
    EXPECT_NEAR(document.at("log_p_y_given_zx").get<double>(), std::log(given_z), 1e-9);
    EXPECT_NEAR(document.at("retrieval_utility").get<double>(),
                std::log(given_z / answer.at("p_y_null").get<double>()), 1e-6);
  }
  const double marginal = answer.at("p_y_given_x");
  EXPECT_EQ(nulls, 1);
  EXPECT_NEAR(p_z, 1, 1e-9);
  EXPECT_NEAR(p_y / marginal, 1, 1e-6);
  EXPECT_NEAR(posterior, 1, 1e-9);
  EXPECT_NEAR(answer.at("log_p_y_given_x").get<double>(), std::log(marginal), 1e-9);
  for (const json& document : answer.at("documents")) {
    const double prior = document.at("p_z_given_x"), given_z = document.at("p_y_given_zx");
    EXPECT_NEAR(document.at("posterior").get<double>(), prior * given_z / marginal, 1e-9);
    EXPECT_NEAR(document.at("credit").get<double>(), (given_z / marginal - 1) * prior, 1e-9);
  }
  ASSERT_EQ(answer.at("top").size(), 4u);
  for (const json& word : answer.at("top")) {
    double sum = 0;
    for (const double part : word.at("by_document")) sum += part;
    EXPECT_NEAR(sum / word.at("p").get<double>(), 1, 1e-6);
  }
}

TEST(CliAsk, NamesQueryModelCorpusAndIndex) {
  const TinyWorkspace workspace;
  const json answer = workspace.json({"ask", kQuestion});
  EXPECT_EQ(answer.at("query").at("text"), kQuestion);
  EXPECT_EQ(answer.at("query").at("answer"), "Austria");
  EXPECT_EQ(answer.at("query").at("masks").size(), answer.at("query").at("answer_pieces").size());
  for (const int mask : answer.at("query").at("masks"))
    EXPECT_EQ(answer.at("query").at("pieces").at(mask), "[MASK]");
  EXPECT_FALSE(answer.at("query").at("truncated").get<bool>());
  EXPECT_EQ(answer.at("model").at("name"), "cfg_b");
  EXPECT_EQ(answer.at("corpus").at("documents"), 12);
  EXPECT_EQ(answer.at("index").at("type"), "exact");
  EXPECT_EQ(answer.at("index").at("generation"), 1);
  EXPECT_EQ(answer.at("index").at("stale_documents"), 0);
  EXPECT_TRUE(answer.at("baseline").is_null());
  EXPECT_TRUE(answer.at("mass_outside_top_k").is_null());
  EXPECT_GT(answer.at("timings_ms").at("total").get<double>(), 0);
}

TEST(CliAsk, GivesTheSameNumbersTwice) {
  const TinyWorkspace workspace;
  json first = workspace.json({"ask", kQuestion}), second = workspace.json({"ask", kQuestion});
  first.erase("timings_ms");
  second.erase("timings_ms");
  EXPECT_EQ(first, second);
}

TEST(CliAsk, TakesTheAnswerBesideAPlainMask) {
  const TinyWorkspace workspace;
  const json marked = workspace.json({"ask", kQuestion});
  const json named =
      workspace.json({"ask", "Vienna is the capital of [MASK].", "--answer", "Austria"});
  EXPECT_EQ(named.at("p_y_given_x"), marked.at("p_y_given_x"));
  EXPECT_EQ(named.at("query").at("masks"), marked.at("query").at("masks"));
}

TEST(CliAsk, ReportsWatchedWordsAndTheExactSum) {
  const TinyWorkspace workspace;
  const json answer = workspace.json({"ask", "Vienna is the [[capital]] of Austria.", "--k", "3",
                                      "--watch", "city", "--watch", "prime", "--exact-sum"});
  ASSERT_EQ(answer.at("watch").size(), 2u);
  EXPECT_EQ(answer.at("watch").at(0).at("word"), "city");
  EXPECT_GE(answer.at("watch").at(0).at("rank").get<int>(), 1);
  const double outside = answer.at("mass_outside_top_k");
  EXPECT_GT(outside, 0);
  EXPECT_LT(outside, 1);

  const json whole =
      workspace.json({"ask", "Vienna is the [[capital]] of Austria.", "--k", "13", "--exact-sum"});
  EXPECT_NEAR(whole.at("mass_outside_top_k").get<double>(), 0, 1e-9);
  EXPECT_NEAR(whole.at("p_y_given_x").get<double>() / answer.at("exact_p_y_given_x").get<double>(),
              1, 1e-5);
}

TEST(CliAsk, PinsAndExcludesDocuments) {
  const TinyWorkspace workspace;
  const json free = workspace.json({"ask", kQuestion, "--k", "3"});
  int64_t best = 0;
  for (const json& document : free.at("documents")) {
    if (best == 0 && !document.at("is_null").get<bool>()) best = document.at("id");
  }
  const json without =
      workspace.json({"ask", kQuestion, "--k", "3", "--exclude", std::to_string(best)});
  for (const json& document : without.at("documents"))
    EXPECT_NE(document.at("id").get<int64_t>(), best);

  const json pinned = workspace.json(
      {"ask", kQuestion, "--k", "2", "--exclude", std::to_string(best), "--pin", "9"});
  bool found = false;
  for (const json& document : pinned.at("documents")) found = found || document.at("id") == 9;
  EXPECT_TRUE(found);
}

TEST(CliAsk, WorksWithTheNullDocumentAlone) {
  const TinyWorkspace workspace;
  const json answer = workspace.json({"ask", kQuestion, "--k", "1"});
  ASSERT_EQ(answer.at("documents").size(), 1u);
  EXPECT_TRUE(answer.at("documents").at(0).at("is_null").get<bool>());
  EXPECT_EQ(answer.at("p_y_given_x"), answer.at("p_y_null"));
}

TEST(CliAsk, TakesAllThereIsWhereKIsLargerThanTheCorpus) {
  const TinyWorkspace workspace;
  EXPECT_EQ(workspace.json({"ask", kQuestion, "--k", "100"}).at("documents").size(), 13u);
}

TEST(CliAsk, AnswersFromTheNullDocumentOnAnEmptyCorpus) {
  const TinyWorkspace workspace(TinyWorkspace::Content::kEmpty);
  const json answer = workspace.json({"ask", kQuestion});
  ASSERT_EQ(answer.at("documents").size(), 1u);
  EXPECT_EQ(answer.at("corpus").at("documents"), 0);
  const Outcome loud =
      testing::run_realm({"--workspace", workspace.folder().string(), "ask", kQuestion});
  EXPECT_THAT(loud.err, HasSubstr("corpus is empty"));
}

TEST(CliAsk, RefusesQuestionsThatCannotBeAsked) {
  const TinyWorkspace workspace;
  EXPECT_THAT(sentence(workspace, {"ask", "Vienna is the capital of Austria."}),
              HasSubstr("[MASK]"));
  EXPECT_THAT(sentence(workspace, {"ask", "[[Vienna is the capital."}), HasSubstr("]]"));
  EXPECT_THAT(sentence(workspace, {"ask", "[[ ]] is the capital."}), HasSubstr("[["));
  EXPECT_THAT(sentence(workspace, {"ask", "[[Vienna]] is the capital.", "--answer", "Rome"}),
              HasSubstr("answer"));
  EXPECT_THAT(sentence(workspace, {"ask", "[MASK] is the capital.", "--answer", "\xE4\xB8\xAD"}),
              HasSubstr("\xE4\xB8\xAD"));
}

TEST(CliAsk, RefusesAMaskBeyondTheModelsLength) {
  const TinyWorkspace workspace;
  std::string text;
  for (int i = 0; i < 600; ++i) text += "the ";
  EXPECT_THAT(sentence(workspace, {"ask", text + "[MASK]."}), HasSubstr("pieces"));
}

TEST(CliAsk, SaysThatALongSentenceWasCut) {
  const TinyWorkspace workspace;
  std::string text = "[[Vienna]] is";
  for (int i = 0; i < 600; ++i) text += " the";
  EXPECT_TRUE(workspace.json({"ask", text}).at("query").at("truncated").get<bool>());
}

TEST(CliAsk, RefusesAPinnedDocumentThatIsNotThere) {
  const TinyWorkspace workspace;
  EXPECT_THAT(sentence(workspace, {"ask", kQuestion, "--pin", "999"}), HasSubstr("999"));
}

TEST(CliAsk, RefusesAnIndexOfAnotherModel) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  workspace.json({"model", "import", workspace.other_model().string(), "--as", "other"});
  workspace.json({"model", "use", "other"});
  EXPECT_THAT(sentence(workspace, {"ask", kQuestion}), HasSubstr("realm index"));
  const json index = workspace.json({"index"});
  EXPECT_EQ(index.at("generation"), 2);
  EXPECT_EQ(workspace.json({"ask", kQuestion}).at("index").at("model_fingerprint"),
            index.at("model_fingerprint"));
}

TEST(CliAsk, NamesTheMissingModel) {
  const testing::TempDirectory temp;
  const std::string folder = (temp / "bare").string();
  ASSERT_EQ(testing::run_realm({"init", folder, "--quiet"}).code, 0);
  const Outcome outcome = testing::run_realm({"--workspace", folder, "ask", kQuestion});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("realm model import"));
}

TEST(CliAsk, ReadsLikeATableOnATerminal) {
  const TinyWorkspace workspace;
  const Outcome outcome = workspace.run({"ask", kQuestion, "--watch", "city"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("p(y|x)"));
  EXPECT_THAT(outcome.out, HasSubstr("∅ (no passage)"));
  EXPECT_EQ(outcome.err, "");
}

TEST(CliRetrieve, ListsPassagesWithTheirProbabilities) {
  const TinyWorkspace workspace;
  const json found = workspace.json({"retrieve", kQuestion, "--k", "4"});
  const json asked = workspace.json({"ask", kQuestion, "--k", "4"});
  ASSERT_EQ(found.at("documents").size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    const json &row = found.at("documents").at(i), &same = asked.at("documents").at(i);
    EXPECT_EQ(row.at("id"), same.at("id"));
    EXPECT_NEAR(row.at("score").get<double>(), same.at("score").get<double>(), 1e-6);
    EXPECT_NEAR(row.at("p_z_given_x").get<double>(), same.at("p_z_given_x").get<double>(), 1e-6);
  }
}

TEST(CliRetrieve, SearchesFullTextInItsOtherMode) {
  const TinyWorkspace workspace;
  const json found = workspace.json({"retrieve", "[[Thames]]", "--mode", "bm25"});
  EXPECT_EQ(found.at("mode"), "bm25");
  ASSERT_EQ(found.at("documents").size(), 1u);
  EXPECT_EQ(found.at("documents").at(0).at("title"), "London");
  EXPECT_TRUE(found.at("documents").at(0).at("p_z_given_x").is_null());
}

}  // namespace
}  // namespace realm
