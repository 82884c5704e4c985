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

class Swaps : public ReadingExamples {
 protected:
  TrainingSentence sentence(const std::string& text, std::vector<PieceSpan> spans,
                            const std::vector<std::string>& names) const {
    TrainingSentence out{ids(text), std::move(spans), {}, 0, text};
    for (const std::string& name : names) out.names.push_back(ids(name));
    std::stable_sort(out.names.begin(), out.names.end(),
                     [](const Pieces& a, const Pieces& b) { return a.size() > b.size(); });
    return out;
  }
  // The part of `pieces` between two words of the sentence; "" stands for its ends.
  Pieces between(const Pieces& pieces, const std::string& from, const std::string& to) const {
    const auto find = [&](const std::string& word, Pieces::const_iterator at) {
      const Pieces needle = ids(word);
      return std::search(at, pieces.end(), needle.begin(), needle.end());
    };
    auto begin = pieces.begin();
    if (!from.empty()) begin = find(from, begin) + static_cast<std::ptrdiff_t>(ids(from).size());
    const auto end = to.empty() ? pieces.end() : find(to, begin);
    return {begin, end};
  }
};

TEST_F(Swaps, ExchangeANameForTheSameOneInSentenceAndPassage) {
  const NameSwapper swapper(vocabulary());
  // x: arda lies in b ##e ##r ##o .   spans: the names
  const TrainingSentence x = sentence("arda lies in bero .", {{0, 1}, {3, 7}}, {"arda", "bero"});
  const std::vector<Pieces> passage = {ids("the town of bero is old ."),
                                       ids("arda was founded in bero ."), ids("a town .")};
  std::set<Pieces> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    const SwappedPair pair = swapper.swap(x, passage, rng);
    const Pieces arda = between(pair.sentence.pieces, "", "lies in");
    const Pieces bero = between(pair.sentence.pieces, "lies in", ".");
    ASSERT_FALSE(arda.empty());
    ASSERT_FALSE(bero.empty());
    EXPECT_EQ(text(pair.passage[0]), "the town of " + text(bero) + " is old .");
    EXPECT_EQ(text(pair.passage[1]), text(arda) + " was founded in " + text(bero) + " .");
    EXPECT_EQ(text(pair.passage[2]), "a town .");
    // The spans still hold the names.
    const auto piece_range = [&](const PieceSpan& span) {
      return Pieces(pair.sentence.pieces.begin() + span.begin,
                    pair.sentence.pieces.begin() + span.end);
    };
    ASSERT_EQ(pair.sentence.spans.size(), 2U);
    EXPECT_EQ(piece_range(pair.sentence.spans[0]), arda);
    EXPECT_EQ(piece_range(pair.sentence.spans[1]), bero);
    seen.insert(arda);
    for (const int32_t id : arda) EXPECT_FALSE(vocabulary().is_special(id));
    EXPECT_FALSE(vocabulary().piece(arda.front()).starts_with("##"));
  }
  EXPECT_GT(seen.size(), 150U);  // names are drawn anew each time
}

TEST_F(Swaps, MoveASpanThatIsNoName) {
  const NameSwapper swapper(vocabulary());
  const TrainingSentence x = sentence("bero is old .", {{5, 6}}, {"bero"});  // "old"
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const SwappedPair pair = swapper.swap(x, {}, rng);
    Rng any(0);
    EXPECT_EQ(text(mask_one_span(pair.sentence, mask(), any).targets), "old");
  }
}

TEST_F(Swaps, GrowASpanThatHoldsAPartOfAName) {
  const NameSwapper swapper(vocabulary());
  // The name is "arda bero" (five pieces), the span its first word alone.
  const TrainingSentence x = sentence("the arda bero is", {{1, 2}}, {"arda bero"});
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const SwappedPair pair = swapper.swap(x, {}, rng);
    // A random name may hold "the" or "is" itself, so the frame is told by its place.
    const Pieces name(pair.sentence.pieces.begin() + 1, pair.sentence.pieces.end() - 1);
    Rng any(0);
    EXPECT_EQ(
        mask_one_span({pair.sentence.pieces, pair.sentence.spans, {}, -1, ""}, mask(), any).targets,
        Pieces(name.begin(), name.begin() + std::min<std::ptrdiff_t>(
                                                10, static_cast<std::ptrdiff_t>(name.size()))));
    EXPECT_EQ(pair.sentence.spans.front().end - pair.sentence.spans.front().begin,
              static_cast<int>(name.size()));
  }
}

TEST_F(Swaps, LeaveAWordThatOnlyBeginsLikeAName) {
  const NameSwapper swapper(vocabulary());
  const TrainingSentence x = sentence("arda lies in ardan .", {{0, 1}}, {"arda"});
  Rng rng(4);
  const SwappedPair pair = swapper.swap(x, {ids("beron is bero .")}, rng);
  EXPECT_EQ(text(between(pair.sentence.pieces, "lies in", ".")), "arda ##n");
  EXPECT_EQ(text(pair.passage.front()), text(ids("beron is bero .")));
}

TEST_F(Swaps, TakeTheLongestNameFirst) {
  const NameSwapper swapper(vocabulary());
  const TrainingSentence x = sentence("arda bero lies in arda .", {{0, 5}}, {"arda", "arda bero"});
  Rng rng(5);
  const SwappedPair pair = swapper.swap(x, {ids("arda is arda bero .")}, rng);
  const Pieces longer = between(pair.sentence.pieces, "", "lies in");
  const Pieces shorter = between(pair.sentence.pieces, "lies in", ".");
  EXPECT_EQ(text(pair.passage.front()), text(shorter) + " is " + text(longer) + " .");
}

TEST_F(Swaps, KeepANumberANumberOfTheSameLength) {
  const NameSwapper swapper(vocabulary());
  const TrainingSentence x = sentence("was founded in 1870 .", {{3, 5}}, {"1870"});
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const Pieces year = between(swapper.swap(x, {}, rng).sentence.pieces, "founded in", ".");
    ASSERT_EQ(year.size(), 2U);
    for (const int32_t id : year) {
      EXPECT_NE(vocabulary().piece(id).find_first_of("0123456789"), std::string::npos);
    }
  }
}

TEST_F(Swaps, RepeatForTheSameSeed) {
  const NameSwapper swapper(vocabulary());
  const TrainingSentence x = sentence("arda lies in bero .", {{0, 1}}, {"arda", "bero"});
  Rng first(6);
  Rng second(6);
  EXPECT_EQ(swapper.swap(x, {}, first).sentence.pieces,
            swapper.swap(x, {}, second).sentence.pieces);
}

}  // namespace
}  // namespace realm
