#include "engine/evaluation/span_evaluation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::TempDirectory;
using Kind = SalientSpanKind;

std::filesystem::path data(std::string_view name) {
  return std::filesystem::path(REALM_EVALUATION_DATA) / name;
}

ErrorCode error_of(const std::filesystem::path& file) {
  try {
    read_labelled_texts(file);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kBusy;
}

TEST(LabelledTexts, AreReadWithTheirMarksAndKinds) {
  const TempDirectory folder;
  const auto texts = read_labelled_texts(
      folder.write("x.jsonl",
                   "{\"text\": \"In [[1998]], [[Ann]] left.\", \"kinds\": [\"date\", \"name\"]}\n"
                   "\n{\"text\": \"[[Bob]] too.\", \"title\": \"Bob\"}\n"));
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0].text, "In 1998, Ann left.");
  EXPECT_TRUE(texts[0].has_kinds);
  EXPECT_EQ(texts[0].spans,
            (std::vector<SalientSpan>{{{3, 7}, Kind::kDate}, {{9, 12}, Kind::kName}}));
  EXPECT_FALSE(texts[1].has_kinds);
  EXPECT_EQ(texts[1].spans.size(), 1U);
}

TEST(LabelledTexts, WhatIsNoSuchFileIsAnErrorWithItsLine) {
  const TempDirectory folder;
  EXPECT_EQ(error_of(folder / "absent.jsonl"), ErrorCode::kNotFound);
  for (const char* const row :
       {"", "[1]", "{\"text\": 3}", "{\"text\": \"[[a\"}", "{\"text\": \"[[a]]\", \"kinds\": []}",
        "{\"text\": \"[[a]]\", \"kinds\": [\"place\"]}", "{\"text\": \"[[a]]\", \"kinds\": [1]}"}) {
    EXPECT_EQ(error_of(folder.write("bad.jsonl", row)), ErrorCode::kCorruptData) << row;
  }
  try {
    read_labelled_texts(folder.write("bad.jsonl", "{\"text\": \"a\"}\n{}\n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
  }
}

// The name is right, the date has the wrong kind, the number the wrong end.
TEST(SpanScores, CountBoundsAndKinds) {
  const LabelledText labelled{
      "Ann 1998 7 x",
      {{{0, 3}, Kind::kName}, {{4, 8}, Kind::kDate}, {{9, 10}, Kind::kNumber}},
      true};
  const std::vector<SalientSpan> found = {
      {{0, 3}, Kind::kName}, {{4, 8}, Kind::kNumber}, {{9, 12}, Kind::kNumber}};
  SpanScores scores;
  count_spans(labelled, found, scores);
  EXPECT_EQ(scores.bounds.marked, 3);
  EXPECT_EQ(scores.bounds.found, 3);
  EXPECT_EQ(scores.bounds.right, 2);
  EXPECT_DOUBLE_EQ(scores.bounds.f1(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores.of(Kind::kName).precision(), 1.0);
  EXPECT_DOUBLE_EQ(scores.of(Kind::kDate).recall(), 0.0);
  EXPECT_TRUE(std::isnan(scores.of(Kind::kDate).precision()));
  EXPECT_DOUBLE_EQ(scores.of(Kind::kNumber).precision(), 0.0);
  EXPECT_EQ(scores.of(Kind::kNumber).found, 2);
  EXPECT_TRUE(std::isnan(SpanCounts{}.f1()));
}

TEST(SpanScores, ATextWithoutKindsCountsByItsBoundsOnly) {
  SpanScores scores;
  count_spans({"Ann", {{{0, 3}, Kind::kName}}, false},
              std::vector<SalientSpan>{{{0, 3}, Kind::kDate}}, scores);
  EXPECT_EQ(scores.bounds.right, 1);
  for (const SpanCounts& counts : scores.kinds) EXPECT_EQ(counts.marked + counts.found, 0);
}

// The floors are what was measured, less a little for a rule that changes for good reason.
// salient_spans.jsonl was looked at while the rules were made; salient_spans_unseen.jsonl was
// written before and not looked at.
TEST(RuleTaggerQuality, FindsWhatAPersonMarked) {
  const auto texts = read_labelled_texts(data("salient_spans.jsonl"));
  ASSERT_GE(texts.size(), 160U);
  const SpanScores scores = evaluate_tagger(RuleTagger(), texts);
  EXPECT_EQ(scores.bounds.marked, 316);
  EXPECT_GE(scores.bounds.precision(), 0.96);
  EXPECT_GE(scores.bounds.recall(), 0.97);
  EXPECT_GE(scores.of(Kind::kName).f1(), 0.95);
  EXPECT_GE(scores.of(Kind::kDate).f1(), 0.98);
  EXPECT_GE(scores.of(Kind::kNumber).f1(), 0.99);
}

TEST(RuleTaggerQuality, FindsWhatAPersonMarkedInSentencesThatNoRuleWasMadeFor) {
  const auto texts = read_labelled_texts(data("salient_spans_unseen.jsonl"));
  const SpanScores scores = evaluate_tagger(RuleTagger(), texts);
  EXPECT_EQ(scores.bounds.marked, 122);
  EXPECT_GE(scores.bounds.precision(), 0.98);
  EXPECT_GE(scores.bounds.recall(), 0.99);
}

}  // namespace
}  // namespace realm
