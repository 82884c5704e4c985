#include "storage/text_cleaning.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(CleanText, TrimsAndTurnsLineEndsIntoLineFeeds) {
  std::string text = " \r\n one\r\ntwo\rthree\n ";
  EXPECT_FALSE(clean_text(text));
  EXPECT_EQ(text, "one\ntwo\nthree");
}

TEST(CleanText, TurnsControlCharactersIntoSpaces) {
  std::string text(
      "a\0b\x02"
      "c\x7f"
      "d\te",
      9);
  EXPECT_TRUE(clean_text(text));
  EXPECT_EQ(text, "a b c d\te");
}

TEST(CleanText, LeavesNothingOfABlankText) {
  std::string text = " \t\n";
  clean_text(text);
  EXPECT_EQ(text, "");
}

TEST(CleanLine, PutsATitleOnOneLine) {
  std::string title = " The\r\nRhine\tand more ";
  EXPECT_FALSE(clean_line(title));
  EXPECT_EQ(title, "The Rhine and more");
}

TEST(FirstWords, GivesAShortTextOnOneLine) {
  EXPECT_EQ(first_words("one\n two\t three", 40), "one two three");
}

TEST(FirstWords, CutsBetweenWords) { EXPECT_EQ(first_words("one two three four", 12), "one two…"); }

TEST(FirstWords, CutsALongWordBetweenCharacters) {
  // Each letter has two bytes: five bytes hold two of them.
  EXPECT_EQ(first_words("ÄÖÜÄÖÜ", 5), "ÄÖ…");
}

TEST(CountWords, CountsRunsOfWhatIsNotBlank) {
  EXPECT_EQ(count_words(""), 0);
  EXPECT_EQ(count_words("  one  two\nthree "), 3);
}

}  // namespace
}  // namespace realm
