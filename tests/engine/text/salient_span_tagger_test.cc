#include "engine/text/salient_span_tagger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> spans(std::string_view text, SalientSpanKind kind,
                               std::shared_ptr<const NameLexicon> lexicon = nullptr) {
  std::vector<std::string> found;
  for (const SalientSpan& span : RuleTagger(std::move(lexicon)).tag(text)) {
    if (span.kind == kind) found.emplace_back(text.substr(span.bytes.begin, span.bytes.size()));
  }
  return found;
}
std::vector<std::string> names(std::string_view text) {
  return spans(text, SalientSpanKind::kName);
}
std::vector<std::string> dates(std::string_view text) {
  return spans(text, SalientSpanKind::kDate);
}
std::vector<std::string> numbers(std::string_view text) {
  return spans(text, SalientSpanKind::kNumber);
}

TEST(RuleTagger, FindsDatesInTheirUsualForms) {
  EXPECT_THAT(dates("It began on March 5, 1998 and ended on 7 June 2001."),
              ElementsAre("March 5, 1998", "7 June 2001"));
  EXPECT_THAT(dates("It was Friday, March 5, or the 5th of March."),
              ElementsAre("Friday, March 5", "5th of March"));
  EXPECT_THAT(dates("From Jan. 5 to Sept 1999 and in October, 1755."),
              ElementsAre("Jan. 5", "Sept 1999", "October, 1755"));
  EXPECT_THAT(dates("On 1998-03-05 or 3/5/1998."), ElementsAre("1998-03-05", "3/5/1998"));
  EXPECT_THAT(dates("In 1914\xe2\x80\x93"
                    "1918, the 1990s and the 19th century."),
              ElementsAre("1914", "1918", "1990s", "19th century"));
  EXPECT_THAT(dates("Caesar died in 44 BC on a Monday in July."),
              ElementsAre("44 BC", "Monday", "July"));
}

TEST(RuleTagger, DoesNotTakeOtherWordsForDates) {
  EXPECT_THAT(dates("It may be that Theresa May met Jan on 32 May."), IsEmpty());
  EXPECT_THAT(dates("He has 3000 books, 5 cats and 12345 stamps."), IsEmpty());
  EXPECT_THAT(dates("It was in May."), ElementsAre("May"));
}

TEST(RuleTagger, ADateDoesNotReachIntoTheNextSentence) {
  EXPECT_THAT(dates("He left in March. 1998 was better."), ElementsAre("March", "1998"));
}

TEST(RuleTagger, FindsNumbersWithTheirMagnitude) {
  EXPECT_THAT(numbers("It is 8,849 metres, or 3.5 million steps, 12% more, the 21st."),
              ElementsAre("8,849", "3.5 million", "12%", "21st"));
  EXPECT_THAT(numbers("A 3D film of 747s."), IsEmpty());
}

TEST(RuleTagger, FindsRunsOfCapitalisedWords) {
  EXPECT_THAT(names("He went to the University of California and to New York City."),
              ElementsAre("University of California", "New York City"));
  EXPECT_THAT(names("We read J. R. R. Tolkien and Dr. Smith in the U.S. Army."),
              ElementsAre("J. R. R. Tolkien", "Dr. Smith", "U.S. Army"));
  EXPECT_THAT(names("They met Ludwig van Beethoven, Anglo-Saxon poets and the Bank of the West."),
              ElementsAre("Ludwig van Beethoven", "Anglo-Saxon", "Bank of the West"));
  EXPECT_THAT(names("They saw Zo\xc3\xab and \xc3\x93"
                    "buda."),
              ElementsAre("Zo\xc3\xab",
                          "\xc3\x93"
                          "buda"));
}

TEST(RuleTagger, JuniorBelongsToTheNameBeforeTheComma) {
  EXPECT_THAT(names("They met Henry Louttit, Jr. and Bohr, Curie."),
              ElementsAre("Henry Louttit, Jr", "Bohr", "Curie"));
}

TEST(RuleTagger, AParticleEndsANameUnlessACapitalFollows) {
  EXPECT_THAT(names("They met Bohr of the institute."), ElementsAre("Bohr"));
}

TEST(RuleTagger, ADateEndsAName) {
  EXPECT_THAT(names("They met Bohr March 5."), ElementsAre("Bohr"));
}

TEST(RuleTagger, TheFirstWordOfASentenceNeedsMoreThanItsCapital) {
  EXPECT_THAT(names("The river is long. However, scientists agree. Scientists agree."), IsEmpty());
  EXPECT_THAT(names("In London it rains."), ElementsAre("London"));
  EXPECT_THAT(names("Lisbon is the capital of Portugal."), ElementsAre("Lisbon", "Portugal"));
  EXPECT_THAT(names("Lisbon's port is old."), ElementsAre("Lisbon"));
  EXPECT_THAT(names("Rain fell on Lisbon. Lisbon slept."), ElementsAre("Lisbon", "Lisbon"));
  EXPECT_THAT(names("Marie Curie slept."), ElementsAre("Marie Curie"));
}

TEST(RuleTagger, IAndSingleLettersAreNoNames) {
  EXPECT_THAT(names("He and I took vitamin C yesterday."), IsEmpty());
}

TEST(RuleTagger, ALexiconDecidesAboutTheFirstWord) {
  auto lexicon = std::make_shared<NameLexicon>();
  lexicon->add("The port of Lisbon. Water flows; the water is cold. He went to Water Street.");
  EXPECT_TRUE(lexicon->is_name("Lisbon"));
  EXPECT_FALSE(lexicon->is_name("Water"));
  EXPECT_FALSE(lexicon->is_name("Port"));
  EXPECT_FALSE(lexicon->is_name("Unseen"));
  EXPECT_THAT(spans("Lisbon slept. Water is wet.", SalientSpanKind::kName, lexicon),
              ElementsAre("Lisbon"));
}

TEST(RuleTagger, SpansAreInOrderAndApart) {
  const std::string text =
      "On March 5, 1998 Marie Curie of Paris, 66, gave 5 million francs to the Sorbonne.";
  size_t end = 0;
  const std::vector<SalientSpan> found = RuleTagger().tag(text);
  EXPECT_EQ(found.size(), 5U);
  for (const SalientSpan& span : found) {
    EXPECT_GE(span.bytes.begin, end);
    EXPECT_GT(span.bytes.end, span.bytes.begin);
    end = span.bytes.end;
  }
  EXPECT_LE(end, text.size());
}

}  // namespace
}  // namespace realm
