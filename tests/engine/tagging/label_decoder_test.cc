#include "engine/tagging/label_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace realm {
namespace {

// Words of one byte with a space behind each: word i is [2i, 2i + 1).
std::vector<TypedSpan> decode(const std::vector<std::string>& names) {
  std::vector<ByteSpan> words;
  std::vector<TokenLabel> labels;
  for (size_t i = 0; i < names.size(); ++i) {
    words.push_back({2 * i, 2 * i + 1});
    labels.push_back(parse_token_label(names[i]).value());
  }
  return decode_labels(words, labels);
}

TEST(DecodeLabels, ReadsIob2) {
  EXPECT_EQ(decode({"O", "B-PER", "I-PER", "O", "B-LOC"}),
            (std::vector<TypedSpan>{{{2, 5}, "PER"}, {{8, 9}, "LOC"}}));
  EXPECT_EQ(decode({"B-PER", "B-PER", "I-PER"}),
            (std::vector<TypedSpan>{{{0, 1}, "PER"}, {{2, 5}, "PER"}}));
  EXPECT_TRUE(decode({"O", "O"}).empty());
  EXPECT_TRUE(decode({}).empty());
}

TEST(DecodeLabels, ReadsIob1InWhichInsideAlsoBegins) {
  EXPECT_EQ(decode({"I-PER", "I-PER", "O", "I-PER"}),
            (std::vector<TypedSpan>{{{0, 3}, "PER"}, {{6, 7}, "PER"}}));
  EXPECT_EQ(decode({"I-PER", "B-PER", "I-LOC"}),
            (std::vector<TypedSpan>{{{0, 1}, "PER"}, {{2, 3}, "PER"}, {{4, 5}, "LOC"}}));
}

TEST(MakeWindows, OneIsEnoughForWhatFits) {
  EXPECT_TRUE(make_windows(0, 6).empty());
  const std::vector<Window> one = make_windows(6, 6);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].begin, 0);
  EXPECT_EQ(one[0].end, 6);
  EXPECT_EQ(one[0].counts_from, 0);
  EXPECT_EQ(one[0].counts_to, 6);
}

// [0,6) [3,9) [6,10); the overlaps [3,6) and [6,9) are divided in their middles, 4 and 7.
TEST(MakeWindows, OverlapByHalf) {
  const std::vector<Window> windows = make_windows(10, 6);
  ASSERT_EQ(windows.size(), 3U);
  EXPECT_EQ(windows[1].begin, 3);
  EXPECT_EQ(windows[1].end, 9);
  EXPECT_EQ(windows[2].end, 10);
  EXPECT_EQ(windows[0].counts_to, 4);
  EXPECT_EQ(windows[1].counts_from, 4);
  EXPECT_EQ(windows[1].counts_to, 7);
  EXPECT_EQ(windows[2].counts_from, 7);
  EXPECT_EQ(windows[2].counts_to, 10);
}

TEST(MakeWindows, CountEveryPieceOnce) {
  for (int width = 2; width < 12; ++width) {
    for (int size = 0; size < 60; ++size) {
      int next = 0;
      for (const Window& window : make_windows(size, width)) {
        EXPECT_LE(window.end - window.begin, width);
        EXPECT_EQ(window.counts_from, next);
        EXPECT_LE(window.begin, window.counts_from);
        EXPECT_LT(window.counts_from, window.counts_to);
        EXPECT_LE(window.counts_to, window.end);
        next = window.counts_to;
      }
      EXPECT_EQ(next, size) << width;
    }
  }
}

}  // namespace
}  // namespace realm
