#include "app/view/highlight.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

std::vector<std::string> marked(std::string_view text, const std::vector<Mark>& marks,
                                MarkKind kind) {
  std::vector<std::string> words;
  for (const Mark& mark : marks) {
    if (mark.kind == kind)
      words.emplace_back(text.substr(mark.range.begin, mark.range.end - mark.range.begin));
  }
  return words;
}

TEST(MarkPassage, MarksSharedWordsAndTheAnswer) {
  const std::string text =
      "257 is a Fermat prime. Thus a regular polygon with 257 sides is constructible.";
  const std::vector<std::string> answers = {"fermat"};
  const std::vector<Mark> marks = mark_passage(text, "3 is a [[Fermat]] prime", answers);
  EXPECT_EQ(marked(text, marks, MarkKind::kAnswer), std::vector<std::string>{"Fermat"});
  EXPECT_EQ(marked(text, marks, MarkKind::kQueryWord), std::vector<std::string>{"prime"});
}

TEST(MarkPassage, MarksAnswersOfSeveralWordsOnlyWhole) {
  const std::string text = "York is not New York.";
  const std::vector<std::string> answers = {"new york"};
  const std::vector<Mark> marks = mark_passage(text, "[MASK]", answers);
  EXPECT_EQ(marked(text, marks, MarkKind::kAnswer), std::vector<std::string>{"New York"});
}

TEST(MarkPassage, MarksNothingWithoutAQuestion) {
  EXPECT_TRUE(mark_passage("any text", "", {}).empty());
  EXPECT_TRUE(mark_passage("", "any text", {}).empty());
}

TEST(MarkHits, FollowsPhrasesAndExclusions) {
  const std::string text = "The river Rhine flows north; a north wind.";
  EXPECT_EQ(marked(text, mark_hits(text, "rhine -wind \"flows north\""), MarkKind::kHit),
            (std::vector<std::string>{"Rhine", "flows north"}));
  EXPECT_TRUE(mark_hits(text, "\"").empty());
  EXPECT_TRUE(mark_hits(text, "-").empty());
}

TEST(ParseSnippet, TakesTheMarksOut) {
  const MarkedText snippet = parse_snippet("a \x02hit\x03\nend \x02open");
  EXPECT_EQ(snippet.text, "a hit end open");
  ASSERT_EQ(snippet.marks.size(), 1U);
  EXPECT_EQ(snippet.marks[0].range, (TextRange{2, 5}));
}

TEST(Highlight, MarksWhatExpressionsFindBesideWords) {
  const std::vector<std::string> expressions = {"\\d+", "(?i)RHINE"};
  const std::vector<Mark> marks = mark_found("The Rhine in 1642 flows", "flows rhine", expressions);
  EXPECT_EQ(marks,
            (std::vector<Mark>{
                {{4, 9}, MarkKind::kHit}, {{13, 17}, MarkKind::kHit}, {{18, 23}, MarkKind::kHit}}));
  EXPECT_EQ(mark_found("The Rhine", "rhine", {}), mark_hits("The Rhine", "rhine"));
}

}  // namespace
}  // namespace realm::view
