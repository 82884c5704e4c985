#include "engine/text/marked_spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MarkedSpans, TakesTheBracketsAwayAndKeepsWhereTheyStood) {
  const MarkedText marked = parse_marked_spans("The [[Rhine]] flows into the [[North Sea]].");
  EXPECT_EQ(marked.text, "The Rhine flows into the North Sea.");
  EXPECT_THAT(marked.spans, ElementsAre(ByteSpan{4, 9}, ByteSpan{25, 34}));
}

TEST(MarkedSpans, LeavesATextWithoutMarksAlone) {
  const MarkedText marked = parse_marked_spans("a [b] c]] d");
  EXPECT_EQ(marked.text, "a [b] c]] d");
  EXPECT_THAT(marked.spans, IsEmpty());
}

TEST(MarkedSpans, TellsWhereAPieceStoodBetweenTheBrackets) {
  const std::string text = "x[[ab]]y[[c]]z";
  const MarkedText marked = parse_marked_spans(text);  // "xabycz"
  const auto original = [&](size_t begin, size_t end) {
    const ByteSpan bytes = marked.original({begin, end});
    return text.substr(bytes.begin, bytes.size());
  };
  EXPECT_EQ(original(0, 1), "x");
  EXPECT_EQ(original(1, 3), "ab");
  EXPECT_EQ(original(2, 3), "b");
  EXPECT_EQ(original(3, 4), "y");
  EXPECT_EQ(original(4, 5), "c");
  EXPECT_EQ(original(5, 6), "z");
  EXPECT_EQ(original(2, 4), "b]]y");
}

TEST(MarkedSpans, RefusesBracketsThatAreNotClosed) {
  EXPECT_THROW(parse_marked_spans("a [[b"), Error);
  EXPECT_THROW(parse_marked_spans("a [[b [[c]] d]]"), Error);
}

}  // namespace
}  // namespace realm
