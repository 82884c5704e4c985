#include "app/view/sentence.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

std::string word_text(std::string_view text, size_t at) {
  const std::optional<TextRange> range = word_at(text, at);
  return range ? std::string(text.substr(range->begin, range->end - range->begin)) : "(none)";
}

TEST(HiddenParts, FindsWordsAndMasks) {
  const std::string text = "3 is a [[Fermat]] prime, [MASK] too.";
  const std::vector<HiddenPart> parts = hidden_parts(text);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].outer, (TextRange{7, 17}));
  EXPECT_EQ(parts[0].inner, (TextRange{9, 15}));
  EXPECT_FALSE(parts[0].is_mask);
  EXPECT_TRUE(parts[1].is_mask);
  EXPECT_EQ(hidden_words(text), std::vector<std::string>{"Fermat"});
  EXPECT_EQ(plain_text(text), "3 is a Fermat prime, [MASK] too.");
}

TEST(HiddenParts, LeavesUnfinishedBracketsAlone) {
  EXPECT_FALSE(hides_something("a [[b"));
  EXPECT_FALSE(hides_something("a [[]] b"));
  EXPECT_FALSE(hides_something("a [[  ]] b"));
  EXPECT_FALSE(hides_something("a [b] c [mask]"));
  EXPECT_EQ(hidden_parts("[[a [[b]]").size(), 1U);
}

TEST(WordAt, TakesWholeWords) {
  const std::string text = "The year's 65,537 caf\u00e9s.";
  EXPECT_EQ(word_text(text, 0), "The");
  EXPECT_EQ(word_text(text, 3), "The");  // right behind it
  EXPECT_EQ(word_text(text, 5), "year's");
  EXPECT_EQ(word_text(text, 13), "65,537");
  EXPECT_EQ(word_text(text, 19), "caf\u00e9s");
  EXPECT_EQ(word_text(text, text.size()), "(none)");  // behind the full stop
  EXPECT_EQ(word_text("", 0), "(none)");
}

TEST(ToggleHidden, HidesAndRestoresTheSameText) {
  const std::string text = "3 is a Fermat prime.";
  const std::optional<EditedText> hidden = toggle_hidden(text, 9);
  ASSERT_TRUE(hidden);
  EXPECT_EQ(hidden->text, "3 is a [[Fermat]] prime.");
  EXPECT_EQ(hidden->caret, 17U);
  const std::optional<EditedText> restored = toggle_hidden(hidden->text, 10);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->text, text);
}

TEST(ToggleHidden, DoesNothingBetweenWordsOrOnAMask) {
  EXPECT_FALSE(toggle_hidden("a [MASK] b", 4));
  EXPECT_FALSE(toggle_hidden(" .. ", 2));
}

TEST(ToggleHidden, PrefersTheWordThatFollowsAHiddenOne) {
  const std::optional<EditedText> edited = toggle_hidden("[[257]]th", 7);
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->text, "[[257]][[th]]");
}

TEST(HideRange, TakesSeveralWordsAsOneAnswer) {
  const std::optional<EditedText> edited = hide_range("in New York City today", {2, 11});
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->text, "in [[New York]] City today");
}

TEST(HideRange, SwallowsHiddenWordsThatItCuts) {
  const std::optional<EditedText> edited = hide_range("in [[New]] York", {6, 15});
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->text, "in [[New York]]");
}

}  // namespace
}  // namespace realm::view
