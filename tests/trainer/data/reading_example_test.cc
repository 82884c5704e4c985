#include "trainer/data/reading_example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/trainer/data/small_world.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using testing::letters_and;
using testing::text_of;

class ReadingExamples : public ::testing::Test {
 protected:
  Pieces ids(const std::string& text) const { return tokenizer_->token_ids(text); }
  std::string text(const Pieces& pieces) const { return text_of(*tokenizer_, pieces); }
  const Vocabulary& vocabulary() const { return tokenizer_->vocabulary(); }
  int32_t mask() const { return vocabulary().special().mask; }

  // "arda" is one piece, "bero" and "cato" are not: b ##e ##r ##o.
  std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      letters_and({"the", "town", "of", "lies", "in", "is", "a", "old", "was", "founded", "arda",
                   "18", "##70"});
};

TEST_F(ReadingExamples, MaskEveryPieceOfASpan) {
  const TrainingSentence sentence{ids("the town of bero is old"), {{3, 7}}, {}, -1, ""};
  Rng rng(1);
  const MaskedSentence masked = mask_one_span(sentence, mask(), rng);
  EXPECT_EQ(text(masked.pieces), "the town of [MASK] [MASK] [MASK] [MASK] is old");
  EXPECT_THAT(masked.positions, ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(text(masked.targets), "b ##e ##r ##o");
}

TEST_F(ReadingExamples, MaskTheSpansEquallyOften) {
  const TrainingSentence sentence{
      ids("the town of arda is old"), {{1, 2}, {3, 4}, {5, 6}}, {}, -1, ""};
  Rng rng(2);
  std::map<std::string, int> counts;
  constexpr int kDraws = 3000;
  for (int i = 0; i < kDraws; ++i) ++counts[text(mask_one_span(sentence, mask(), rng).targets)];
  ASSERT_EQ(counts.size(), 3U);
  // Binomial with n 3000 and p 1/3: a standard deviation of 26.
  for (const auto& [span, count] : counts) EXPECT_NEAR(count, 1000, 130) << span;
}

TEST_F(ReadingExamples, ScoreAtMostTenPiecesOfASpanButMaskThemAll) {
  const TrainingSentence sentence{ids("a abcdefghijklmn a"), {{1, 15}}, {}, -1, ""};
  ASSERT_EQ(sentence.pieces.size(), 16U);
  Rng rng(3);
  const MaskedSentence masked = mask_one_span(sentence, mask(), rng);
  EXPECT_EQ(masked.targets.size(), 10U);
  EXPECT_EQ(masked.positions.size(), 10U);
  EXPECT_EQ(std::count(masked.pieces.begin(), masked.pieces.end(), mask()), 14);
}

TEST_F(ReadingExamples, FindWholeWordsOnly) {
  const Pieces number = ids("18");
  EXPECT_TRUE(contains_words(ids("was 18 old"), number, vocabulary()));
  EXPECT_TRUE(contains_words(ids("was 18"), number, vocabulary()));
  EXPECT_FALSE(contains_words(ids("was 1870"), number, vocabulary()));
  EXPECT_TRUE(contains_words(ids("was 1870 or 18"), number, vocabulary()));
  EXPECT_TRUE(contains_words(ids("in bero ."), ids("bero"), vocabulary()));
  EXPECT_FALSE(contains_words(ids("in beron ."), ids("bero"), vocabulary()));
  EXPECT_FALSE(contains_words({}, number, vocabulary()));
  EXPECT_FALSE(contains_words(ids("a"), {}, vocabulary()));
}

class Crops : public ReadingExamples {
 protected:
  std::vector<std::string> crop(const std::string& answer, int keep, uint64_t seed) const {
    Rng rng(seed);
    std::vector<std::string> out;
    for (const Pieces& sentence : crop_passage(passage_, ids(answer), keep, vocabulary(), rng))
      out.push_back(text(sentence));
    return out;
  }
  std::vector<Pieces> passage_ = {ids("town in 1870"), ids("arda is old"), ids("was 18 in"),
                                  ids("arda of 18"), ids("a a")};
};

TEST_F(Crops, KeepTheSentenceWithTheAnswer) {
  std::set<std::string> kept;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const auto sentences = crop("18", 1, seed);
    ASSERT_EQ(sentences.size(), 1U);
    kept.insert(sentences.front());
  }
  // Both that hold it, and never the one of 1870.
  EXPECT_THAT(kept, ElementsAre("arda of 18", "was 18 in"));
}

TEST_F(Crops, KeepTheOrderOfThePassage) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const auto sentences = crop("old", 2, seed);
    ASSERT_EQ(sentences.size(), 2U);
    const std::vector<std::string> order = {"town in 18 ##70", "arda is old", "was 18 in",
                                            "arda of 18", "a a"};
    const auto place = [&](const std::string& s) {
      return std::find(order.begin(), order.end(), s) - order.begin();
    };
    EXPECT_LT(place(sentences[0]), place(sentences[1]));
    EXPECT_TRUE(sentences[0] == "arda is old" || sentences[1] == "arda is old");
  }
}

TEST_F(Crops, AreRandomWhereNoSentenceHoldsTheAnswer) {
  std::set<std::string> kept;
  for (uint64_t seed = 0; seed < 200; ++seed) kept.insert(crop("founded", 1, seed).front());
  EXPECT_EQ(kept.size(), 5U);
}

TEST_F(Crops, LeaveAShortPassageWhole) {
  EXPECT_EQ(crop("18", 5, 1).size(), 5U);
  EXPECT_EQ(crop("18", 1000, 1).size(), 5U);
}

TEST_F(ReadingExamples, FindWholeWordMentions) {
  // arda, ardan (arda ##n) and arda again.
  EXPECT_THAT(mentions(ids("arda in ardan of arda"), ids("arda"), vocabulary()), ElementsAre(0, 5));
  EXPECT_THAT(mentions(ids("arda"), {}, vocabulary()), ElementsAre());
}

TEST_F(ReadingExamples, MaskTwoSpansInOrderAndNeverTouchingOnes) {
  // the town of arda is old: the spans "town", "of" (touches both neighbours) and "is".
  const TrainingSentence sentence{
      ids("the town of arda is old"), {{1, 2}, {2, 3}, {4, 5}}, {}, -1, ""};
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const MaskedSentence masked = mask_two_spans(sentence, mask(), rng);
    ASSERT_EQ(masked.positions.size(), 2U);
    EXPECT_LT(masked.positions[0], masked.positions[1]);
    seen.insert(text(masked.pieces));
  }
  EXPECT_THAT(seen,
              ElementsAre("the [MASK] of arda [MASK] old", "the town [MASK] arda [MASK] old"));
}

TEST_F(ReadingExamples, MaskOneSpanWhereThereIsNoSecond) {
  const TrainingSentence sentence{ids("the town of arda is old"), {{3, 4}}, {}, -1, ""};
  Rng rng(1);
  EXPECT_EQ(text(mask_two_spans(sentence, mask(), rng).pieces), "the town of [MASK] is old");
}

}  // namespace
}  // namespace realm
