#include "engine/text/wordpiece_tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/base/utf8.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

std::shared_ptr<const Vocabulary> make_vocabulary(std::vector<std::string> pieces) {
  std::vector<std::string> all = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  all.insert(all.end(), pieces.begin(), pieces.end());
  return std::make_shared<const Vocabulary>(std::move(all));
}

std::vector<std::string> pieces_of(const WordPieceTokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> pieces;
  for (const Token& token : tokenizer.tokenize(text)) {
    pieces.push_back(tokenizer.vocabulary().piece(token.id));
  }
  return pieces;
}

using Pieces = std::vector<std::string>;
using Range = std::pair<size_t, size_t>;

std::vector<Range> ranges_of(const WordPieceTokenizer& tokenizer, std::string_view text) {
  std::vector<Range> ranges;
  for (const Token& token : tokenizer.tokenize(text)) ranges.emplace_back(token.begin, token.end);
  return ranges;
}

// The 400 strings of the reference tokenizers (tests/golden/tokenizer).
class TokenizerParity : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    vocabulary_ = std::make_shared<const Vocabulary>(
        Vocabulary::load(testing::require_parity("tokenizer/vocab.txt")));
    fixture_ = testing::read_json(testing::require_parity("tokenizer/tokenizer.json"));
  }
  static void TearDownTestSuite() {
    vocabulary_.reset();
    fixture_ = nullptr;
  }

  // Compares the pieces of every string with its `key`, or with its "tokens" where the string lacks
  // the key.
  static void expect_pieces(const TokenizerOptions& options, const char* key) {
    const WordPieceTokenizer tokenizer(vocabulary_, options);
    ASSERT_EQ(fixture_.at("strings").size(), 400U);
    for (const auto& string : fixture_.at("strings")) {
      const auto text = string.at("text").get<std::string>();
      const auto expected = string.value(key, string.at("tokens").get<Pieces>());
      EXPECT_EQ(pieces_of(tokenizer, text), expected) << string.at("text");
    }
  }

  static std::shared_ptr<const Vocabulary> vocabulary_;
  static nlohmann::json fixture_;
};
std::shared_ptr<const Vocabulary> TokenizerParity::vocabulary_;
nlohmann::json TokenizerParity::fixture_;

TEST_F(TokenizerParity, PiecesOfTheUncasedTokenizer) { expect_pieces({}, "tokens"); }

TEST_F(TokenizerParity, PiecesOfTheCasedTokenizer) {
  expect_pieces({.lower_case = false}, "cased_tokens");
}

TEST_F(TokenizerParity, PiecesOfATokenizerMadeFromAVocabularyFile) {
  expect_pieces({.special_tokens = SpecialTokenRule::kKeepAsWords},
                "hf_tokens_when_built_from_vocab_file_directly");
}

TEST_F(TokenizerParity, PiecesOfGooglesTokenizer) {
  expect_pieces({.special_tokens = SpecialTokenRule::kSplit}, "google_tokens");
}

TEST_F(TokenizerParity, Ids) {
  const WordPieceTokenizer tokenizer(vocabulary_);
  for (const auto& string : fixture_.at("strings")) {
    EXPECT_EQ(tokenizer.token_ids(string.at("text").get<std::string>()),
              string.at("ids").get<std::vector<int32_t>>())
        << string.at("text");
  }
}

TEST_F(TokenizerParity, Offsets) {
  const WordPieceTokenizer tokenizer(vocabulary_);
  for (const auto& string : fixture_.at("strings")) {
    const auto text = string.at("text").get<std::string>();
    std::vector<size_t> byte_of{0};  // where each code point begins; the fixtures count code points
    while (byte_of.back() < text.size()) {
      byte_of.push_back(byte_of.back() + decode_utf8(text, byte_of.back()).length);
    }
    std::vector<Range> expected;
    for (const auto& [begin, end] : string.at("offsets").get<std::vector<Range>>()) {
      expected.emplace_back(byte_of.at(begin), byte_of.at(end));
    }
    EXPECT_EQ(ranges_of(tokenizer, text), expected) << string.at("text");
  }
}

TEST_F(TokenizerParity, Decode) {
  const WordPieceTokenizer tokenizer(vocabulary_);
  for (const auto& string : fixture_.at("strings")) {
    std::vector<int32_t> ids = string.at("ids").get<std::vector<int32_t>>();
    ids.insert(ids.begin(), vocabulary_->special().cls);
    ids.push_back(vocabulary_->special().sep);
    EXPECT_EQ(tokenizer.decode(ids, false), string.at("decoded").get<std::string>())
        << string.at("text");
    EXPECT_EQ(tokenizer.decode(ids, true), string.at("decoded_skip_special").get<std::string>())
        << string.at("text");
  }
}

TEST(WordPieceTokenizer, TakesTheLongestPieceFromTheLeft) {
  const WordPieceTokenizer tokenizer(
      make_vocabulary({"fer", "ferm", "##ma", "##a", "##t", "##at"}));
  EXPECT_EQ(pieces_of(tokenizer, "Fermat"), (Pieces{"ferm", "##at"}));
  EXPECT_EQ(ranges_of(tokenizer, "  Fermat"), (std::vector<Range>{{2, 6}, {6, 8}}));
}

TEST(WordPieceTokenizer, MarksThePiecesThatContinueAWord) {
  const WordPieceTokenizer tokenizer(make_vocabulary({"a", "##b"}));
  const std::vector<Token> tokens = tokenizer.tokenize("ab a");
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_FALSE(tokens[0].continues_word);
  EXPECT_TRUE(tokens[1].continues_word);
  EXPECT_FALSE(tokens[2].continues_word);
}

TEST(WordPieceTokenizer, AWordWithAnUnmatchedRestIsOneUnknownPiece) {
  const WordPieceTokenizer tokenizer(make_vocabulary({"a", "##b", "."}));
  EXPECT_EQ(pieces_of(tokenizer, "abx.ab"), (Pieces{"[UNK]", ".", "a", "##b"}));
  EXPECT_EQ(ranges_of(tokenizer, "abx.ab").front(), Range(0, 3));
}

TEST(WordPieceTokenizer, AWordOfMoreThanAHundredCharactersIsUnknown) {
  const WordPieceTokenizer tokenizer(make_vocabulary({"a", "##a"}));
  EXPECT_EQ(tokenizer.tokenize(std::string(100, 'a')).size(), 100U);
  EXPECT_EQ(pieces_of(tokenizer, std::string(101, 'a')), Pieces{"[UNK]"});
  EXPECT_EQ(pieces_of(tokenizer, std::string(5000, 'a')), Pieces{"[UNK]"});
}

TEST(WordPieceTokenizer, CountsCharactersNotBytesForTheLongestWord) {
  const WordPieceTokenizer tokenizer(make_vocabulary({"\xd0\xb0", "##\xd0\xb0"}));  // Cyrillic a
  std::string word;
  for (int i = 0; i < 100; ++i) word += "\xd0\xb0";
  EXPECT_EQ(tokenizer.tokenize(word).size(), 100U);
  EXPECT_EQ(pieces_of(tokenizer, word + "\xd0\xb0"), Pieces{"[UNK]"});
}

TEST(WordPieceTokenizer, BothPiecesOfASplitCodePointPointToIt) {
  // U+AC00 is one Hangul syllable; NFD gives the two jamo U+1100 U+1161.
  const WordPieceTokenizer tokenizer(make_vocabulary({"\xe1\x84\x80", "##\xe1\x85\xa1"}));
  EXPECT_EQ(ranges_of(tokenizer, "\xea\xb0\x80"), (std::vector<Range>{{0, 3}, {0, 3}}));
}

TEST(WordPieceTokenizer, DropsInvalidBytesAndJoinsTheirNeighbours) {
  const WordPieceTokenizer tokenizer(make_vocabulary({"ab"}));
  EXPECT_EQ(pieces_of(tokenizer,
                      "a\xff\xfe"
                      "b"),
            Pieces{"ab"});
  EXPECT_EQ(ranges_of(tokenizer,
                      "a\xff\xfe"
                      "b"),
            (std::vector<Range>{{0, 4}}));
}

TEST(WordPieceTokenizer, DropsCodePointsThatUnicode14DidNotKnow) {
  // U+11F00 (Kawi) came with Unicode 15, U+1C89 with 16.
  const WordPieceTokenizer tokenizer(make_vocabulary({"ab"}));
  EXPECT_EQ(pieces_of(tokenizer,
                      "a\xf0\x91\xbc\x80"
                      "b"),
            Pieces{"ab"});
  EXPECT_EQ(pieces_of(tokenizer,
                      "a\xe1\xb2\x89"
                      "b"),
            Pieces{"ab"});
}

TEST(WordPieceTokenizer, ASpecialTokenBrokenByADroppedCharacterCountsOnlyWhenCased) {
  const std::string broken = "[MA\xc2\xadSK]";  // a soft hyphen inside
  const auto vocabulary = make_vocabulary({"[", "]", "mask"});
  EXPECT_EQ(pieces_of(WordPieceTokenizer(vocabulary), broken), (Pieces{"[", "mask", "]"}));
  EXPECT_EQ(pieces_of(WordPieceTokenizer(vocabulary, {.lower_case = false}), broken),
            Pieces{"[MASK]"});
}

TEST(WordPieceTokenizer, DecodesIdsOutsideTheVocabularyAsUnknown) {
  const WordPieceTokenizer tokenizer(make_vocabulary({"a"}));
  const std::vector<int32_t> ids = {5, -1, 6, 1'000'000};
  EXPECT_EQ(tokenizer.decode(ids, false), "a [UNK] [UNK] [UNK]");
  EXPECT_EQ(tokenizer.decode({}, true), "");
}

}  // namespace
}  // namespace realm
