#include "engine/base/regular_expression.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/base/error.h"

namespace realm {
namespace {

bool found(const std::string& expression, std::string_view text) {
  return RegularExpression(expression).found_in(text);
}

std::string error_of(const std::string& expression) {
  try {
    RegularExpression{expression};
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  return {};
}

TEST(RegularExpression, FindsTextAnywhere) {
  EXPECT_TRUE(found("Rhine", "The Rhine flows."));
  EXPECT_FALSE(found("rhine", "The Rhine flows."));
  EXPECT_TRUE(found("", "anything"));
  EXPECT_TRUE(found("", ""));
  EXPECT_FALSE(found("a", ""));
}

TEST(RegularExpression, KnowsChoicesAndGroups) {
  EXPECT_TRUE(found("gr(e|a)y", "a gray day"));
  EXPECT_TRUE(found("gr(?:e|a)y", "a grey day"));
  EXPECT_FALSE(found("gr(e|a)y", "a gruy day"));
  EXPECT_TRUE(found("cat|dog|bird", "one bird"));
  EXPECT_TRUE(found("a||b", ""));
}

TEST(RegularExpression, KnowsRepetitions) {
  EXPECT_TRUE(found("^ab*c$", "ac"));
  EXPECT_TRUE(found("^ab*c$", "abbbc"));
  EXPECT_FALSE(found("^ab+c$", "ac"));
  EXPECT_TRUE(found("^ab?c$", "abc"));
  EXPECT_FALSE(found("^ab?c$", "abbc"));
  EXPECT_TRUE(found("^(ab){2,3}$", "ababab"));
  EXPECT_FALSE(found("^(ab){2,3}$", "ab"));
  EXPECT_FALSE(found("^(ab){2,3}$", "abababab"));
  EXPECT_TRUE(found("^a{2,}$", "aaaaa"));
  EXPECT_FALSE(found("^a{3}$", "aa"));
  EXPECT_TRUE(found("^a{0}b$", "b"));
  EXPECT_TRUE(found("a{x}", "a{x}"));
  EXPECT_TRUE(found("^(a*)*$", "aaa"));
  EXPECT_TRUE(found("^a+?b$", "aab"));
}

TEST(RegularExpression, KnowsSets) {
  EXPECT_TRUE(found("^[a-c]+$", "abcab"));
  EXPECT_FALSE(found("^[a-c]+$", "abd"));
  EXPECT_TRUE(found("^[^a-c]+$", "xyz"));
  EXPECT_TRUE(found("^[]a]+$", "]a"));
  EXPECT_TRUE(found("^[a-]+$", "-a"));
  EXPECT_TRUE(found("\\d{4}", "in 1642"));
  EXPECT_FALSE(found("\\d{5}", "in 1642"));
  EXPECT_TRUE(found("^\\S+\\s\\w+$", "a-b c_1"));
  EXPECT_TRUE(found("^[\\d.]+$", "3.14"));
  EXPECT_FALSE(found("a.b", "a\nb"));
  EXPECT_TRUE(found("\\x41\\x{20AC}\\.", "A€."));
}

TEST(RegularExpression, CountsCharactersNotBytes) {
  EXPECT_TRUE(found("^Z.rich$", "Zürich"));
  EXPECT_TRUE(found("^[ü€]{2}$", "ü€"));
  EXPECT_TRUE(found("^[^a]$", "\U0001F30D"));
  EXPECT_TRUE(found("^\\p{L}+$", "Кёльн"));
  EXPECT_FALSE(found("\\pL", "\u201C\u2014\u201D"));
}

TEST(RegularExpression, KnowsPlaces) {
  EXPECT_TRUE(found("\\bcat\\b", "a cat."));
  EXPECT_TRUE(found("\\bcat\\b", "\u201Ccat\u201D"));
  EXPECT_FALSE(found("\\bcat\\b", "concatenate"));
  EXPECT_TRUE(found("\\Bcat\\B", "concatenate"));
  EXPECT_TRUE(found("^a", "ab"));
  EXPECT_FALSE(found("^b", "ab"));
  EXPECT_FALSE(found("a$", "ab"));
  EXPECT_TRUE(found("^$", ""));
}

TEST(RegularExpression, MayIgnoreCase) {
  EXPECT_TRUE(found("(?i)rhine", "RHINE"));
  EXPECT_TRUE(found("(?i)ZÜRICH", "Zürich"));
  EXPECT_TRUE(found("(?i)[a-c]{3}", "AbC"));
  EXPECT_FALSE(found("(?i)[^a]", "aA"));
  EXPECT_TRUE(found("(?i)москва", "МОСКВА"));
  EXPECT_TRUE(found("(?i)ŽIŽKA", "žižka"));
}

TEST(RegularExpression, TakesATextAsItStands) {
  const std::string text = "a.b*(c)[d]{2}|^$\\+? ü-";
  EXPECT_TRUE(found(RegularExpression::of_text(text), "x A.B*(C)[D]{2}|^$\\+? Ü- x"));
  EXPECT_FALSE(found(RegularExpression::of_text("a.b"), "aXb"));
}

TEST(RegularExpression, SaysWhatIsWrong) {
  for (const char* wrong : {"a(b", "ab)", "[a", "*a", "a\\", "[z-a]", "a{3,2}", "(?=a)", "\\1",
                            "\\x{110000}", "a{1001}", "\xFF", "("}) {
    EXPECT_TRUE(error_of(wrong).starts_with("The regular expression is not valid: ")) << wrong;
  }
  EXPECT_NE(error_of("a(b").find("missing )"), std::string::npos);
  EXPECT_NE(error_of("((a{1000}){1000}){1000}"), "");
}

TEST(RegularExpression, TakesNoLongerForExpressionsThatBacktrackersHangOn) {
  const std::string text(20'000, 'a');
  EXPECT_FALSE(found("^(a|aa)+$", text + "b"));
  EXPECT_FALSE(found("(a*)*(b|c)", text));
  // More states than are kept: (a|b) and 14 more to the end, in all combinations.
  std::string mixed;
  for (unsigned i = 0, state = 1; i < 30'000; ++i) {
    state = state * 1103515245U + 12345U;
    mixed += (state >> 16U) % 2 == 0 ? 'a' : 'b';
  }
  EXPECT_TRUE(found("a[ab]{14}$", mixed + "a" + std::string(14, 'b')));
  EXPECT_FALSE(found("a[ab]{14}$", mixed + std::string(15, 'b')));
}

TEST(RegularExpression, FindsWhereItMatches) {
  using Spans = std::vector<std::pair<size_t, size_t>>;
  EXPECT_EQ(RegularExpression("\\d+").find("in 1642 and 7", 10), (Spans{{3, 7}, {12, 13}}));
  EXPECT_EQ(RegularExpression("\\d+").find("in 1642 and 7", 1), (Spans{{3, 7}}));
  EXPECT_EQ(RegularExpression("a|ab").find("xab", 10), (Spans{{1, 3}}));
  EXPECT_EQ(RegularExpression("\\bc").find("c cc ac", 10), (Spans{{0, 1}, {2, 3}}));
  EXPECT_EQ(RegularExpression("x*").find("ab", 10), (Spans{}));
  EXPECT_EQ(RegularExpression("ü.").find("aüüb", 10), (Spans{{1, 5}}));
  EXPECT_EQ(RegularExpression("b$").find("abb", 10), (Spans{{2, 3}}));
}

}  // namespace
}  // namespace realm
