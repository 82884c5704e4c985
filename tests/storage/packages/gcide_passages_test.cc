#include "storage/packages/gcide_passages.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

std::string text_of(std::string_view article) {
  const MadeEntry entry = make_gcide_entry(article);
  if (entry.skipped != nullptr) return "[" + std::string(entry.skipped) + "]";
  return entry.passages.at(0).text;
}

TEST(GcidePassages, LeavesOutPronunciationEtymologyAndMarks) {
  const MadeEntry entry = make_gcide_entry(
      "Benefit \\Ben\"e*fit\\, n. [OE. benefet, F.\n   bienfait. See {Bounty}, and [x] {Fact}.]\n"
      "   1. An act of kindness; a favor conferred.\n      [1913 Webster]\n\n"
      "            Bless the Lord, and forget not all his\n"
      "            benefits.                     --Ps. ciii. 2.\n      [1913 Webster]\n\n"
      "   2. Beneficence. [Obs.] See {Advantage}.\n\n   Syn: Profit; service.\n"
      "        [1913 Webster]\n\n");
  ASSERT_EQ(entry.passages.size(), 1U);
  EXPECT_EQ(entry.passages[0].title, "Benefit");
  EXPECT_EQ(entry.passages[0].text,
            "Benefit (noun): 1. An act of kindness; a favor conferred. Bless the Lord, and forget "
            "not all his benefits. (Ps. ciii. 2.) 2. Beneficence. (obsolete) See Advantage. "
            "Synonyms: Profit; service.");
}

TEST(GcidePassages, ReadsHeadingsWithoutAPartOfSpeech) {
  EXPECT_EQ(text_of("Benefit society \\Benefit society\\\n   A society.\n   [1913 Webster]\n"),
            "Benefit society: A society.");
}

TEST(GcidePassages, LeavesOutOtherSpellings) {
  EXPECT_EQ(
      text_of("Aaronic \\Aa*ron\"ic\\, Aaronical \\Aa*ron\"ic*al\\\n   (-kal), a.\n   Pertaining "
              "to Aaron.\n"),
      "Aaronic (adjective): Pertaining to Aaron.");
}

TEST(GcidePassages, LeavesOutDerivedWords) {
  EXPECT_EQ(text_of("Gainful \\Gain\"ful\\, a.\n   Profitable. -- {Gain\"ful*ly}, adv.\n"),
            "Gainful (adjective): Profitable.");
}

TEST(GcidePassages, SkipsWhatHasNoText) {
  EXPECT_EQ(text_of("Xx \\Xx\\, n.\n   [1913 Webster]\n"), "[no text]");
  EXPECT_EQ(text_of(""), "[no headword]");
}

}  // namespace
}  // namespace realm
