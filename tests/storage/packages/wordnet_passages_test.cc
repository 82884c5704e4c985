#include "storage/packages/wordnet_passages.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

std::string text_of(std::string_view article) {
  const MadeEntry entry = make_wordnet_entry(article);
  if (entry.skipped != nullptr) return "[" + std::string(entry.skipped) + "]";
  EXPECT_EQ(entry.passages.size(), 1U);
  return entry.passages.at(0).text;
}

TEST(WordnetPassages, MakesASentenceOfAMeaning) {
  const MadeEntry entry = make_wordnet_entry(
      "aardvark\n"
      "    n 1: nocturnal burrowing mammal of the grasslands of Africa that\n"
      "         feeds on termites; sole extant representative of the order\n"
      "         Tubulidentata [syn: {aardvark}, {ant bear}, {anteater},\n"
      "         {Orycteropus afer}]\n");
  ASSERT_EQ(entry.passages.size(), 1U);
  EXPECT_EQ(entry.passages[0].title, "aardvark");
  EXPECT_EQ(entry.passages[0].text,
            "An aardvark, also called ant bear, anteater or Orycteropus afer, is a nocturnal "
            "burrowing mammal of the grasslands of Africa that feeds on termites; sole extant "
            "representative of the order Tubulidentata.");
}

TEST(WordnetPassages, TellsMeaningsInOrderWithExamplesAndOpposites) {
  EXPECT_EQ(text_of("day\n"
                    "    n 1: a time for rest; \"take a day\"; \"day by day\"- A. Poet\n"
                    "         [syn: {day}, {day off}] [ant: {night}]\n"
                    "    2: the period of light\n"),
            "A day, also called day off, is a time for rest. For example: \"take a day\"; \"day by "
            "day\" (A. Poet). The opposite is night. The day is also the period of light.");
}

TEST(WordnetPassages, LeavesOutWhatIsNoNoun) {
  EXPECT_EQ(text_of("idle\n    adj 1: not at work\n    2: silly\n    n 1: the state of an engine\n"
                    "    v 1: run disconnected\n    2: do nothing\n"),
            "Idle is the state of an engine.");
  EXPECT_EQ(text_of("run\n    v 1: move fast\n"), "[not a noun]");
}

TEST(WordnetPassages, GivesAMeaningToItsFirstWordAndToTheFullName) {
  constexpr std::string_view kSense =
      "\n    n 1: United States politician (1756-1836) [syn: {Burr}, {Aaron Burr}, {A. Burr}]\n";
  EXPECT_EQ(text_of("Burr" + std::string(kSense)),
            "Burr, also called Aaron Burr or A. Burr, was a United States politician (1756-1836).");
  EXPECT_EQ(text_of("Aaron Burr" + std::string(kSense)),
            "Aaron Burr, also called Burr or A. Burr, was a United States politician (1756-1836).");
  EXPECT_EQ(text_of("A. Burr" + std::string(kSense)), "[told under another word]");
}

TEST(WordnetPassages, KeepsTheSpellingOfEachMeaning) {
  EXPECT_EQ(text_of("gibbon\n"
                    "    n 1: English historian (1737-1794) [syn: {Gibbon}, {Edward Gibbon}]\n"
                    "    2: small ape [syn: {gibbon}, {Hylobates lar}]\n"),
            "Gibbon, also called Edward Gibbon, was an English historian (1737-1794). A gibbon, or "
            "Hylobates lar, is also a small ape.");
}

TEST(WordnetPassages, PutsTheFieldInFront) {
  EXPECT_EQ(text_of("id\n    n 1: (psychoanalysis) primitive instincts\n"),
            "In psychoanalysis, id refers to primitive instincts.");
  EXPECT_EQ(text_of("Aaron\n    n 1: (Old Testament) elder brother of Moses\n"),
            "In the Old Testament, Aaron is an elder brother of Moses.");
  EXPECT_EQ(text_of("means\n    n 1: (usually plural) a way\n"),
            "Means is (usually plural) a way.");
}

TEST(WordnetPassages, ChoosesArticlesByTheGloss) {
  EXPECT_EQ(text_of("champagne\n    n 1: sparkling white wine\n"),
            "Champagne is sparkling white wine.");
  EXPECT_EQ(text_of("idealism\n    n 1: a theory\n"), "Idealism is a theory.");
  EXPECT_EQ(text_of("genus Acer\n    n 1: type genus of the Aceraceae\n"),
            "Genus Acer is a type genus of the Aceraceae.");
  EXPECT_EQ(text_of("langur\n    n 1: largest monkey\n"), "Langur is the largest monkey.");
  EXPECT_EQ(text_of("facial vein\n    n 1: drains the face\n"), "A facial vein drains the face.");
}

TEST(WordnetPassages, TakesDamagedArticles) {
  EXPECT_EQ(text_of("Burr\n    n 1: a man [syn: {Burr}, {}, { }]\n"), "Burr is a man.");
  EXPECT_EQ(text_of("burr\n    n 1: a seed [syn: {bur\n"), "A burr is a seed.");
  EXPECT_EQ(text_of("burr\n    n 1: \n    2: [syn: {burr}]\n"), "[not a noun]");
  EXPECT_EQ(text_of("burr\n    n 1: a seed; \"an example\n"), "A burr is a seed.");
  EXPECT_EQ(text_of(""), "[not a noun]");
}

TEST(WordnetPassages, JoinsNamesThatAreWrapped) {
  EXPECT_EQ(text_of("andiron\n    n 1: a support [syn: {andiron}, {dog-\n         iron}]\n"),
            "An andiron, also called dog-iron, is a support.");
}

}  // namespace
}  // namespace realm
