#include "engine/evaluation/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace realm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ClozeScore scored(const std::string& set, double p, bool right, std::optional<int> rank) {
  ClozeScore score;
  score.item.set = set;
  score.item.title = "gold";
  score.p = p;
  score.is_right = right;
  score.gold_rank = rank;
  return score;
}

TEST(SpreadOf, GivesMeanAndMedian) {
  EXPECT_DOUBLE_EQ(spread_of({4, 1, 1}).mean, 2);
  EXPECT_DOUBLE_EQ(spread_of({4, 1, 1}).median, 1);
  EXPECT_DOUBLE_EQ(spread_of({4, 1, 2, 3}).median, 2.5);
  EXPECT_DOUBLE_EQ(spread_of({}).mean, 0);
}

TEST(Report, CountsEverySetAndAllTogether) {
  std::vector<ClozeScore> scores = {scored("a", 0.9, true, 1), scored("b", 0.2, false, 6),
                                    scored("a", 0.5, true, 3),
                                    scored("a", 0.0, false, std::nullopt)};
  scores[3].failure = "the answer is unknown";

  const EvaluationReport report = make_report(EvaluationTask::kCloze, scores);

  ASSERT_EQ(report.sets.size(), 2u);
  const SetReport& a = report.sets[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.items, 3);
  EXPECT_EQ(a.failed, 1);
  EXPECT_DOUBLE_EQ(a.right, 2.0 / 3);
  EXPECT_DOUBLE_EQ(a.p.mean, 1.4 / 3);
  EXPECT_DOUBLE_EQ(a.p.median, 0.5);
  EXPECT_DOUBLE_EQ(a.recall_at_1, 1.0 / 3);
  EXPECT_DOUBLE_EQ(a.recall_at_5, 2.0 / 3);
  EXPECT_DOUBLE_EQ(a.reciprocal_rank, (1 + 1.0 / 3) / 3);
  EXPECT_FALSE(a.p_baseline.has_value());
  EXPECT_FALSE(a.baseline_right.has_value());
  EXPECT_DOUBLE_EQ(report.sets[1].recall_at_5, 0);
  EXPECT_DOUBLE_EQ(report.sets[1].recall_at_8, 1);
  EXPECT_EQ(report.all.items, 4);
  EXPECT_DOUBLE_EQ(report.all.right, 0.5);
}

TEST(Report, LeavesItemsWithoutAGoldPassageOutOfTheRecall) {
  std::vector<ClozeScore> scores = {scored("a", 1, true, 1), scored("a", 1, true, std::nullopt)};
  scores[1].item.title.reset();
  const EvaluationReport report = make_report(EvaluationTask::kCloze, scores);
  EXPECT_EQ(report.all.with_gold, 1);
  EXPECT_DOUBLE_EQ(report.all.recall_at_1, 1);
}

TEST(Report, CountsAFailedItemAsABaselineMissToo) {
  std::vector<ClozeScore> scores = {scored("a", 1, true, 1), scored("a", 0, false, std::nullopt)};
  scores[0].p_baseline = 0.5;
  scores[0].is_baseline_right = true;
  const EvaluationReport report = make_report(EvaluationTask::kCloze, scores);
  EXPECT_DOUBLE_EQ(report.all.baseline_right.value(), 0.5);
  EXPECT_DOUBLE_EQ(report.all.p_baseline.value().mean, 0.25);
}

TEST(Report, SaysWhatPassagesWithTheAnswerAreWorth) {
  std::vector<ClozeScore> scores = {scored("a", 0.8, true, 1), scored("a", 0.5, true, 1),
                                    scored("a", 0.2, false, 1)};
  scores[0].p_null = 0.1;
  scores[1].p_null = 0.001;
  scores[2].p_null = 0;  // no ratio
  scores[0].is_null_right = true;
  scores[0].utility_with_answer = {5, 3};
  scores[1].utility_with_answer = {1};
  scores[2].utility_without_answer = {-2, 1};
  const SetReport all = make_report(EvaluationTask::kCloze, scores).all;
  EXPECT_DOUBLE_EQ(all.null_right, 1.0 / 3);
  EXPECT_DOUBLE_EQ(all.p_ratio.value(), (8.0 + 500.0) / 2);
  EXPECT_DOUBLE_EQ(all.utility_with_answer.value(), 3);  // of all such passages, not of items
  EXPECT_DOUBLE_EQ(all.utility_without_answer.value(), -0.5);
  EXPECT_FALSE(make_report(EvaluationTask::kCloze, std::vector{scores[2]}).all.p_ratio.has_value());
}

TEST(ReportJson, HoldsEveryFigureAndNeverAnInfinity) {
  ClozeScore score = scored("a", 1e-14, false, 2);
  score.log_p = -std::numeric_limits<double>::infinity();
  const auto row = nlohmann::json::parse(to_json(EvaluationTask::kCloze, score));
  EXPECT_EQ(row.at("p").get<double>(), 1e-14);
  EXPECT_TRUE(row.at("log_p").is_null());
  EXPECT_EQ(row.at("gold_rank").get<int>(), 2);
  EXPECT_TRUE(row.at("failure").is_null());

  const std::vector<ClozeScore> scores = {score};
  const auto report = nlohmann::json::parse(to_json(make_report(EvaluationTask::kCloze, scores)));
  EXPECT_EQ(report.at("task"), "cloze");
  EXPECT_EQ(report.at("sets").at(0).at("set"), "a");
  EXPECT_EQ(report.at("all").at("p").at("median").get<double>(), 1e-14);
  EXPECT_TRUE(report.at("all").at("p_baseline").is_null());
}

TEST(ReportJson, OfRetrievalHasNoFiguresOfAnswers) {
  const std::vector<ClozeScore> scores = {scored("a", 0, false, 1)};
  const auto report =
      nlohmann::json::parse(to_json(make_report(EvaluationTask::kRetrieval, scores)));
  EXPECT_EQ(report.at("all").at("recall_at_1").get<double>(), 1);
  EXPECT_FALSE(report.at("all").contains("right"));
}

TEST(ReportTable, HasALineASetAndOneForAll) {
  const std::vector<ClozeScore> scores = {scored("rivers", 0.5, true, 1),
                                          scored("ships", 1.1e-14, false, 9)};
  const std::string table = to_table(make_report(EvaluationTask::kCloze, scores));
  EXPECT_THAT(table, HasSubstr("| rivers |"));
  EXPECT_THAT(table, HasSubstr("1.1e-14 / 1.1e-14"));
  EXPECT_THAT(table, HasSubstr("| all "));
  const std::vector<ClozeScore> one = {scores[0]};
  EXPECT_THAT(to_table(make_report(EvaluationTask::kCloze, one)), Not(HasSubstr("| all ")));
}

}  // namespace
}  // namespace realm
