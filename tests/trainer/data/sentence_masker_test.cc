#include "trainer/data/sentence_masker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "engine/base/error.h"
#include "tests/trainer/data/small_world.h"

namespace realm {
namespace {

using testing::letters_and;

class SentenceMaskers : public ::testing::Test {
 protected:
  const Vocabulary& vocabulary() const { return tokenizer_->vocabulary(); }
  int32_t mask_id() const { return vocabulary().special().mask; }
  TrainingSentence sentence(const std::string& text) const {
    return {tokenizer_->token_ids(text), {}, {}, -1, text};
  }
  // So many words of one piece.
  TrainingSentence short_words(int count) const {
    std::string text;
    for (int i = 0; i < count; ++i) text += i % 2 == 0 ? "the " : "town ";
    return sentence(text);
  }
  std::unique_ptr<const SentenceMasker> masker(Masking masking) const {
    return make_sentence_masker(masking, vocabulary());
  }
  // What holds under every random masking.
  void expect_consistent(const TrainingSentence& sentence, const MaskedSentence& masked) const {
    ASSERT_EQ(masked.pieces.size(), sentence.pieces.size());
    ASSERT_EQ(masked.positions.size(), masked.targets.size());
    ASSERT_FALSE(masked.positions.empty());
    const std::set<int> chosen(masked.positions.begin(), masked.positions.end());
    ASSERT_EQ(chosen.size(), masked.positions.size());
    EXPECT_TRUE(std::is_sorted(masked.positions.begin(), masked.positions.end()));
    for (size_t i = 0; i < masked.positions.size(); ++i)
      EXPECT_EQ(masked.targets[i], sentence.pieces.at(static_cast<size_t>(masked.positions[i])));
    for (size_t i = 0; i < masked.pieces.size(); ++i) {
      if (!chosen.contains(static_cast<int>(i))) {
        EXPECT_EQ(masked.pieces[i], sentence.pieces[i]);
      }
    }
  }

  std::shared_ptr<const WordPieceTokenizer> tokenizer_ = letters_and({"the", "town", "is", "old"});
};

TEST_F(SentenceMaskers, SalientMasksAreThoseOfMaskOneSpanDrawForDraw) {
  TrainingSentence text = sentence("the town is old");
  text.spans = {{1, 2}, {3, 4}, {0, 1}};
  const auto salient = masker(Masking::kSalient);
  EXPECT_TRUE(salient->needs_spans());
  Rng one(7), other(7);
  for (int i = 0; i < 50; ++i) {
    const MaskedSentence masked = salient->mask(text, one);
    const MaskedSentence expected = mask_one_span(text, mask_id(), other);
    EXPECT_EQ(masked.pieces, expected.pieces);
    EXPECT_EQ(masked.positions, expected.positions);
    EXPECT_EQ(salient->mask_two(text, one).positions,
              mask_two_spans(text, mask_id(), other).positions);
  }
  EXPECT_EQ(one.state(), other.state());
}

TEST_F(SentenceMaskers, TheBudgetIsFifteenPercentRounded) {
  EXPECT_EQ(masking_budget(1), 1);
  EXPECT_EQ(masking_budget(9), 1);   // 1.35
  EXPECT_EQ(masking_budget(11), 2);  // 1.65
  EXPECT_EQ(masking_budget(40), 6);
  EXPECT_EQ(masking_budget(62), 9);  // 9.3
}

// 40 pieces: 6 choices a draw, each piece with 6/40. 20000 draws give 120000 choices; the bounds
// are five standard deviations: 5 sqrt(120000 * 0.8 * 0.2) = 693 and 5 sqrt(120000 * 0.1 * 0.9) =
// 520; of one piece 5 sqrt(20000 * 0.15 * 0.85) = 252.
TEST_F(SentenceMaskers, RandomTokensAreBerts) {
  const TrainingSentence text = short_words(40);
  const auto tokens = masker(Masking::kRandomTokens);
  EXPECT_FALSE(tokens->needs_spans());
  Rng rng(11);
  constexpr int kDraws = 20000;
  int masks = 0, kept = 0, others = 0;
  std::vector<int> chosen(40, 0);
  std::set<int32_t> replacements;
  for (int draw = 0; draw < kDraws; ++draw) {
    const MaskedSentence masked = tokens->mask(text, rng);
    if (draw < 200) expect_consistent(text, masked);
    ASSERT_EQ(masked.positions.size(), 6U);
    for (size_t i = 0; i < 6; ++i) {
      const auto at = static_cast<size_t>(masked.positions[i]);
      ++chosen[at];
      const int32_t now = masked.pieces[at];
      if (now == mask_id()) {
        ++masks;
      } else if (now == masked.targets[i]) {
        ++kept;
      } else {
        ++others;
        replacements.insert(now);
      }
    }
  }
  // A random piece is the same one by chance in 1 of the ordinary pieces of the vocabulary.
  int ordinary = 0;
  for (int32_t id = 0; id < vocabulary().size(); ++id)
    ordinary += vocabulary().is_special(id) ? 0 : 1;
  EXPECT_NEAR(masks, 96000, 693);
  EXPECT_NEAR(others, 12000.0 * (ordinary - 1) / ordinary, 520);
  EXPECT_NEAR(kept, 12000.0 * (ordinary + 1) / ordinary, 520);
  for (const int count : chosen) EXPECT_NEAR(count, 3000, 252);
  EXPECT_EQ(replacements.size(), static_cast<size_t>(ordinary));
  for (const int32_t id : replacements) EXPECT_FALSE(vocabulary().is_special(id));
}

// P(l) = 0.2 * 0.8^(l-1) / (1 - 0.8^10): P(1) = 0.22406, P(10) = 0.03007; the mean is
// 1/p - 10 q^10 / (1 - q^10) = 5 - 1.2029 = 3.7971, SpanBERT's 3.8. Its standard deviation is 2.55,
// so that of the mean of 40000 is 0.0128; the bounds are five of them.
TEST_F(SentenceMaskers, SpanLengthsAreSpanBerts) {
  Rng rng(3);
  constexpr int kDraws = 40000;
  std::array<int, 11> counts{};
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const int length = draw_span_length(rng);
    ASSERT_GE(length, 1);
    ASSERT_LE(length, 10);
    ++counts[static_cast<size_t>(length)];
    sum += length;
  }
  EXPECT_NEAR(sum / kDraws, 3.7971, 0.064);
  EXPECT_NEAR(counts[1], 0.22406 * kDraws, 417);  // 5 sqrt(40000 * 0.224 * 0.776)
  EXPECT_NEAR(counts[10], 0.03007 * kDraws, 171);
}

// 100 words of one piece: exactly 15 are hidden, whatever the lengths. Whole spans become [MASK],
// random or stay: neighbours have the same fate far more often than tokens for themselves would.
TEST_F(SentenceMaskers, RandomSpansFillTheBudgetAndShareTheirFate) {
  const TrainingSentence text = short_words(100);
  const auto spans = masker(Masking::kRandomSpans);
  Rng rng(5);
  int64_t pairs = 0, neighbours = 0, masks = 0, all = 0;
  for (int draw = 0; draw < 2000; ++draw) {
    const MaskedSentence masked = spans->mask(text, rng);
    if (draw < 200) expect_consistent(text, masked);
    ASSERT_EQ(masked.positions.size(), 15U);
    for (size_t i = 0; i < 15; ++i) {
      ++all;
      const auto is_mask = [&](size_t k) {
        return masked.pieces[static_cast<size_t>(masked.positions[k])] == mask_id();
      };
      masks += is_mask(i) ? 1 : 0;
      if (i == 0 || masked.positions[i] != masked.positions[i - 1] + 1) continue;
      ++neighbours;
      pairs += is_mask(i) == is_mask(i - 1) ? 1 : 0;
    }
  }
  // Independent neighbours would agree in 0.8^2 + 0.2^2 = 68 %, those of one span always. Spans of
  // mean length 3.8 hide 2.8 neighbours of each; tokens alone would have 15 * 14/99 = 2.1 a draw.
  EXPECT_GT(static_cast<double>(pairs) / static_cast<double>(neighbours), 0.93);
  EXPECT_GT(static_cast<double>(neighbours) / 2000, 8.0);
  // About 2000 * 15 / 3.8 = 7900 spans are drawn or more: 5 sqrt(0.16 / 7900) = 0.023, and spans
  // differ in length.
  EXPECT_NEAR(static_cast<double>(masks) / static_cast<double>(all), 0.8, 0.04);
}

TEST_F(SentenceMaskers, RandomSpansHideWholeWords) {
  // bero: b ##e ##r ##o, 4 pieces. 8 words, 20 pieces, a budget of 3: no long word fits.
  const TrainingSentence text = sentence("the bero town bero is bero old bero");
  ASSERT_EQ(text.pieces.size(), 20U);
  const auto spans = masker(Masking::kRandomSpans);
  Rng rng(9);
  for (int draw = 0; draw < 300; ++draw) {
    const MaskedSentence masked = spans->mask(text, rng);
    expect_consistent(text, masked);
    EXPECT_EQ(masked.positions.size(), 3U);
    for (const int position : masked.positions) EXPECT_EQ(position % 5, 0);
  }
  // Where every word is too long, one is hidden all the same.
  const TrainingSentence longs = sentence("bero bero");
  for (int draw = 0; draw < 50; ++draw) {
    const MaskedSentence masked = spans->mask(longs, rng);
    EXPECT_THAT(masked.positions, ::testing::AnyOf(::testing::ElementsAre(0, 1, 2, 3),
                                                   ::testing::ElementsAre(4, 5, 6, 7)));
  }
}

TEST_F(SentenceMaskers, RandomMasksNeedNoSpansAndRepeatWithTheSeed) {
  const TrainingSentence text = short_words(30);
  for (const Masking masking : {Masking::kRandomTokens, Masking::kRandomSpans}) {
    const auto random = masker(masking);
    Rng one(4), other(4);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(random->mask(text, one).pieces, random->mask_two(text, other).pieces);
    }
    const TrainingSentence single = short_words(1);
    EXPECT_THAT(random->mask(single, one).positions, ::testing::ElementsAre(0));
  }
}

}  // namespace
}  // namespace realm
