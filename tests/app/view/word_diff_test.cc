#include "app/view/word_diff.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace realm::view {
namespace {

std::string part(const MarkedText& marked, size_t index) {
  const TextRange range = marked.marks.at(index).range;
  return marked.text.substr(range.begin, range.end - range.begin);
}

TEST(DiffWords, MarksWhatWentAndWhatCame) {
  const MarkedText diff =
      diff_words("The Rhine flows north to the sea.", "The Rhine flows south to the sea.");
  EXPECT_EQ(diff.text, "The Rhine flows north south to the sea.");
  ASSERT_EQ(diff.marks.size(), 2U);
  EXPECT_EQ(part(diff, 0), "north");
  EXPECT_EQ(diff.marks[0].kind, MarkKind::kRemoved);
  EXPECT_EQ(part(diff, 1), "south");
  EXPECT_EQ(diff.marks[1].kind, MarkKind::kAdded);
}

TEST(DiffWords, ShowsOnlyTheSurroundings) {
  const MarkedText diff = diff_words("a b c d e f g", "a b c X e f g", 1);
  EXPECT_EQ(diff.text, "\u2026 c d X e \u2026");
}

TEST(DiffWords, JoinsNeighbouringWords) {
  const MarkedText diff = diff_words("one", "one two three");
  ASSERT_EQ(diff.marks.size(), 1U);
  EXPECT_EQ(part(diff, 0), "two three");
}

TEST(DiffWords, EqualTextsHaveNoDifference) {
  EXPECT_TRUE(diff_words("same text", "same text").text.empty());
  EXPECT_TRUE(diff_words("", "").text.empty());
  EXPECT_EQ(diff_words("", "new").marks.size(), 1U);
}

TEST(DiffWords, LongTextsDoNotTakeForever) {
  std::string before, after;
  for (int i = 0; i < 20000; ++i) {
    before += fmt::format("a{} ", i);
    after += fmt::format("b{} ", i);
  }
  EXPECT_EQ(diff_words(before, after).marks.size(), 2U);
}

}  // namespace
}  // namespace realm::view
