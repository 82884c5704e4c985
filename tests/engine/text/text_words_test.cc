#include "engine/text/text_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace realm {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (const TextWord& word : split_words(text)) result.emplace_back(word.text);
  return result;
}

TEST(SplitWords, KeepsHyphensApostrophesAndSeparatorsInside) {
  EXPECT_THAT(words("Anglo-Saxon O'Brien saw 8,849 and 3.14."),
              ElementsAre("Anglo-Saxon", "O'Brien", "saw", "8,849", "and", "3.14"));
}

TEST(SplitWords, CutsThePossessiveOff) {
  EXPECT_THAT(words("Fermat's prime, Gauss\xe2\x80\x99s proof"),
              ElementsAre("Fermat", "prime", "Gauss", "proof"));
}

TEST(SplitWords, PartsNumbersAtOtherMarks) {
  EXPECT_THAT(words("1998-03-05 3/5/98 1755,1756 1,2"),
              ElementsAre("1998", "03", "05", "3", "5", "98", "1755", "1756", "1", "2"));
}

TEST(SplitWords, TellsWhereSentencesAndCapitalsAre) {
  const std::string text = "\"\xc3\x89tude one.\" Two \xc3\x89";
  const std::vector<TextWord> all = split_words(text);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_TRUE(all[0].begins_sentence);
  EXPECT_TRUE(all[0].capitalised);
  EXPECT_FALSE(all[1].begins_sentence);
  EXPECT_FALSE(all[1].capitalised);
  EXPECT_TRUE(all[2].begins_sentence);
  EXPECT_EQ(all[2].sentence, 1U);
  EXPECT_TRUE(all[3].capitalised);
  EXPECT_FALSE(all[3].begins_sentence);
  EXPECT_EQ(text.substr(all[0].bytes.begin, all[0].bytes.size()), "\xc3\x89tude");
}

}  // namespace
}  // namespace realm
