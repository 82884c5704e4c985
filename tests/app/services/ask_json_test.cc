#include "app/services/ask_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace realm {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

AskResult sample() {
  AskResult result;
  result.query.text = "257 is a [[Fermat]] prime.";
  result.pieces = {"257", "is", "a", "[MASK]", "prime", "."};
  result.masks = {3};
  result.answer = "Fermat";
  result.answer_is_given = true;
  result.answer_pieces = {"fermat"};
  result.model_name = "tiny";
  AskedDocument null_document;
  null_document.is_null = true;
  null_document.rank = 1;
  null_document.score = -0.1;
  null_document.p_z_given_x = 1;
  null_document.p_y_given_zx = 1.0 / 3.0;
  null_document.log_p_y_given_zx = -std::numeric_limits<double>::infinity();
  result.documents.push_back(null_document);
  result.p_y_given_x = 1.0 / 3.0;
  result.top.push_back(
      {.word = "fermat", .pieces = {"fermat"}, .p = 1.0 / 3.0, .by_document = {1.0 / 3.0}});
  WatchedWord watched;
  watched.word = "mersenne";
  watched.pieces = {"mer"};
  watched.p = 1e-300;
  watched.rank = 7;
  result.watch.push_back(watched);
  result.timings_ms.total = 12.5;
  return result;
}

TEST(AskJson, HasTheFieldsOfTheContractInTheirOrder) {
  const Json json = Json::parse(to_json(sample()));
  EXPECT_EQ(keys(json), (std::vector<std::string>{
                            "query", "model", "corpus", "index", "documents", "p_y_given_x",
                            "log_p_y_given_x", "p_y_null", "baseline", "top", "top_other", "watch",
                            "mass_outside_top_k", "exact_p_y_given_x", "timings_ms"}));
  for (const char* name : {"text", "pieces", "masks", "answer", "answer_pieces", "truncated"}) {
    EXPECT_TRUE(json.at("query").contains(name)) << name;
  }
  for (const char* name :
       {"id", "title", "text", "is_null", "rank", "score", "p_z_given_x", "p_y_given_zx",
        "log_p_y_given_zx", "posterior", "retrieval_utility", "credit"}) {
    EXPECT_TRUE(json.at("documents").at(0).contains(name)) << name;
  }
  EXPECT_EQ(keys(json.at("timings_ms")),
            (std::vector<std::string>{"tokenize", "embed", "search", "read", "total"}));
}

TEST(AskJson, GivesNumbersBackBitForBit) {
  const Json json = Json::parse(to_json(sample()));
  EXPECT_EQ(json.at("p_y_given_x").get<double>(), 1.0 / 3.0);
  EXPECT_EQ(json.at("watch").at(0).at("p").get<double>(), 1e-300);
  EXPECT_EQ(json.at("watch").at(0).at("rank").get<int>(), 7);
  EXPECT_EQ(json.at("query").at("masks").at(0).get<int>(), 3);
}

TEST(AskJson, WritesNullForWhatIsNotFiniteOrNotThere) {
  const Json json = Json::parse(to_json(sample()));
  EXPECT_TRUE(json.at("documents").at(0).at("log_p_y_given_zx").is_null());
  EXPECT_TRUE(json.at("baseline").is_null());
  EXPECT_TRUE(json.at("mass_outside_top_k").is_null());
}

TEST(AskJson, WritesTheBaselineAsAnObject) {
  AskResult result = sample();
  result.baseline = BaselineResult{
      .name = "bert", .p_y_given_x = 1e-14, .log_p_y_given_x = -32.2, .top = {{"mersenne", 0.5}}};
  result.mass_outside_top_k = 0.25;
  const Json json = Json::parse(to_json(result));
  EXPECT_EQ(json.at("baseline").at("name"), "bert");
  EXPECT_EQ(json.at("baseline").at("top").at(0).at("word"), "mersenne");
  EXPECT_EQ(json.at("mass_outside_top_k").get<double>(), 0.25);
}

TEST(AskJson, SurvivesTextThatIsNotUtf8) {
  AskResult result = sample();
  result.query.text = "caf\xE9 [[x]]";
  EXPECT_EQ(Json::parse(to_json(result)).at("query").at("text").get<std::string>(),
            "caf\xEF\xBF\xBD [[x]]");
}

}  // namespace
}  // namespace realm
