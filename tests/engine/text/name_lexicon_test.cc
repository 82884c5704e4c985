#include "engine/text/name_lexicon.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

class TwoDocuments final : public Corpus {
 public:
  std::string name() const override { return "two"; }
  int64_t size() const override { return 2; }
  int64_t revision() const override { return 1; }
  std::string fingerprint() const override { return "two"; }
  std::optional<Document> find(DocumentId) const override { return std::nullopt; }
  std::vector<Document> read_after(DocumentId after, int) const override {
    if (after == 0) return {Document{1, "Iron (metal)", "They say that iron melts.", "", "", 1}};
    if (after == 1) return {Document{2, "Kind of Blue", "An album of Davis.", "", "", 1}};
    return {};
  }
};

TEST(NameLexicon, AWordWrittenMoreOftenWithACapitalIsAName) {
  NameLexicon lexicon;
  lexicon.add("The port of Lisbon. Water flows; the water is cold. He went to Water Street.");
  EXPECT_TRUE(lexicon.is_name("Lisbon"));
  EXPECT_FALSE(lexicon.is_name("Water"));  // once each
  EXPECT_FALSE(lexicon.is_name("Port"));
  EXPECT_FALSE(lexicon.is_name("Unseen"));
  EXPECT_TRUE(lexicon.knows("Water"));
  EXPECT_FALSE(lexicon.knows("Unseen"));
}

TEST(NameLexicon, ATitleIsANameUnlessTheTextsWriteItSmall) {
  const auto lexicon = lexicon_of(TwoDocuments());
  EXPECT_FALSE(lexicon->is_name("Iron"));
  EXPECT_TRUE(lexicon->is_name("Davis"));
  NameLexicon titles;
  titles.add_title("Iron (metal)");
  EXPECT_TRUE(titles.is_name("Iron"));
  EXPECT_FALSE(titles.is_name("metal"));
}

TEST(NameLexicon, MatchesTheLongestTitleThatStandsThereAsItIsWritten) {
  NameLexicon lexicon;
  lexicon.add_title("New York");
  lexicon.add_title("New York City");
  lexicon.add_title("New York");
  lexicon.add_title("Water cycle");
  const auto match = [&](std::string_view text, size_t at) {
    return lexicon.match_title(split_words(text), at);
  };
  EXPECT_EQ(match("In New York City Hall.", 1), 3U);
  EXPECT_EQ(match("In New York city.", 1), 2U);
  EXPECT_EQ(match("In New York. City life.", 1), 2U);
  EXPECT_EQ(match("In new York.", 1), 0U);
  EXPECT_EQ(match("In New Yorkshire.", 1), 0U);
  EXPECT_EQ(match("Water cycle models.", 0), 0U);  // the capital is the sentence's
  EXPECT_EQ(match("The Water cycle.", 1), 2U);
}

}  // namespace
}  // namespace realm
