#include "trainer/tasks/marginal_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace realm {
namespace {

std::map<std::string, double> by_name(const Metrics& metrics) {
  return {metrics.begin(), metrics.end()};
}

torch::Tensor logs(const std::vector<float>& values, at::IntArrayRef shape) {
  return torch::tensor(values).log().view(shape);
}

// One passage and the null document, up to two masked pieces.
//   x1 names passage 7, which is its candidate and the first hit:
//     p(z|x) = 0.75, 0.25; p(y_1|z,x) p(y_2|z,x) = 0.5 * 0.4 = 0.2 and 0.1 * 0.5 = 0.05
//     p(y|x) = 0.15 + 0.0125 = 0.1625
//   x2 names passage 3, the sixth hit, while 5 is its candidate; its answer is one piece:
//     p(z|x) = 0.4, 0.6; p(y|z,x) = 0.8, 0.4; p(y|x) = 0.32 + 0.24 = 0.56
class MarginalMetricsOfTwo : public ::testing::Test {
 protected:
  MarginalMetricsOfTwo() {
    both_.scores = logs({0.75F, 0.25F, 0.4F, 0.6F}, {2, 2});
    both_.log_p_y = logs({0.5F, 0.4F, 0.1F, 0.5F, 0.8F, 1, 0.4F, 1}, {2, 2, 2});
    both_.piece_mask = torch::tensor({1.0F, 1.0F, 1.0F, 0.0F}).view({2, 2});
    both_.is_top = torch::tensor({1.0F, 1.0F, 0.0F, 1.0F, 1.0F, 1.0F, 0.0F, 1.0F}).view({2, 2, 2});
    both_.candidates.rows = {{7}, {5}};
    both_.candidates.gold_rank = {1, 6};
    first_.passage = 7;
    second_.passage = 3;
  }
  // Example `b` of the two by itself.
  MarginalForward alone(int64_t b) const {
    MarginalForward out;
    out.scores = both_.scores.slice(0, b, b + 1);
    out.log_p_y = both_.log_p_y.slice(0, b, b + 1);
    out.piece_mask = both_.piece_mask.slice(0, b, b + 1);
    out.is_top = both_.is_top.slice(0, b, b + 1);
    out.candidates.rows = {both_.candidates.rows[static_cast<size_t>(b)]};
    out.candidates.gold_rank = {both_.candidates.gold_rank[static_cast<size_t>(b)]};
    return out;
  }
  MarginalForward both_;
  TrainingSentence first_, second_;
};

TEST_F(MarginalMetricsOfTwo, AreWhatAHandComputes) {
  MarginalMetrics measured(MarginalForm::kPaper);
  measured.add(both_, std::vector<const TrainingSentence*>{&first_, &second_});
  auto means = by_name(measured.all_means("held_out/"));
  const double log_p = (std::log(0.1625) + std::log(0.56)) / 2;
  EXPECT_NEAR(means.at("held_out/log_p_y"), log_p, 1e-6);
  EXPECT_NEAR(means.at("held_out/loss"), -log_p, 1e-6);
  EXPECT_NEAR(means.at("held_out/p_y"), (0.1625 + 0.56) / 2, 1e-6);
  EXPECT_NEAR(means.at("held_out/retrieval_utility"),
              (std::log(0.1625 / 0.05) / 2 + std::log(0.56 / 0.4)) / 2, 1e-6);
  EXPECT_NEAR(means.at("held_out/null_share"), (0.25 + 0.6) / 2, 1e-6);
  // x1's most probable document reads both pieces; x2's is the null document, which does not.
  EXPECT_NEAR(means.at("held_out/top_document_right"), 0.5, 1e-12);
  EXPECT_NEAR(means.at("held_out/recall_at_k"), 0.5, 1e-12);
  EXPECT_NEAR(means.at("held_out/recall_at_1"), 0.5, 1e-12);
  EXPECT_NEAR(means.at("held_out/recall_at_5"), 0.5, 1e-12);
  EXPECT_NEAR(means.at("held_out/recall_at_8"), 1.0, 1e-12);
  EXPECT_NEAR(means.at("held_out/p_gold"), 0.75 / 2, 1e-6);
  EXPECT_FALSE(by_name(measured.means("")).contains("recall_at_8"));
}

// Every piece by itself: x1's are 0.75 * 0.5 + 0.25 * 0.1 = 0.4 and 0.75 * 0.4 + 0.25 * 0.5 =
// 0.425.
TEST_F(MarginalMetricsOfTwo, HaveTheLossOfTheTraining) {
  const double loss = -(std::log(0.4) + std::log(0.425) + std::log(0.56)) / 3;
  MarginalMetrics measured(MarginalForm::kPerPiece);
  measured.add(both_, std::vector<const TrainingSentence*>{&first_, &second_});
  EXPECT_NEAR(by_name(measured.all_means("")).at("loss"), loss, 1e-6);
  MarginalMetrics apart(MarginalForm::kPerPiece);
  apart.add(alone(0), std::vector<const TrainingSentence*>{&first_});
  apart.add(alone(1), std::vector<const TrainingSentence*>{&second_});
  EXPECT_NEAR(by_name(apart.all_means("")).at("loss"), loss, 1e-6);
}

TEST_F(MarginalMetricsOfTwo, AddUpOverBatches) {
  MarginalMetrics measured(MarginalForm::kPaper);
  measured.add(both_, std::vector<const TrainingSentence*>{&first_, &second_});
  MarginalMetrics apart(MarginalForm::kPaper);
  apart.add(alone(0), std::vector<const TrainingSentence*>{&first_});
  apart.add(alone(1), std::vector<const TrainingSentence*>{&second_});
  const auto together = by_name(measured.all_means(""));
  for (const auto& [name, value] : by_name(apart.all_means("")))
    EXPECT_NEAR(value, together.at(name), 1e-6) << name;
}

TEST_F(MarginalMetricsOfTwo, CountRecallOverSentencesThatNameAPassage) {
  second_.passage = -1;
  MarginalMetrics measured(MarginalForm::kPaper);
  measured.add(alone(1), std::vector<const TrainingSentence*>{&second_});
  EXPECT_FALSE(by_name(measured.all_means("")).contains("recall_at_1"));
  EXPECT_FALSE(by_name(measured.all_means("")).contains("recall_at_k"));
  measured.add(alone(0), std::vector<const TrainingSentence*>{&first_});
  EXPECT_EQ(by_name(measured.all_means("")).at("recall_at_1"), 1.0);
}

}  // namespace
}  // namespace realm
