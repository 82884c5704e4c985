#include "engine/text/passage_chunker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<const WordPieceTokenizer> make_tokenizer() {
  return std::make_shared<const WordPieceTokenizer>(
      std::make_shared<const Vocabulary>(std::vector<std::string>{
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "title", "two", "."}));
}

std::vector<std::string> texts(const std::vector<Passage>& passages) {
  std::vector<std::string> result;
  for (const Passage& passage : passages) result.push_back(passage.text);
  return result;
}

// 12 pieces less 3 special ones less a title of one piece leave 8; "A b." has three.
TEST(PassageChunker, FillsPassagesWithWholeSentences) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 12});
  const auto passages = chunker.chunk("Title", "A b. B c. C d. D a.");
  EXPECT_THAT(texts(passages), ElementsAre("A b. B c.", "C d. D a."));
  EXPECT_EQ(passages[0].pieces, 6);
}

TEST(PassageChunker, UsesTheLastPieceThatFits) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 13});  // 9 pieces of body
  EXPECT_THAT(texts(chunker.chunk("Title", "A b. B c. C d. D a.")),
              ElementsAre("A b. B c. C d.", "D a."));
}

TEST(PassageChunker, CountsTheTitle) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 13});
  EXPECT_THAT(texts(chunker.chunk("Title two", "A b. B c. C d. D a.")),
              ElementsAre("A b. B c.", "C d. D a."));
}

TEST(PassageChunker, PartsALongSentenceBetweenWords) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 12});
  const auto passages = chunker.chunk("Title", "A b c d a b c d a b.");  // 11 pieces, room for 8
  EXPECT_THAT(texts(passages), ElementsAre("A b c d a b c d", "a b."));
}

TEST(PassageChunker, LeavesALongSentenceWholeWhenAskedTo) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 12, .part_long_sentences = false});
  EXPECT_THAT(texts(chunker.chunk("Title", "A b. A b c d a b c d a b. C d.")),
              ElementsAre("A b.", "A b c d a b c d a b.", "C d."));
}

TEST(PassageChunker, AWordWithoutSpacesStaysWhole) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 12});
  const std::string word = "a.b.c.d.a.b.c";  // 13 pieces
  EXPECT_THAT(texts(chunker.chunk("Title", "A " + word + " b c")), ElementsAre("A", word, "b c"));
}

TEST(PassageChunker, WritesASentenceOnOneLine) {
  const PassageChunker chunker(make_tokenizer(), {});
  EXPECT_THAT(texts(chunker.chunk("Title", "A\n  b. B\tc.")), ElementsAre("A b. B c."));
}

TEST(PassageChunker, UnescapesHtmlWhenAskedTo) {
  EXPECT_THAT(texts(PassageChunker(make_tokenizer()).chunk("Title", "A &lt; b.")),
              ElementsAre("A < b."));
  EXPECT_THAT(
      texts(PassageChunker(make_tokenizer(), {.unescape_html = false}).chunk("Title", "A &lt; b.")),
      ElementsAre("A &lt; b."));
}

TEST(PassageChunker, SkipsPagesThatAreNoArticles) {
  const PassageChunker chunker(make_tokenizer());
  for (const char* title : {"List of a", "Index of a", "Outline of a", "A (disambiguation)"}) {
    EXPECT_THAT(chunker.chunk(title, "A b."), IsEmpty()) << title;
  }
  EXPECT_THAT(texts(chunker.chunk("Listing of a", "A b.")), ElementsAre("A b."));
  EXPECT_THAT(
      texts(
          PassageChunker(make_tokenizer(), {.skip_list_pages = false}).chunk("List of a", "A b.")),
      ElementsAre("A b."));
}

TEST(PassageChunker, GivesNothingForATextWithoutPieces) {
  EXPECT_THAT(PassageChunker(make_tokenizer()).chunk("Title", " \n\n\xe2\x80\x8b "), IsEmpty());
}

TEST(PassageChunker, PassagesKeepTheOriginOfTheirArticle) {
  const PassageChunker chunker(make_tokenizer(), {.max_pieces = 8});
  Document article;
  article.id = 7;
  article.title = "Title";
  article.text = "A b. C d.";
  article.source = "source";
  article.licence = "CC0";
  const std::vector<Document> passages = chunker.chunk(article);
  ASSERT_EQ(passages.size(), 2U);
  for (const Document& passage : passages) {
    EXPECT_EQ(passage.title, "Title");
    EXPECT_EQ(passage.source, "source");
    EXPECT_EQ(passage.licence, "CC0");
    EXPECT_EQ(passage.id, kNullDocumentId);
  }
  EXPECT_EQ(passages[1].text, "C d.");
}

TEST(PassageChunker, RefusesALengthWithoutRoomForText) {
  EXPECT_THROW(PassageChunker(make_tokenizer(), {.max_pieces = 7}), Error);
}

}  // namespace
}  // namespace realm
