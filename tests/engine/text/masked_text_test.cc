#include "engine/text/masked_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MaskedTextTest : public ::testing::Test {
 protected:
  MaskedText parse(std::string_view text, const std::optional<std::string>& answer = std::nullopt,
                   int query_length = 96) const {
    return parse_masked_text(text, answer, tokenizer_, {.query = query_length});
  }

  std::string error(std::string_view text, const std::optional<std::string>& answer = std::nullopt,
                    int query_length = 96) const {
    try {
      parse(text, answer, query_length);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kInvalidArgument);
      return e.what();
    }
    ADD_FAILURE() << "no error for " << text;
    return {};
  }

  std::vector<std::string> pieces(const std::vector<int32_t>& ids) const {
    std::vector<std::string> names;
    for (const int32_t id : ids) names.push_back(tokenizer_.vocabulary().piece(id));
    return names;
  }

  static std::vector<std::string> bytes(const MaskedText& x, std::string_view text) {
    std::vector<std::string> parts;
    for (const ByteSpan& span : x.bytes) parts.emplace_back(text.substr(span.begin, span.size()));
    return parts;
  }

  const WordPieceTokenizer tokenizer_{std::make_shared<const Vocabulary>(std::vector<std::string>{
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "fer",  "##ma", "##t", "prime", "is",
      "a",     ".",     ",",     "rhine", "##s",    "new", "york", "[",    "]",   "mask"})};
};

TEST_F(MaskedTextTest, AMaskHidesOnePiece) {
  const std::string text = "The [MASK] prime.";
  const MaskedText x = parse(text);
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "prime", "."));
  EXPECT_THAT(x.masks, ElementsAre(1));
  EXPECT_THAT(x.answer, IsEmpty());
  EXPECT_FALSE(x.truncated);
  EXPECT_THAT(bytes(x, text), ElementsAre("The", "[MASK]", "prime", "."));
}

TEST_F(MaskedTextTest, BracketsHideAWordWithAllItsPiecesAndNameIt) {
  const std::string text = "The [[Fermat]].";
  const MaskedText x = parse(text);
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "[MASK]", "[MASK]", "."));
  EXPECT_THAT(x.masks, ElementsAre(1, 2, 3));
  EXPECT_THAT(pieces(x.answer), ElementsAre("fer", "##ma", "##t"));
  EXPECT_EQ(x.answer_text, "Fermat");
  EXPECT_THAT(bytes(x, text), ElementsAre("The", "Fer", "ma", "t", "."));
}

TEST_F(MaskedTextTest, SeveralBracketsAreOneAnswerInOrder) {
  const MaskedText x = parse("[[New York]] is a [[prime]]");
  EXPECT_THAT(pieces(x.ids), ElementsAre("[MASK]", "[MASK]", "is", "a", "[MASK]"));
  EXPECT_THAT(x.masks, ElementsAre(0, 1, 4));
  EXPECT_THAT(pieces(x.answer), ElementsAre("new", "york", "prime"));
  EXPECT_EQ(x.answer_text, "New York prime");
}

TEST_F(MaskedTextTest, SpaceInsideTheBracketsDoesNotCount) {
  const MaskedText x = parse("the [[ Rhine ]].");
  EXPECT_THAT(pieces(x.answer), ElementsAre("rhine"));
  EXPECT_EQ(x.answer_text, "Rhine");
}

TEST_F(MaskedTextTest, KeepsThePiecesOfTheUnmarkedTextAroundABracket) {
  // As in training, where "Rhines" is cut into pieces before one of them is hidden.
  const MaskedText x = parse("the [[Rhine]]s");
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "##s"));
}

TEST_F(MaskedTextTest, CutsAPieceThatABracketParts) {
  const std::string text = "a[[ prime]]";
  EXPECT_THAT(pieces(parse(text).ids), ElementsAre("a", "[MASK]"));
  const MaskedText x = parse("Ferm[[a]]t");  // "##ma" would be half hidden; "ferm" alone is unknown
  EXPECT_THAT(pieces(x.ids), ElementsAre("[UNK]", "[MASK]", "[UNK]"));
  EXPECT_THAT(pieces(x.answer), ElementsAre("a"));
}

TEST_F(MaskedTextTest, AnAnswerStretchesTheOneRunOfMasks) {
  const std::string text = "The [MASK] prime.";
  const MaskedText x = parse(text, "Fermat");
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "[MASK]", "[MASK]", "prime", "."));
  EXPECT_THAT(x.masks, ElementsAre(1, 2, 3));
  EXPECT_THAT(pieces(x.answer), ElementsAre("fer", "##ma", "##t"));
  EXPECT_EQ(x.answer_text, "Fermat");
  EXPECT_THAT(bytes(x, text), ElementsAre("The", "[MASK]", "[MASK]", "[MASK]", "prime", "."));
}

TEST_F(MaskedTextTest, AnAnswerShrinksARunOfMasksToo) {
  const MaskedText x = parse("The [MASK] [MASK][MASK] prime.", "Rhine");
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "prime", "."));
}

TEST_F(MaskedTextTest, SeparateMasksTakeAnAnswerOfAsManyPieces) {
  const MaskedText x = parse("[MASK] is [MASK] .", "New York");
  EXPECT_THAT(x.masks, ElementsAre(0, 2));
  EXPECT_THAT(pieces(x.answer), ElementsAre("new", "york"));
  EXPECT_THAT(error("[MASK] is [MASK] .", "Fermat"),
              AllOf(HasSubstr("3 pieces"), HasSubstr("2 separate")));
}

TEST_F(MaskedTextTest, AMaskIsOnePieceWhateverTheTokenizersRule) {
  const WordPieceTokenizer google(tokenizer_.shared_vocabulary(),
                                  {.special_tokens = SpecialTokenRule::kSplit});
  const MaskedText x = parse_masked_text("the[MASK]s", std::nullopt, google, {});
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "[UNK]"));
}

TEST_F(MaskedTextTest, RefusesATextThatHidesNothing) {
  EXPECT_THAT(error("The prime."), HasSubstr("hides nothing"));
  EXPECT_THAT(error(""), HasSubstr("hides nothing"));
  EXPECT_THAT(error("The [mask] prime."), HasSubstr("hides nothing"));
}

TEST_F(MaskedTextTest, RefusesBracketsWithoutAWord) {
  EXPECT_THAT(error("The [[]] prime."), HasSubstr("no word"));
  EXPECT_THAT(error("The [[  ]] prime."), HasSubstr("no word"));
  EXPECT_THAT(error("The [[\xe2\x80\x8b]] prime."),
              HasSubstr("no word piece"));  // a zero-width space
}

TEST_F(MaskedTextTest, RefusesBracketsThatAreNotClosed) {
  EXPECT_THAT(error("The [[Fermat prime."), HasSubstr("not closed"));
  EXPECT_THAT(error("The [[Fermat [[prime]]."), HasSubstr("close the first"));
}

TEST_F(MaskedTextTest, RefusesTwoWaysOfNamingTheAnswer) {
  EXPECT_THAT(error("The [[Fermat]] prime.", "Rhine"), HasSubstr("Rhine"));
  EXPECT_THAT(error("The [[Fermat]] [MASK]."), HasSubstr("both"));
  EXPECT_THAT(error("The [[[MASK]]]."), HasSubstr("both"));
}

TEST_F(MaskedTextTest, RefusesAHiddenWordThatTheVocabularyDoesNotKnow) {
  EXPECT_THAT(error("The [[Danube]] prime."), AllOf(HasSubstr("Danube"), HasSubstr("[UNK]")));
  EXPECT_THAT(error("The [MASK] prime.", "Danube"), AllOf(HasSubstr("Danube"), HasSubstr("[UNK]")));
  EXPECT_THAT(error("The [MASK] prime.", "[SEP]"), HasSubstr("[SEP]"));
  EXPECT_THAT(error("The [MASK] prime.", "  "), HasSubstr("empty"));
}

TEST_F(MaskedTextTest, CutsALongTextBehindItsMasksAndSaysSo) {
  const std::string text = "the [MASK] is a prime .";
  const MaskedText x = parse(text, std::nullopt, 5);  // room for three pieces
  EXPECT_THAT(pieces(x.ids), ElementsAre("the", "[MASK]", "is"));
  EXPECT_EQ(x.bytes.size(), 3U);
  EXPECT_TRUE(x.truncated);
  EXPECT_FALSE(parse(text, std::nullopt, 8).truncated);
}

TEST_F(MaskedTextTest, RefusesToCutAMaskOff) {
  EXPECT_THAT(error("the prime is [MASK]", std::nullopt, 5),
              AllOf(HasSubstr("4 pieces"), HasSubstr("takes 3")));
  EXPECT_THAT(error("the prime is [[Fermat]]", std::nullopt, 7), HasSubstr("hides piece 6"));
}

TEST_F(MaskedTextTest, RefusesBytesThatAreNotUtf8) {
  EXPECT_THAT(error("the \xff [MASK]"), AllOf(HasSubstr("UTF-8"), HasSubstr("byte 5")));
}

}  // namespace
}  // namespace realm
