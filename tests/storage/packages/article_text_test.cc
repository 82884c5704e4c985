#include "storage/packages/article_text.h"

#include <gtest/gtest.h>

namespace realm::article {
namespace {

std::string joined(std::initializer_list<std::string_view> lines) {
  std::string out;
  for (const std::string_view line : lines) append_line(out, line);
  return out;
}

TEST(ArticleText, JoinsLinesAndWordsPartedAtTheirHyphen) {
  EXPECT_EQ(joined({"   one", "   two"}), "one two");
  EXPECT_EQ(joined({"a multi-", "platform tool"}), "a multi-platform tool");
  EXPECT_EQ(joined({"pre-", "and postwar"}), "pre- and postwar");
  EXPECT_EQ(joined({"Freenets are funded", "- in one sense -", "like television"}),
            "Freenets are funded - in one sense - like television");
}

TEST(ArticleText, TidiesSpacesButLeavesWhatBeginsWithADot) {
  EXPECT_EQ(tidy("  one \n two ,  three ( four ) ."), "one two, three (four).");
  EXPECT_EQ(tidy("the .NET way"), "the .NET way");
}

TEST(ArticleText, ChoosesTheArticleBySound) {
  EXPECT_STREQ(article_for("aardvark"), "an");
  EXPECT_STREQ(article_for("United States politician"), "a");
  EXPECT_STREQ(article_for("uninhabited island"), "an");
  EXPECT_STREQ(article_for("European bird"), "a");
  EXPECT_STREQ(article_for("hour"), "an");
  EXPECT_STREQ(article_for("dog"), "a");
}

TEST(ArticleText, CapitalisesWordsThatHaveNoCaseOfTheirOwn) {
  EXPECT_EQ(with_capital("dog"), "Dog");
  EXPECT_EQ(with_capital("iPod nano"), "iPod nano");
  EXPECT_EQ(with_capital(""), "");
}

TEST(ArticleText, JoinsNames) {
  EXPECT_EQ(join_words({"a"}, "or"), "a");
  EXPECT_EQ(join_words({"a", "b", "c"}, "or"), "a, b or c");
}

}  // namespace
}  // namespace realm::article
