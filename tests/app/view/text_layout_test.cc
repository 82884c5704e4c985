#include "app/view/text_layout.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

constexpr float kLine = 20;

float ten(char32_t) { return 10; }

TextLayout lay(std::string_view text, float width, std::vector<Pill> pills = {}) {
  return layout_text(
      text, ten,
      {.width = width, .line_height = kLine, .pill_padding = 4, .pills = std::move(pills)});
}

TEST(TextLayout, WrapsAtSpaces) {
  const TextLayout layout = lay("aaa bbb ccc", 75);
  ASSERT_EQ(layout.lines.size(), 2U);
  EXPECT_EQ(layout.lines[0].begin, 0U);
  EXPECT_EQ(layout.lines[1].begin, 8U);
  EXPECT_FLOAT_EQ(layout.lines[0].width, 70);
  EXPECT_FLOAT_EQ(layout.height(), 2 * kLine);
}

TEST(TextLayout, BreaksAWordThatIsLongerThanTheLine) {
  const TextLayout layout = lay("aaaaaaaa", 30);
  ASSERT_EQ(layout.lines.size(), 3U);
  EXPECT_EQ(layout.lines[1].begin, 3U);
  EXPECT_FLOAT_EQ(layout.glyphs[3].x, 0);
}

TEST(TextLayout, HasOneLineForNoText) {
  const TextLayout layout = lay("", 100);
  EXPECT_EQ(layout.lines.size(), 1U);
  EXPECT_FLOAT_EQ(caret_place(layout, 0).x, 0);
}

TEST(TextLayout, NewlinesEndLines) {
  const TextLayout layout = lay("a\n\nb", 100);
  ASSERT_EQ(layout.lines.size(), 3U);
  EXPECT_FLOAT_EQ(caret_place(layout, 3).y, 2 * kLine);
  EXPECT_FLOAT_EQ(caret_place(layout, 2).y, kLine);
}

TEST(TextLayout, PillsShowOnlyTheirInnerText) {
  const std::string text = "a [[bb]] c";
  const TextLayout layout = lay(text, 200, {{{2, 8}, {4, 6}}});
  // a, space, 4 padding, b, b, 4 padding, space, c
  EXPECT_FLOAT_EQ(caret_place(layout, 2).x, 20);
  EXPECT_FLOAT_EQ(caret_place(layout, 4).x, 24);
  EXPECT_FLOAT_EQ(caret_place(layout, 8).x, 48);
  const std::vector<Box> boxes = boxes_of(layout, {2, 8});
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_FLOAT_EQ(boxes[0].width, 28);
}

TEST(TextLayout, PillsAreNotBroken) {
  const TextLayout layout = lay("aaaa [[b b]]", 60, {{{5, 12}, {7, 10}}});
  ASSERT_EQ(layout.lines.size(), 2U);
  EXPECT_EQ(layout.lines[1].begin, 5U);
}

TEST(OffsetAt, FindsTheNearestStop) {
  const TextLayout layout = lay("aaa bbb", 40);
  EXPECT_EQ(offset_at(layout, 14, 5), 1U);
  EXPECT_EQ(offset_at(layout, 16, 5), 2U);
  EXPECT_EQ(offset_at(layout, 500, 5), 3U);  // before the space that ends the line
  EXPECT_EQ(offset_at(layout, 500, 25), 7U);
  EXPECT_EQ(offset_at(layout, 5, -3), 0U);
  EXPECT_EQ(offset_at(layout, 5, 400), 7U);
}

TEST(GlyphAt, IsNothingOutsideTheText) {
  const TextLayout layout = lay("ab", 100);
  EXPECT_EQ(glyph_at(layout, 15, 10), 1U);
  EXPECT_EQ(glyph_at(layout, 25, 10), std::string::npos);
}

TEST(BoxesOf, AreOneALine) {
  const TextLayout layout = lay("aaa bbb", 40);
  const std::vector<Box> boxes = boxes_of(layout, {1, 6});
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_FLOAT_EQ(boxes[0].x, 10);
  EXPECT_FLOAT_EQ(boxes[1].y, kLine);
  EXPECT_FLOAT_EQ(boxes[1].width, 20);
}

}  // namespace
}  // namespace realm::view
