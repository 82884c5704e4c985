#include "storage/search_query.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(ParseSearch, QuotesEveryWord) {
  EXPECT_EQ(parse_search("fermat prime").fts(), R"("fermat" "prime")");
}

TEST(ParseSearch, KeepsAPhraseTogether) {
  EXPECT_EQ(parse_search(R"("fermat prime" 257)").fts(), R"("fermat prime" "257")");
}

TEST(ParseSearch, ExcludesWhatAMinusStandsBefore) {
  EXPECT_EQ(parse_search(R"(river -rhine -"lake constance")").fts(),
            R"(("river") NOT ("rhine" OR "lake constance"))");
}

TEST(ParseSearch, TakesOperatorsAsWords) {
  EXPECT_EQ(parse_search("a AND NEAR(b) OR title:c* ^d").fts(),
            R"x("a" "AND" "NEAR(b)" "OR" "title:c*" "^d")x");
}

TEST(ParseSearch, ClosesAQuoteThatIsLeftOpen) {
  EXPECT_EQ(parse_search("\"fermat prime").fts(), R"("fermat prime")");
}

TEST(ParseSearch, LetsNoQuoteIntoAString) {
  EXPECT_EQ(parse_search(R"(a"b"c""")").fts(), R"("a" "b" "c")");
}

TEST(ParseSearch, KeepsAMinusInsideAWord) {
  EXPECT_EQ(parse_search("bundle-borne - --x").fts(), R"("bundle-borne" "-" "--x")");
}

TEST(ParseSearch, IsEmptyForBlanksAndControlCharacters) {
  EXPECT_TRUE(parse_search(std::string_view(" \t\0\n\x7f", 5)).empty());
}

TEST(ParseSearch, DropsInvalidBytes) { EXPECT_EQ(parse_search("a\xff\xc3 b").fts(), R"("a" "b")"); }

TEST(AnyWordExpression, JoinsAllWordsWithoutOperators) {
  EXPECT_EQ(any_word_expression(R"(the "river" -Rhine)"), R"("the" OR "river" OR "Rhine")");
}

}  // namespace
}  // namespace realm
