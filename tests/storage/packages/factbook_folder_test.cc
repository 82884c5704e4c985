#include "storage/packages/factbook_folder.h"

#include <gmock/gmock.h>

#include "storage/packages/factbook_sentences.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TempDirectory;

// The passages of one profile, "title: text" each; what was skipped in brackets.
std::vector<std::string> passages_of(const std::string& profile) {
  const TempDirectory temp;
  temp.write("SUMMARY.md", "**A**\n`au` Austria\n`nl` Netherlands\n");
  temp.write("europe/au.json", profile);
  temp.write("meta/categories.json", "not a country");
  const FactbookFolder factbook = FactbookFolder::open(temp.path());
  std::vector<std::string> out;
  for (int64_t i = 0; i < factbook.size(); ++i) {
    const MadeEntry entry = factbook.make(i);
    out.push_back(entry.skipped != nullptr
                      ? "[" + std::string(entry.skipped) + "]"
                      : entry.passages.at(0).title + ": " + entry.passages.at(0).text);
  }
  return out;
}

TEST(FactbookFolder, MakesAPassageOfEachSectionInItsOrder) {
  const std::vector<std::string> passages =
      passages_of(R"json({"Introduction": {"Background": {"text": "Once an empire."}},
        "Geography": {"Area": {"total": {"text": "83,871 sq km"}, "land": {"text": "82,445 sq km"}},
                      "Natural resources": {"text": "oil, coal"},
                      "Map references": {"text": "Europe"}},
        "Energy": {"Crude oil - production": {"text": "15,290 bbl/day (2014 est.)"
}
}
, "Military" : {}
})json");
  EXPECT_THAT(
      passages,
      ::testing::ElementsAre(
          "Austria: Once an empire.",
          "Geography of Austria: The total area of Austria is 83,871 sq km. The land area of "
          "Austria is 82,445 sq km. The natural resources of Austria are oil, coal.",
          "Energy in Austria: Crude oil production of Austria: 15,290 bbl/day (2014 est.).",
          "[nothing known]"));
}

TEST(FactbookFolder, GathersPartsWithoutASentenceOfTheirOwnAndNotes) {
  const std::vector<std::string> passages =
      passages_of(R"json({"People and Society": {"Age structure": {
        "0-14 years": {"text": "14%"}, "15-24 years": {"text": "12% (2015 est.)"},
        "population pyramid": {"text": null}, "note": {
  "text" : "a guess"
}
}
}
})json");
  EXPECT_THAT(passages, ::testing::ElementsAre(
                            "People and society of Austria: Age structure of Austria: 0-14 years: "
                            "14%; 15-24 years: 12% (2015 est.). Note on the age structure of "
                            "Austria: a guess."));
}

TEST(FactbookFolder, CleansValuesAndLeavesOutTheUnknown) {
  const std::vector<std::string> passages =
      passages_of(R"json({"Economy": {"GDP (official exchange rate)": {"text": "NA"},
        "Exports": {"text": "<b>$5</b> billion (2014) ++ $4 billion &amp; more (2013)"},
        "Industries": {
    "text" : "none"}
}
})json");
  EXPECT_THAT(passages,
              ::testing::ElementsAre("Economy of Austria: The exports of Austria are worth $5 "
                                     "billion (2014); $4 billion & more (2013)."));
}

TEST(FactbookFolder, UsesNoIsBeforeAVerb) {
  const std::vector<std::string> passages =
      passages_of(R"json({"Geography": {"Climate": {"text": "varies with height"}}})json");
  EXPECT_THAT(passages,
              ::testing::ElementsAre("Geography of Austria: Climate of Austria: varies with "
                                     "height."));
}

TEST(FactbookFolder, WritesNamesOfPeopleInMixedCase) {
  const std::vector<std::string> passages =
      passages_of(R"json({"Government": {"Executive branch": {"head of government":
        {"text": "Chancellor Werner FAYMANN (SPOE) (since 2008)"
}
}
}
})json");
  EXPECT_THAT(passages,
              ::testing::ElementsAre("Government of Austria: The head of government of Austria is "
                                     "Chancellor Werner Faymann (SPOE) (since 2008)."));
}

TEST(FactbookSentences, PutTheArticleBeforeNamesThatHaveOne) {
  EXPECT_EQ(factbook::section_title("Geography", "Netherlands"), "Geography of the Netherlands");
  EXPECT_EQ(factbook::section_title("Energy", "The Bahamas"), "Energy in the Bahamas");
  EXPECT_EQ(factbook::section_title("Introduction", "The Bahamas"), "The Bahamas");
  EXPECT_EQ(factbook::sentences_for({"Border", "long", {}}, "Austria"), "Border of Austria: long.");
}

TEST(FactbookFolder, NamesTheFileThatIsNotSound) {
  const TempDirectory temp;
  temp.write("europe/au.json", "{\"Geography\": {");
  EXPECT_EQ(error_code_of([&] { FactbookFolder::open(temp.path()); }), ErrorCode::kCorruptData);
  EXPECT_THAT(error_of([&] { FactbookFolder::open(temp.path()); }), HasSubstr("au.json"));
  temp.write("europe/au.json", "{\"Geography\": 5}");
  EXPECT_THAT(error_of([&] { FactbookFolder::open(temp.path()); }), HasSubstr("'Geography'"));
  temp.write("europe/au.json", "[1]");
  EXPECT_EQ(error_code_of([&] { FactbookFolder::open(temp.path()); }), ErrorCode::kCorruptData);
  temp.write("europe/au.json", "{\"Geography\": {\"Area\": \"text\"}}");
  EXPECT_EQ(error_of([&] { FactbookFolder::open(temp.path()); }), "");
}

TEST(FactbookFolder, NeedsACountry) {
  const TempDirectory temp;
  EXPECT_EQ(error_code_of([&] { FactbookFolder::open(temp.path()); }), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { FactbookFolder::open(temp / "none"); }), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace realm
