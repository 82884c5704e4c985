#include "engine/text/sentence_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> parts;
  for (const ByteSpan& span : split_sentences(text))
    parts.emplace_back(text.substr(span.begin, span.size()));
  return parts;
}

TEST(SentenceSplitter, EndsSentencesAtTheirMarks) {
  EXPECT_THAT(sentences("It rains. Does it? Yes! It does."),
              ElementsAre("It rains.", "Does it?", "Yes!", "It does."));
  EXPECT_THAT(sentences("No mark at the end"), ElementsAre("No mark at the end"));
  EXPECT_THAT(sentences(" \n \n "), IsEmpty());
  EXPECT_THAT(sentences(""), IsEmpty());
}

TEST(SentenceSplitter, KeepsQuotesAndBracketsWithTheirSentence) {
  EXPECT_THAT(sentences("He said \"Go.\" She went. (It was late.) They left."),
              ElementsAre("He said \"Go.\"", "She went.", "(It was late.)", "They left."));
  EXPECT_THAT(sentences("\xe2\x80\x9cGo.\xe2\x80\x9d She went."),
              ElementsAre("\xe2\x80\x9cGo.\xe2\x80\x9d", "She went."));
}

TEST(SentenceSplitter, ALowerCaseLetterGoesOnWithTheSentence) {
  EXPECT_THAT(sentences("The band Wham! was popular. So was Yahoo! in 1999."),
              ElementsAre("The band Wham! was popular.", "So was Yahoo! in 1999."));
  EXPECT_THAT(sentences("the cat (felis) approx. two years old"),
              ElementsAre("the cat (felis) approx. two years old"));
}

TEST(SentenceSplitter, DotsInsideNumbersAndNamesDoNotCount) {
  EXPECT_THAT(sentences("Pi is 3.14 or so. See example.com for more."),
              ElementsAre("Pi is 3.14 or so.", "See example.com for more."));
}

TEST(SentenceSplitter, TitlesAnnounceAName) {
  EXPECT_THAT(sentences("Dr. Smith met Gen. Lee. They spoke."),
              ElementsAre("Dr. Smith met Gen. Lee.", "They spoke."));
  EXPECT_THAT(sentences("Mr. No was a film. It ran in St. Louis."),
              ElementsAre("Mr. No was a film.", "It ran in St. Louis."));
}

TEST(SentenceSplitter, InitialsAndShortFormsGoOnUnlessASentenceStarts) {
  EXPECT_THAT(sentences("J. R. R. Tolkien wrote it. He lived in England."),
              ElementsAre("J. R. R. Tolkien wrote it.", "He lived in England."));
  EXPECT_THAT(sentences("The U.S. Army came to the U.S. The war was over."),
              ElementsAre("The U.S. Army came to the U.S.", "The war was over."));
  EXPECT_THAT(sentences("Apple Inc. Chairman Smith left Apple Inc. In May he came back."),
              ElementsAre("Apple Inc. Chairman Smith left Apple Inc.", "In May he came back."));
  EXPECT_THAT(sentences("It is rich in vitamin C. It grows in Asia."),
              ElementsAre("It is rich in vitamin C.", "It grows in Asia."));
}

TEST(SentenceSplitter, ShortFormsBeforeNumbersGoOn) {
  EXPECT_THAT(sentences("On Jan. 5 it was No. 3 on pp. 12 and c. 1900 years old."),
              ElementsAre("On Jan. 5 it was No. 3 on pp. 12 and c. 1900 years old."));
  EXPECT_THAT(sentences("Is it art? It is no art. Nor is it dear to Jan. He left."),
              ElementsAre("Is it art?", "It is no art.", "Nor is it dear to Jan.", "He left."));
}

TEST(SentenceSplitter, ANumberEndsASentenceButNotAListItem) {
  EXPECT_THAT(sentences("He was born in 1815. In 1830 he left."),
              ElementsAre("He was born in 1815.", "In 1830 he left."));
  EXPECT_THAT(sentences("1. First do this. 2. Then that."),
              ElementsAre("1. First do this.", "2. Then that."));
}

TEST(SentenceSplitter, ABlankLineEndsAHeading) {
  EXPECT_THAT(sentences("Mataura Island\n\nIt is a farming\ncommunity. It lies south."),
              ElementsAre("Mataura Island", "It is a farming\ncommunity.", "It lies south."));
}

TEST(SentenceSplitter, IdeographicMarksNeedNoSpace) {
  EXPECT_THAT(
      sentences("\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82\xe5\x86\x8d\xe8\xa7\x81\xef\xbc\x81"),
      ElementsAre("\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82", "\xe5\x86\x8d\xe8\xa7\x81\xef\xbc\x81"));
}

TEST(SentenceSplitter, EllipsesEndASentenceBeforeACapital) {
  EXPECT_THAT(sentences("He waited... Then he left. He ran... and fell."),
              ElementsAre("He waited...", "Then he left.", "He ran... and fell."));
}

}  // namespace
}  // namespace realm
