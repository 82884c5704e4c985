#include "engine/evaluation/answer_match.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

TEST(NormalizeAnswer, AgreesWithTheReferenceOnEveryFixture) {
  const auto fixtures =
      testing::read_json(testing::require_parity("formats/answers.json")).at("normalize");
  ASSERT_GE(fixtures.size(), 52u);
  for (const auto& row : fixtures) {
    EXPECT_EQ(normalize_answer(row[0].get<std::string>()), row[1].get<std::string>()) << row;
  }
}

TEST(NormalizeAnswer, ReadsInvalidUtf8AsTheReplacementCharacter) {
  EXPECT_EQ(normalize_answer("The caf\xE9"), "caf\xEF\xBF\xBD");
}

TEST(ExactMatch, AgreesWithTheReferenceOnEveryFixture) {
  const auto fixtures =
      testing::read_json(testing::require_parity("formats/answers.json")).at("exact_match");
  ASSERT_GE(fixtures.size(), 11u);
  for (const auto& row : fixtures) {
    EXPECT_EQ(exact_match(row[0].get<std::string>(), row[1].get<std::string>()), row[2].get<bool>())
        << row;
  }
}

TEST(ExactMatchAny, IsTrueWhenOneAnswerAgrees) {
  const std::vector<std::string> answers = {"Vienna", "Wien"};
  EXPECT_TRUE(exact_match_any("the wien!", answers));
  EXPECT_FALSE(exact_match_any("Graz", answers));
  EXPECT_FALSE(exact_match_any("Graz", {}));
}

TEST(TokenF1, IsTheHarmonicMeanOfPrecisionAndRecall) {
  // "cat sat on mat" against "cat on red mat": 3 words in common of 4 and of 4.
  EXPECT_DOUBLE_EQ(token_f1("The cat sat on the mat", "a cat on a red mat"), 0.75);
  // 1 of 2 and 1 of 1: 2 * 0.5 * 1 / 1.5.
  EXPECT_DOUBLE_EQ(token_f1("Pierre Fermat", "Fermat"), 2.0 / 3.0);
}

TEST(TokenF1, CountsARepeatedWordAsOftenAsBothHaveIt) {
  // Two of the three predicted are taken: precision 2/3, recall 1.
  EXPECT_DOUBLE_EQ(token_f1("so so so", "so so"), 0.8);
}

TEST(TokenF1, TakesTwoEmptyAnswersAsEqualAndOneAsWrong) {
  EXPECT_EQ(token_f1("the", "..."), 1);
  EXPECT_EQ(token_f1("", "Paris"), 0);
  EXPECT_EQ(token_f1("London", "Paris"), 0);
}

TEST(RegexMatch, AgreesWithTheReferenceOnEveryFixture) {
  const auto fixtures =
      testing::read_json(testing::require_parity("formats/answers.json")).at("regex_match");
  ASSERT_GE(fixtures.size(), 12u);
  for (const auto& row : fixtures) {
    EXPECT_EQ(regex_match(row[0].get<std::string>(), row[1].get<std::string>()), row[2].get<bool>())
        << row;
  }
}

}  // namespace
}  // namespace realm
