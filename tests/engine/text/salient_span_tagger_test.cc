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

TEST(RuleTagger, FindsRangesAndOtherFormsOfDates) {
  EXPECT_THAT(dates("From May 3-5, 2019 and 5\xe2\x80\x93"
                    "7 June to 2019/11/30 and 05.03.1998."),
              ElementsAre("May 3-5, 2019",
                          "5\xe2\x80\x93"
                          "7 June",
                          "2019/11/30", "05.03.1998"));
  EXPECT_THAT(dates("On Friday the 13th, on Mondays, on the Fourth of July, in mid-May 1940."),
              ElementsAre("Friday the 13th", "Mondays", "Fourth of July", "May 1940"));
  EXPECT_THAT(dates("The war of 1914-18, AD 79, the second century BC, the 3rd millennium."),
              ElementsAre("1914-18", "AD 79", "second century BC", "3rd millennium"));
  EXPECT_THAT(dates("In 800, he was crowned; it is 800, or 45.13.1998."), ElementsAre("800"));
}

TEST(RuleTagger, AFourDigitNumberThatCountsIsNoYear) {
  EXPECT_THAT(dates("Nearly 1500 died. There 1200 people live. In 1900 people moved on."),
              ElementsAre("1900"));
}

TEST(RuleTagger, FindsShortWeekdaysAndShortYears) {
  EXPECT_THAT(dates("It was sent on Wed., Dec. 3rd, 1999, and came on Sat 5 March."),
              ElementsAre("Wed., Dec. 3rd, 1999", "Sat 5 March"));
  EXPECT_THAT(dates("She left on 3 Dec '99, in May \u201998 or on 20/12/18."),
              ElementsAre("3 Dec '99", "May \u201998", "20/12/18"));
  EXPECT_THAT(dates("The '90s were loud."), ElementsAre("90s"));
  EXPECT_THAT(dates("They sat down in Sun City with 90s of them, 25/30/18 of all."), IsEmpty());
}

TEST(RuleTagger, DoesNotTakeOtherWordsForDates) {
  EXPECT_THAT(dates("March on, they said. March was cold."), IsEmpty());
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

TEST(RuleTagger, ANumberHasItsSignAndCurrency) {
  EXPECT_THAT(numbers("At -40 or \xe2\x88\x92"
                      "5 degrees, $300, \xe2\x82\xac"
                      "4.5 billion, 10-15 g."),
              ElementsAre("-40",
                          "\xe2\x88\x92"
                          "5",
                          "$300",
                          "\xe2\x82\xac"
                          "4.5 billion",
                          "10", "15"));
  EXPECT_THAT(numbers("At 9:45 add 3/4 of it, 3.5 percent."), ElementsAre("9:45", "3/4", "3.5"));
}

TEST(RuleTagger, FindsNumbersInWords) {
  EXPECT_THAT(numbers("Eight men, twenty-five women, two hundred and fifty thousand ants."),
              ElementsAre("Eight", "twenty-five", "two hundred and fifty thousand"));
  EXPECT_THAT(numbers("One million, one of them, two thirds, the Seven Sisters, seventh."),
              ElementsAre("One million"));
}

TEST(RuleTagger, FindsRunsOfCapitalisedWords) {
  EXPECT_THAT(names("He went to the University of California and to New York City."),
              ElementsAre("University of California", "New York City"));
  EXPECT_THAT(names("We read J. R. R. Tolkien and Dr. Smith in the U.S. Army."),
              ElementsAre("J. R. R. Tolkien", "Smith", "U.S. Army"));
  EXPECT_THAT(names("They met Ludwig van Beethoven, Anglo-Saxon poets and the Bank of the West."),
              ElementsAre("Ludwig van Beethoven", "Anglo-Saxon", "Bank of the West"));
  EXPECT_THAT(names("They saw Zo\xc3\xab and \xc3\x93"
                    "buda."),
              ElementsAre("Zo\xc3\xab",
                          "\xc3\x93"
                          "buda"));
}

TEST(RuleTagger, ATitleBeforeANameIsNoPartOfIt) {
  EXPECT_THAT(
      names("They met President Roosevelt, Prime Minister Indira Gandhi and Mrs. Dalloway."),
      ElementsAre("Roosevelt", "Indira Gandhi", "Dalloway"));
  EXPECT_THAT(names("Queen Victoria slept in St. Louis near the King of Spain."),
              ElementsAre("Victoria", "St. Louis", "King of Spain"));
}

TEST(RuleTagger, OfJoinsInstitutionsButNotPersonsAndPlaces) {
  EXPECT_THAT(names("He met Kofi Annan of Ghana at the Museum of Modern Art."),
              ElementsAre("Kofi Annan", "Ghana", "Museum of Modern Art"));
  EXPECT_THAT(names("He joined the Federal Bureau of Investigation."),
              ElementsAre("Federal Bureau of Investigation"));
}

TEST(RuleTagger, ANameInQuotesIsWhole) {
  EXPECT_THAT(names("He read \xe2\x80\x9cWar and Peace\xe2\x80\x9d and \"Pride and Prejudice\"."),
              ElementsAre("War and Peace", "Pride and Prejudice"));
  EXPECT_THAT(names("He said: \"Nobody and nothing moved.\""), IsEmpty());
}

TEST(RuleTagger, FindsNamesWithHyphensPrefixesNumbersAndDots) {
  EXPECT_THAT(names("The Paris-based crew of Apollo 11 left the U.S. by sea."),
              ElementsAre("Paris", "Apollo 11", "U.S."));
  EXPECT_THAT(names("C\xc3\xb4te d'Ivoire exports cocoa. He saw Harun al-Rashid."),
              ElementsAre("C\xc3\xb4te d'Ivoire", "Harun al-Rashid"));
  EXPECT_THAT(names("He saw St Paul's Cathedral and Lisbon's Tower."),
              ElementsAre("St Paul's Cathedral", "Lisbon", "Tower"));
}

TEST(RuleTagger, CapitalsMakeANameUnlessTheyStandForCommonWords) {
  EXPECT_THAT(names("NASA found DNA with the WHO, said a CEO."), ElementsAre("NASA", "WHO"));
}

TEST(RuleTagger, JuniorBelongsToTheNameBeforeTheComma) {
  EXPECT_THAT(names("They met Henry Louttit, Jr. and Bohr, Curie."),
              ElementsAre("Henry Louttit, Jr.", "Bohr", "Curie"));
}

TEST(RuleTagger, AParticleEndsANameUnlessACapitalFollows) {
  EXPECT_THAT(names("They met Bohr of the institute."), ElementsAre("Bohr"));
}

TEST(RuleTagger, ADateEndsAName) {
  EXPECT_THAT(names("They met Bohr March 5."), ElementsAre("Bohr"));
}

TEST(RuleTagger, TheFirstWordOfASentenceNeedsMoreThanItsCapital) {
  EXPECT_THAT(names("The river is long. However, scientists agree. Scientists agree."), IsEmpty());
  EXPECT_THAT(names("Scientists agreed. Penguins and seals swim. Farmers had cows."), IsEmpty());
  EXPECT_THAT(names("In London it rains."), ElementsAre("London"));
  EXPECT_THAT(names("Lisbon is the capital of Portugal."), ElementsAre("Lisbon", "Portugal"));
  EXPECT_THAT(names("Lisbon's port is old."), ElementsAre("Lisbon"));
  EXPECT_THAT(names("Rain fell on Lisbon. Lisbon slept."), ElementsAre("Lisbon", "Lisbon"));
  EXPECT_THAT(names("Marie Curie slept."), ElementsAre("Marie Curie"));
  EXPECT_THAT(names("Athens, Sparta and Corinth fought."),
              ElementsAre("Athens", "Sparta", "Corinth"));
  EXPECT_THAT(names("Newton described gravity. Rolls-Royce makes engines."),
              ElementsAre("Newton", "Rolls-Royce"));
}

TEST(RuleTagger, IAndSingleLettersAreNoNames) {
  EXPECT_THAT(names("He and I took vitamin C yesterday."), IsEmpty());
}

TEST(RuleTagger, ALexiconDecidesAboutTheFirstWord) {
  auto lexicon = std::make_shared<NameLexicon>();
  lexicon->add("The port of Lisbon. Water flows; the water is cold. He went to Water Street.");
  EXPECT_THAT(spans("Lisbon slept. Water is wet.", SalientSpanKind::kName, lexicon),
              ElementsAre("Lisbon"));
  EXPECT_THAT(spans("Geneva is a city it does not know.", SalientSpanKind::kName, lexicon),
              ElementsAre("Geneva"));
}

TEST(RuleTagger, ATitleOfTheCorpusIsAName) {
  auto lexicon = std::make_shared<NameLexicon>();
  lexicon->add_title("Trinidad and Tobago");
  lexicon->add_title("The Hague");
  lexicon->add_title("Turkey (country)");
  EXPECT_THAT(spans("Trinidad and Tobago, The Hague. Turkey sleeps. Geese sleep.",
                    SalientSpanKind::kName, lexicon),
              ElementsAre("Trinidad and Tobago", "The Hague", "Turkey"));
}

TEST(SalientSpanKind, HasANameThatIsReadBack) {
  for (const auto kind : {SalientSpanKind::kName, SalientSpanKind::kDate, SalientSpanKind::kNumber})
    EXPECT_EQ(parse_kind(kind_name(kind)), kind);
  EXPECT_EQ(parse_kind("person"), std::nullopt);
}

TEST(SalientSpanTagger, TagsManyTextsAsItTagsEach) {
  const RuleTagger tagger;
  const std::vector<std::string_view> texts = {"In London.", "", "In 1998."};
  const auto found = tagger.tag_all(texts);
  ASSERT_EQ(found.size(), 3U);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(found[i], tagger.tag(texts[i]));
}

TEST(RuleTagger, SpansAreInOrderAndApart) {
  const std::string text =
      "On March 5, 1998 Marie Curie of Paris, 66, gave 5 million francs to the Sorbonne.";
  size_t end = 0;
  const std::vector<SalientSpan> found = RuleTagger().tag(text);
  EXPECT_EQ(found.size(), 6U);
  for (const SalientSpan& span : found) {
    EXPECT_GE(span.bytes.begin, end);
    EXPECT_GT(span.bytes.end, span.bytes.begin);
    end = span.bytes.end;
  }
  EXPECT_LE(end, text.size());
}

}  // namespace
}  // namespace realm
