#include "trainer/data/name_swapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/trainer/data/small_world.h"
#include "trainer/data/reading_example.h"

namespace realm {
namespace {

using testing::letters_and;
using testing::text_of;

class Swaps : public ::testing::Test {
 protected:
  Pieces ids(const std::string& text) const { return tokenizer_->token_ids(text); }
  std::string text(const Pieces& pieces) const { return text_of(*tokenizer_, pieces); }
  const Vocabulary& vocabulary() const { return tokenizer_->vocabulary(); }
  int32_t mask() const { return vocabulary().special().mask; }

  NameSwapper swapper() const { return {vocabulary(), {}}; }
  // "arda" is one piece, "bero" and "cato" are not: b ##e ##r ##o.
  std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      letters_and({"the", "town", "of", "lies", "in", "is", "a", "old", "was", "founded", "arda",
                   "18", "##70"});
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
  const NameSwapper swapper = this->swapper();
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
  const NameSwapper swapper = this->swapper();
  const TrainingSentence x = sentence("bero is old .", {{5, 6}}, {"bero"});  // "old"
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const SwappedPair pair = swapper.swap(x, {}, rng);
    Rng any(0);
    EXPECT_EQ(text(mask_one_span(pair.sentence, mask(), any).targets), "old");
  }
}

TEST_F(Swaps, GrowASpanThatHoldsAPartOfAName) {
  const NameSwapper swapper = this->swapper();
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
  const NameSwapper swapper = this->swapper();
  const TrainingSentence x = sentence("arda lies in ardan .", {{0, 1}}, {"arda"});
  Rng rng(4);
  const SwappedPair pair = swapper.swap(x, {ids("beron is bero .")}, rng);
  EXPECT_EQ(text(between(pair.sentence.pieces, "lies in", ".")), "arda ##n");
  EXPECT_EQ(text(pair.passage.front()), text(ids("beron is bero .")));
}

TEST_F(Swaps, TakeTheLongestNameFirst) {
  const NameSwapper swapper = this->swapper();
  const TrainingSentence x = sentence("arda bero lies in arda .", {{0, 5}}, {"arda", "arda bero"});
  Rng rng(5);
  const SwappedPair pair = swapper.swap(x, {ids("arda is arda bero .")}, rng);
  const Pieces longer = between(pair.sentence.pieces, "", "lies in");
  const Pieces shorter = between(pair.sentence.pieces, "lies in", ".");
  EXPECT_EQ(text(pair.passage.front()), text(shorter) + " is " + text(longer) + " .");
}

TEST_F(Swaps, KeepANumberANumberOfTheSameLength) {
  const NameSwapper swapper = this->swapper();
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
  const NameSwapper swapper = this->swapper();
  const TrainingSentence x = sentence("arda lies in bero .", {{0, 1}}, {"arda", "bero"});
  Rng first(6);
  Rng second(6);
  EXPECT_EQ(swapper.swap(x, {}, first).sentence.pieces,
            swapper.swap(x, {}, second).sentence.pieces);
}

TEST_F(Swaps, GiveTheSentenceItsNewNames) {
  const NameSwapper swapper = this->swapper();
  const TrainingSentence x = sentence("arda lies in bero .", {{0, 1}}, {"arda", "bero"});
  Rng rng(7);
  const SwappedPair pair = swapper.swap(x, {}, rng);
  // "bero" has more pieces, so it stands first.
  ASSERT_EQ(pair.sentence.names.size(), 2U);
  EXPECT_EQ(text(pair.sentence.names[0]), text(between(pair.sentence.pieces, "lies in", ".")));
  EXPECT_EQ(text(pair.sentence.names[1]), text(between(pair.sentence.pieces, "", "lies in")));
}

TEST_F(Swaps, TakeHalfOfTheNamesFromTheTextAndMakeOthersOfWhatStandsInNames) {
  TrainingText x;
  x.sentences = {sentence("arda is in the town .", {{0, 1}}, {"arda"}),
                 sentence("old cato lies in arda .", {{0, 1}}, {"old cato"})};
  const NameSwapper swapper(vocabulary(), x);
  const std::set<std::string> only_outside = {"is", "in", "the", "town", "lies"};
  int natural = 0;
  constexpr int kDraws = 400;
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    Rng rng(seed);
    const Pieces name =
        swapper.swap(sentence("bero is a", {{0, 4}}, {"bero"}), {}, rng).sentence.names.front();
    natural += text(name) == "arda" ? 1 : 0;  // the one name of the text with one word
    for (const int32_t id : name) EXPECT_FALSE(only_outside.contains(vocabulary().piece(id)));
  }
  // Binomial with n 400 and p 1/2 (and a little, as random pieces may give "arda" too): sd 10.
  EXPECT_NEAR(natural, 205, 50);
}

}  // namespace
}  // namespace realm
