#include "storage/packages/foldoc_passages.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

// The text of the one passage; what was skipped gives the reason in brackets.
std::string text_of(std::string_view article) {
  const MadeEntry entry = make_foldoc_entry(article);
  if (entry.skipped != nullptr) return "[" + std::string(entry.skipped) + "]";
  EXPECT_EQ(entry.passages.size(), 1U);
  return entry.passages.at(0).text;
}

TEST(FoldocPassages, MakesAPassageOfPlainSentences) {
  const MadeEntry entry = make_foldoc_entry(
      "Fermat prime\n\n"
      "   <mathematics> A {prime number} of the form 2^2^n + 1.  Any\n"
      "   prime number of the form 2^n+1 must be a Fermat prime.\n\n"
      "   {Euler} proved that 641 is a factor of 2^2^5+1.\n\n"
      "   (1995-04-10)\n\n");
  ASSERT_EQ(entry.passages.size(), 1U);
  EXPECT_EQ(entry.passages[0].title, "Fermat prime");
  EXPECT_EQ(entry.passages[0].text,
            "A prime number of the form 2^2^n + 1. Any prime number of the form 2^n+1 must be a "
            "Fermat prime. Euler proved that 641 is a factor of 2^2^5+1.");
}

TEST(FoldocPassages, LeavesOutSubjectsPronunciationsAndOrigins) {
  EXPECT_EQ(text_of("frob\n\n   <jargon> /frob/ [MIT] A small thing.\n"), "A small thing.");
  EXPECT_EQ(text_of("SQL\n\n   <language> /S Q L/ or /see'kwel/ A query language.\n"),
            "A query language.");
  EXPECT_EQ(text_of("ISODE\n\n   (ISODE) /eye-so-dee-eee/ Software.\n"), "(ISODE) Software.");
  EXPECT_EQ(text_of("etc\n\n   /etc/passwd is a file.\n"), "/etc/passwd is a file.");
}

TEST(FoldocPassages, KeepsNumbersOfSenses) {
  EXPECT_EQ(text_of("MMI\n\n   1. Man-Machine Interface.\n\n   2. <company> A {chip} maker.\n\n"
                    "   [Dates?]\n\n   (1995-12-09)\n"),
            "1. Man-Machine Interface. 2. A chip maker.");
}

TEST(FoldocPassages, LeavesOutAddressesAndPointers) {
  EXPECT_EQ(text_of("FSF\n\n   A body.\n\n   See also {copyleft}, {GNU archive site}.\n\n"
                    "   {(ftp://ftp.gnu.ai.mit.edu)}.\n\n"
                    "   Unofficial WWW pages: {PDX\n   (http://cs.pdx.edu/gnu/)}.\n\n"
                    "   E-mail: <gnu@gnu.org>.\n\n"
                    "   Address: Free Software Foundation, Inc., Cambridge, USA.\n\n"
                    "   Telephone: +1 (617) 876 3296.\n\n   (1995-12-10)\n"),
            "A body.");
  EXPECT_EQ(text_of("data mining\n\n   {ShowCase STRATEGY (http://showcasecorp.com/)} is an\n"
                    "   example of a data mining tool.\n"),
            "ShowCase STRATEGY is an example of a data mining tool.");
  EXPECT_EQ(text_of("STk\n\n   A {Scheme} by Erick Gallesio\n   <eg@unice.fr>.  It is small.\n"),
            "A Scheme by Erick Gallesio. It is small.");
  EXPECT_EQ(text_of("lemurs\n\n   Found on the newsgroup {news:alt.fan.lemurs}.\n"),
            "Found on the newsgroup alt.fan.lemurs.");
}

TEST(FoldocPassages, LeavesOutSourcesButNotInsideASentence) {
  EXPECT_EQ(text_of("AMBUSH\n\n   A language.\n\n"
                    "   [\"AMBUSH - An Advanced Model Builder\", T.R. White et al].\n\n"
                    "   [{Jargon File}]\n"),
            "A language.");
  EXPECT_EQ(
      text_of("x\n\n   One of five languages, used in [\"Computing with Markov\"] of 1980.\n"),
      "One of five languages, used in \"Computing with Markov\" of 1980.");
}

TEST(FoldocPassages, TellsOfAPrintedSourceWhereThereIsNothingElse) {
  EXPECT_EQ(
      text_of("Fresh\n\n   <language>\n\n   [\"Fresh: A Higher-Order Language\", G. Smolka].\n"),
      "Fresh is described in \"Fresh: A Higher-Order Language\", G. Smolka.");
  EXPECT_EQ(text_of("Event Description Language\nEDL\n\n   <language> (EDL)\n\n   (1999-01-01)\n"),
            "Event Description Language is abbreviated EDL.");
}

TEST(FoldocPassages, MakesASentenceOfTheNameOfOneOther) {
  EXPECT_EQ(text_of("EBNF\n\n   <language> {Extended Backus-Naur Form}.\n"),
            "EBNF stands for Extended Backus-Naur Form.");
  EXPECT_EQ(text_of("base\n\n   {radix}\n"), "Base is another name for radix.");
}

TEST(FoldocPassages, SkipsWhatOnlyPointsElsewhere) {
  EXPECT_EQ(text_of("free\n\n   See {free software}, {free variable}.\n"),
            "[only points to other entries]");
  EXPECT_EQ(text_of("static\n\n   <programming> {static typing}.\n\n   <web> {static content}.\n"),
            "[only points to other entries]");
  EXPECT_EQ(text_of("FOLDOC\n\n   <introduction> FOLDOC is a dictionary.\n"),
            "[about the dictionary itself]");
  EXPECT_EQ(text_of("x\n\n   (1999-01-01)\n"), "[no text]");
  EXPECT_EQ(text_of(""), "[no headword]");
}

TEST(FoldocPassages, AddsHeadwordsThatTheTextDoesNotName) {
  EXPECT_EQ(text_of("optical fibre\nlight pipe\noptical fiber\nFO\n\n   (FO) A fibre for light.\n"),
            "(FO) A fibre for light. Also known as light pipe or optical fiber.");
}

TEST(FoldocPassages, KeepsBracesOfSetsAndDropsEmphasis) {
  EXPECT_EQ(text_of("set\n\n   Written {x : P}, {x | P} or { x }, and that *is* __all__.\n"),
            "Written {x : P}, {x | P} or { x }, and that is all.");
}

}  // namespace
}  // namespace realm
