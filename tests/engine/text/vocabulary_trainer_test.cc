#include "engine/text/vocabulary_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "engine/text/wordpiece_tokenizer.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Counts = std::vector<std::pair<std::string, int64_t>>;

TEST(WordCounter, CountsNormalisedWords) {
  WordCounter counter;
  counter.add("The caf\xc3\xa9, the Cafe! [MASK] [SEP]");
  counter.add("the\xe4\xb8\xad");
  EXPECT_THAT(counter.counts(), ElementsAre(Pair("!", 1), Pair(",", 1), Pair("cafe", 2),
                                            Pair("the", 3), Pair("\xe4\xb8\xad", 1)));
}

TEST(WordCounter, KeepsCaseForCasedModels) {
  WordCounter counter(/*lower_case=*/false);
  counter.add("The the");
  EXPECT_THAT(counter.counts(), ElementsAre(Pair("The", 1), Pair("the", 1)));
}

TEST(WordCounter, CountsAWordOnceThatIsScannedTwice) {
  // The scanner notices behind "ab." that the word is not plain ASCII and starts it anew.
  WordCounter counter;
  counter.add("ab.\xc3\xa9");
  EXPECT_THAT(counter.counts(), ElementsAre(Pair(".", 1), Pair("ab", 1), Pair("e", 1)));
}

TEST(TrainVocabulary, BeginsWithSpecialPiecesAndAlphabet) {
  const auto pieces = train_vocabulary({{"ab", 1}, {"b", 1}, {".", 1}}, {.size = 10});
  EXPECT_THAT(pieces, ElementsAre("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "a", "b",
                                  "##a", "##b"));
}

// By hand: the pairs are h+##u 15, ##u+##g 20, ##u+##n 16, p+##u 17, b+##u 4, ##g+##s 5. First
// "##ug" (20). That leaves h+##ug 15, p+##ug 5, p+##u 12, b+##u 4, ##u+##n 16, ##ug+##s 5, so next
// are "##un" (16), "hug" (15) and "pun" (12), then at 5 "pug" before "hugs", since its symbols are
// older.
TEST(TrainVocabulary, MergesTheMostFrequentPairFirst) {
  const Counts counts = {{"hug", 10}, {"pug", 5}, {"pun", 12}, {"bun", 4}, {"hugs", 5}};
  const auto merged_of = [&](int size) {
    const std::vector<std::string> pieces = train_vocabulary(counts, {.size = size});
    EXPECT_EQ(pieces[18], "##u");  // the last of 5 special pieces and 2 * 7 characters
    return std::vector<std::string>(pieces.begin() + 19, pieces.end());
  };
  EXPECT_THAT(merged_of(20), ElementsAre("##ug"));
  EXPECT_THAT(merged_of(23), ElementsAre("##ug", "##un", "hug", "pun"));
  // With "pug" there is no word left that is cut at "##ug": it makes room for "hugs".
  EXPECT_THAT(merged_of(24), ElementsAre("##un", "hug", "pun", "pug", "hugs"));
}

TEST(TrainVocabulary, LeavesOutPiecesThatGreedyMatchingNeverUses) {
  // "##ug" and "##un" of the example above were steps to longer pieces, which now match first.
  const Counts counts = {{"hug", 10}, {"pug", 5}, {"pun", 12}, {"bun", 4}, {"hugs", 5}};
  const std::vector<std::string> pieces = train_vocabulary(counts, {.size = 1000});
  EXPECT_EQ(std::count(pieces.begin(), pieces.end(), "##ug"), 0);
  EXPECT_EQ(std::count(pieces.begin(), pieces.end(), "hugs"), 1);
}

TEST(TrainVocabulary, DoesNotMergeRarePairs) {
  EXPECT_EQ(train_vocabulary({{"ab", 4}}, {.size = 100, .min_pair_count = 5}).size(), 9U);
  EXPECT_EQ(train_vocabulary({{"ab", 5}}, {.size = 100, .min_pair_count = 5}).size(), 10U);
}

TEST(TrainVocabulary, DoesNotDependOnTheOrderOfTheWords) {
  Counts counts = {{"hug", 10}, {"pug", 5}, {"pun", 12}, {"bun", 4}, {"hugs", 5}, {"gush", 5}};
  const auto pieces = train_vocabulary(counts, {.size = 26});
  std::reverse(counts.begin(), counts.end());
  EXPECT_EQ(train_vocabulary(counts, {.size = 26}), pieces);
}

TEST(TrainVocabulary, LimitsTheAlphabetToTheMostFrequentCharacters) {
  const auto pieces = train_vocabulary({{"aab", 5}, {"z", 1}},
                                       {.size = 100, .min_pair_count = 100, .max_alphabet = 2});
  EXPECT_THAT(pieces,
              ElementsAre("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##a", "##b"));
}

TEST(TrainVocabulary, MergesWordsThatRepeatASymbol) {
  // "aaaa": a ##a ##a ##a; ##a+##a counts twice a word, a+##a once.
  const auto pieces = train_vocabulary({{"aaaa", 3}}, {.size = 100});
  EXPECT_EQ(pieces.back(), "aaaa");
}

TEST(TrainVocabulary, RefusesASizeWithoutRoomForTheAlphabet) {
  EXPECT_THROW(train_vocabulary({{"ab", 4}}, {.size = 8}), Error);
  EXPECT_THROW(train_vocabulary({}, {.size = 100}), Error);
}

// The fixture strings as a small text of real words.
TEST(TrainVocabulary, GivesAVocabularyThatTheTokenizerUsesInFull) {
  const auto fixture = testing::read_json(testing::require_parity("tokenizer/tokenizer.json"));
  WordCounter counter;
  std::vector<std::string> lines;
  for (const auto& string : fixture.at("strings")) {
    lines.push_back(string.at("text"));
    counter.add(lines.back());
  }
  const std::vector<std::string> pieces = train_vocabulary(counter.counts(), {.size = 650});

  EXPECT_EQ(pieces.size(), 650U);
  EXPECT_EQ(std::set<std::string>(pieces.begin(), pieces.end()).size(), pieces.size());
  const WordPieceTokenizer tokenizer(std::make_shared<const Vocabulary>(pieces),
                                     {.special_tokens = SpecialTokenRule::kKeepEverywhere});
  std::set<int32_t> used;
  for (const std::string& line : lines) {
    for (const int32_t id : tokenizer.token_ids(line)) used.insert(id);
  }
  // Every merged piece is used somewhere; merged pieces are those longer than one character.
  std::vector<std::string> unused;
  for (int32_t id = 5; id < tokenizer.vocabulary().size(); ++id) {
    std::string_view piece = tokenizer.vocabulary().piece(id);
    if (piece.starts_with("##")) piece.remove_prefix(2);
    const bool merged = piece.size() > 1 && is_code_point_border(piece, 1);
    if (merged && !used.contains(id)) unused.emplace_back(piece);
  }
  EXPECT_THAT(unused, IsEmpty());
}

}  // namespace
}  // namespace realm
