#include "app/view/word_filter.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

TEST(WordFilter, FindsTextsThatHaveAllWordsInAnyOrder) {
  const WordFilter words("  REPEAT warn ");
  EXPECT_TRUE(words.finds("warning: does not repeat"));
  EXPECT_FALSE(words.finds("warning"));
  EXPECT_FALSE(words.finds(""));
}

TEST(WordFilter, WithoutWordsFindsEverything) {
  const WordFilter words("   ");
  EXPECT_TRUE(words.is_empty());
  EXPECT_TRUE(words.finds(""));
}

TEST(WordFilter, LeavesLettersBeyondAsciiAsTheyAre) {
  EXPECT_TRUE(WordFilter("m\u00FCller").finds("Herr M\u00FCller"));
  EXPECT_FALSE(WordFilter("\u00DC").finds("\u00FC"));
}

}  // namespace
}  // namespace realm::view
