#include "engine/text/salient_span_masker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SalientSpanMaskerTest : public ::testing::Test {
 protected:
  std::optional<MaskedExample> mask_words(std::string_view text,
                                          std::vector<std::string_view> words, uint64_t seed = 1,
                                          SequenceLengths lengths = {},
                                          SalientSpanMaskerOptions options = {}) const {
    std::vector<ByteSpan> spans;
    for (const std::string_view word : words) {
      const size_t begin = text.find(word);
      spans.push_back({begin, begin + word.size()});
    }
    Rng rng(seed);
    return SalientSpanMasker(tokenizer_, lengths, options).mask(text, spans, rng);
  }

  std::vector<std::string> pieces(const std::vector<int32_t>& ids) const {
    std::vector<std::string> names;
    for (const int32_t id : ids) names.push_back(tokenizer_->vocabulary().piece(id));
    return names;
  }

  const std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      std::make_shared<const WordPieceTokenizer>(std::make_shared<const Vocabulary>(
          std::vector<std::string>{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "b",
                                   "c", "d", "e", "f", "."}));
};

TEST_F(SalientSpanMaskerTest, HidesEveryPieceOfTheSpanAndNothingElse) {
  const auto example = mask_words("b Aaa c.", {"Aaa"});
  ASSERT_TRUE(example);
  EXPECT_THAT(pieces(example->x), ElementsAre("b", "[MASK]", "[MASK]", "[MASK]", "c", "."));
  EXPECT_THAT(example->masks, ElementsAre(1, 2, 3));
  EXPECT_THAT(pieces(example->targets), ElementsAre("a", "##a", "##a"));
}

TEST_F(SalientSpanMaskerTest, TakesTheSentenceOfTheSpanAlone) {
  const std::string text = "B c. D e. F b.";
  const auto example = mask_words(text, {"e"});
  ASSERT_TRUE(example);
  EXPECT_THAT(pieces(example->x), ElementsAre("d", "[MASK]", "."));
  EXPECT_EQ(text.substr(example->sentence.begin, example->sentence.size()), "D e.");
  EXPECT_EQ(text.substr(example->span.begin, example->span.size()), "e");
}

TEST_F(SalientSpanMaskerTest, APieceOnlyPartlyInTheSpanStays) {
  const auto example = mask_words("b caa d.", {" "}, 1);
  EXPECT_FALSE(example);  // a span of no piece
  Rng rng(1);
  const SalientSpanMasker masker(tokenizer_, {});
  const std::vector<ByteSpan> inside{{1, 3}};
  const auto parted = masker.mask("aaaa", inside, rng);  // pieces a ##a ##a ##a
  ASSERT_TRUE(parted);
  EXPECT_THAT(parted->masks, ElementsAre(1, 2));
}

TEST_F(SalientSpanMaskerTest, DropsSpansThatCrossSentences) {
  EXPECT_FALSE(mask_words("B c. D e.", {"c. D"}));
}

TEST_F(SalientSpanMaskerTest, ScoresAtMostSoManyMasks) {
  const auto example = mask_words("b aaaaa c.", {"aaaaa"}, 1, {}, {.max_masks = 2});
  ASSERT_TRUE(example);
  EXPECT_THAT(example->masks, ElementsAre(1, 2));
  EXPECT_THAT(example->targets, SizeIs(2));
  EXPECT_THAT(pieces(example->x),
              ElementsAre("b", "[MASK]", "[MASK]", "[MASK]", "[MASK]", "[MASK]", "c", "."));
}

TEST_F(SalientSpanMaskerTest, LeavesOutSpansBehindTheQueryLength) {
  EXPECT_TRUE(
      mask_words("a b c d", {"c"}, 1, {.query = 5}));  // room for three pieces: index 2 is in
  EXPECT_FALSE(mask_words("a b c d", {"d"}, 1, {.query = 5}));
  EXPECT_FALSE(mask_words("a b c d", {"c d"}, 1, {.query = 5}));
}

TEST_F(SalientSpanMaskerTest, DoesNotHideWordsThatTheVocabularyDoesNotKnow) {
  EXPECT_FALSE(mask_words("a zzz b", {"zzz"}));
}

TEST_F(SalientSpanMaskerTest, ChoosesAmongTheOtherSpansWhenOneCannotBeHidden) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto example = mask_words("a zzz b", {"zzz", "b"}, seed);
    ASSERT_TRUE(example);
    EXPECT_THAT(example->masks, ElementsAre(2));
  }
}

TEST_F(SalientSpanMaskerTest, ChoosesSpansNotSentencesEquallyOften) {
  // Three spans in the first sentence, one in the second, and one of the three given twice.
  std::map<std::string, int> counts;
  const std::string text = "A b c d. E f.";
  Rng rng(3);
  const SalientSpanMasker masker(tokenizer_, {});
  const std::vector<ByteSpan> spans{{2, 3}, {4, 5}, {6, 7}, {11, 12}, {2, 3}};
  for (int i = 0; i < 4000; ++i) {
    const auto example = masker.mask(text, spans, rng);
    ASSERT_TRUE(example);
    ++counts[text.substr(example->span.begin, example->span.size())];
  }
  // Expected 1000 each with a standard deviation of 27.
  ASSERT_THAT(counts, SizeIs(4));
  for (const auto& [word, count] : counts) EXPECT_NEAR(count, 1000, 140) << word;
}

TEST_F(SalientSpanMaskerTest, TakesMarkedText) {
  Rng rng(1);
  const auto example =
      SalientSpanMasker(tokenizer_, {}).mask(parse_marked_spans("b [[a]] c."), rng);
  ASSERT_TRUE(example);
  EXPECT_THAT(pieces(example->x), ElementsAre("b", "[MASK]", "c", "."));
}

// Google's Featurizer, masking byte spans of whole texts.
TEST(SalientSpanMaskerParity, HidesThePiecesThatGoogleHides) {
  const auto fixture =
      testing::read_json(testing::require_parity("tokenizer/google_featurizer.json"));
  const auto tokenizer =
      std::make_shared<const WordPieceTokenizer>(std::make_shared<const Vocabulary>(
          Vocabulary::load(testing::require_parity("tokenizer/vocab.txt"))));
  const SalientSpanMasker masker(tokenizer, {.query = fixture.at("query_seq_len")},
                                 {.max_masks = fixture.at("max_masks")});
  for (const auto& c : fixture.at("cases")) {
    const auto text = c.at("text").get<std::string>();
    const auto span = c.at("mask_spans_bytes").at(0).get<std::pair<size_t, size_t>>();
    const auto example = masker.mask_span(text, {0, text.size()}, {span.first, span.second});
    ASSERT_EQ(example.has_value(), !c.contains("error")) << text;
    if (!example) continue;
    EXPECT_EQ(example->x, c.at("token_ids_after_masking").get<std::vector<int32_t>>()) << text;
    EXPECT_EQ(example->masks, c.at("mask_indices").get<std::vector<int>>()) << text;
    EXPECT_EQ(example->targets, c.at("masked_token_ids").get<std::vector<int32_t>>()) << text;
  }
}

}  // namespace
}  // namespace realm
