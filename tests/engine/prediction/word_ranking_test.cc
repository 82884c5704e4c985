#include "engine/prediction/word_ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/rng.h"
#include "engine/prediction/marginal.h"

namespace realm {
namespace {

using Word = std::vector<int32_t>;

// log p(piece | z, x) tables of random distributions, and p(z|x).
struct Mixture {
  std::vector<float> log_p;
  std::vector<double> log_p_z;
  int documents, masks, vocabulary;

  Mixture(int k, int m, int v, uint64_t seed, double spread)
      : documents(k), masks(m), vocabulary(v) {
    Rng rng(seed);
    std::vector<double> scores;
    for (int row = 0; row < k * m; ++row) {
      std::vector<double> logits;
      for (int i = 0; i < v; ++i) logits.push_back(spread * rng.uniform());
      for (const double value : log_softmax(logits)) log_p.push_back(static_cast<float>(value));
    }
    for (int i = 0; i < k; ++i) scores.push_back(3.0 * rng.uniform());
    log_p_z = log_softmax(scores);
  }
  PieceTable table() const { return {log_p, documents, masks, vocabulary}; }

  // By the definition: the sum over documents of p(z|x) times the product over the masks.
  double marginal(const Word& word) const {
    double p = 0;
    for (int k = 0; k < documents; ++k) {
      double log_product = 0;
      for (int m = 0; m < masks; ++m) {
        const int row = (k * masks + m) * vocabulary;
        log_product +=
            static_cast<double>(log_p[static_cast<size_t>(row + word[static_cast<size_t>(m)])]);
      }
      p += std::exp(log_p_z[static_cast<size_t>(k)] + log_product);
    }
    return p;
  }

  // Every combination of pieces with its marginal, the best first.
  std::vector<std::pair<double, Word>> every_word() const {
    std::vector<std::pair<double, Word>> out;
    Word word(static_cast<size_t>(masks), 0);
    for (;;) {
      out.emplace_back(marginal(word), word);
      size_t m = word.size();
      while (m > 0 && ++word[m - 1] == vocabulary) word[--m] = 0;
      if (m == 0) break;
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    return out;
  }
};

TEST(TopWords, OfOneMaskAreTheBestOfTheWholeVocabulary) {
  const Mixture mixture(4, 1, 50, 11, 6.0);
  const auto expected = mixture.every_word();
  const std::vector<RankedWord> words = top_words(mixture.table(), mixture.log_p_z, 10);
  ASSERT_EQ(words.size(), 10U);
  for (size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(words[i].pieces, expected[i].second) << i;
    EXPECT_NEAR(std::exp(words[i].log_p), expected[i].first, 1e-12) << i;
  }
}

TEST(TopWords, OfOneMaskSumToOneOverTheVocabulary) {
  const Mixture mixture(3, 1, 20, 5, 4.0);
  const std::vector<RankedWord> words = top_words(mixture.table(), mixture.log_p_z, 1000);
  ASSERT_EQ(words.size(), 20U);
  double total = 0;
  for (const RankedWord& word : words) total += std::exp(word.log_p);
  EXPECT_NEAR(total, 1.0, 1e-5);  // of float32 tables
}

TEST(TopWords, OfOneDocumentAreTheBestOfAllCombinations) {
  const Mixture mixture(1, 3, 9, 21, 5.0);
  const auto expected = mixture.every_word();
  const std::vector<RankedWord> words = top_words(mixture.table(), mixture.log_p_z, 25);
  ASSERT_EQ(words.size(), 25U);
  for (size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(words[i].pieces, expected[i].second) << i;
    EXPECT_NEAR(std::exp(words[i].log_p), expected[i].first, 1e-12) << i;
  }
}

// Over several seeds: each probability is exact, the union of the documents' best is there, and a
// word that is left out keeps below the bound that the header gives.
TEST(TopWords, OfSeveralMasksAreTheUnionOfTheDocumentsBest) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Mixture mixture(3, 2, 12, seed, 7.0);
    const int count = 5;
    std::vector<Word> candidates;
    double bound = 0;  // the largest count-th best probability of a document
    for (int k = 0; k < mixture.documents; ++k) {
      Mixture alone = mixture;
      alone.documents = 1;
      alone.log_p_z = {0.0};
      const auto begin = mixture.log_p.begin() + k * mixture.masks * mixture.vocabulary;
      alone.log_p.assign(begin, begin + mixture.masks * mixture.vocabulary);
      const auto best = alone.every_word();
      for (int i = 0; i < count; ++i) candidates.push_back(best[static_cast<size_t>(i)].second);
      bound = std::max(bound, best[count - 1].first);
    }
    std::vector<std::pair<double, Word>> expected;
    for (const auto& entry : mixture.every_word()) {
      const bool is_candidate =
          std::find(candidates.begin(), candidates.end(), entry.second) != candidates.end();
      if (is_candidate) {
        expected.push_back(entry);
      } else {
        EXPECT_LE(entry.first, bound);
      }
    }
    const std::vector<RankedWord> words = top_words(mixture.table(), mixture.log_p_z, count);
    ASSERT_EQ(words.size(), static_cast<size_t>(count));
    for (size_t i = 0; i < words.size(); ++i) {
      EXPECT_EQ(words[i].pieces, expected[i].second) << "seed " << seed << " place " << i;
      EXPECT_NEAR(std::exp(words[i].log_p), expected[i].first, 1e-13);
    }
  }
}

TEST(TopWords, SplitTheirMarginalByDocument) {
  const Mixture mixture(4, 2, 8, 3, 4.0);
  for (const RankedWord& word : top_words(mixture.table(), mixture.log_p_z, 6)) {
    ASSERT_EQ(word.log_p_document.size(), 4U);
    double total = 0;
    for (size_t k = 0; k < 4; ++k) total += std::exp(mixture.log_p_z[k] + word.log_p_document[k]);
    EXPECT_NEAR(total, std::exp(word.log_p), 1e-15);
    EXPECT_EQ(word.log_p_document, word_log_p(mixture.table(), word.pieces));
  }
}

TEST(TopWords, PutTheSmallerPieceFirstWhereTheyTie) {
  // Pieces 1 and 3 are equally likely, as are 0 and 2.
  const std::vector<float> log_p = {-2.0F, -1.0F, -2.0F, -1.0F};
  const std::vector<RankedWord> words = top_words({log_p, 1, 1, 4}, std::vector<double>{0.0}, 4);
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(words[0].pieces, Word{1});
  EXPECT_EQ(words[1].pieces, Word{3});
  EXPECT_EQ(words[2].pieces, Word{0});
  EXPECT_EQ(words[3].pieces, Word{2});

  const std::vector<float> two_masks = {-1.0F, -1.0F, -1.0F, -1.0F};
  const std::vector<RankedWord> pairs =
      top_words({two_masks, 1, 2, 2}, std::vector<double>{0.0}, 4);
  ASSERT_EQ(pairs.size(), 4U);
  EXPECT_EQ(pairs[0].pieces, (Word{0, 0}));
  EXPECT_EQ(pairs[1].pieces, (Word{0, 1}));
  EXPECT_EQ(pairs[2].pieces, (Word{1, 0}));
  EXPECT_EQ(pairs[3].pieces, (Word{1, 1}));
}

TEST(TopWords, AreFewerWhereThereAreNoMore) {
  const Mixture mixture(2, 2, 3, 9, 2.0);
  EXPECT_EQ(top_words(mixture.table(), mixture.log_p_z, 100).size(), 9U);  // all 3 x 3 combinations
  EXPECT_TRUE(top_words(mixture.table(), mixture.log_p_z, 0).empty());
}

TEST(TopWords, ListWordsOfNoProbabilityWithoutNan) {
  const float never = -std::numeric_limits<float>::infinity();
  const std::vector<float> log_p = {0.0F, never, never, 0.0F, never, never};
  const std::vector<RankedWord> words =
      top_words({log_p, 2, 1, 3}, log_softmax(std::vector<double>{1.0, 2.0}), 3);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[0].pieces, Word{0});
  EXPECT_NEAR(words[0].log_p, 0.0, 1e-12);
  EXPECT_EQ(words[1].log_p, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(words[1].pieces, Word{1});
  EXPECT_EQ(words[2].pieces, Word{2});
}

TEST(PieceRank, CountsThePiecesWithAHigherMarginal) {
  const Mixture mixture(3, 1, 30, 17, 5.0);
  const auto order = mixture.every_word();
  for (size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(piece_rank(mixture.table(), mixture.log_p_z, order[i].second.front()),
              static_cast<int64_t>(i) + 1);
  }
}

TEST(PieceRank, IsSharedByPiecesThatTie) {
  const std::vector<float> log_p = {-2.0F, -1.0F, -2.0F, -1.0F};
  const PieceTable table{log_p, 1, 1, 4};
  EXPECT_EQ(piece_rank(table, std::vector<double>{0.0}, 3), 1);
  EXPECT_EQ(piece_rank(table, std::vector<double>{0.0}, 0), 3);
}

}  // namespace
}  // namespace realm
