#include "engine/prediction/marginal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "engine/base/rng.h"

namespace realm {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> logs(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double value : values) out.push_back(std::log(value));
  return out;
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// Three candidates, the last of them the null document, worked by hand:
//   p(z|x)   = 1/2, 3/10, 1/5      p(y|z,x) = 4/5, 1/10, 1/20
//   p(y,z|x) = 40/100, 3/100, 1/100, so p(y|x) = 44/100 and the posterior is 40/44, 3/44, 1/44
TEST(MarginalTerms, AgreeWithThreeDocumentsWorkedByHand) {
  const MarginalTerms terms = marginal_terms(logs({0.5, 0.3, 0.2}), logs({0.8, 0.1, 0.05}), 2);
  EXPECT_NEAR(std::exp(terms.log_p_y), 0.44, 1e-15);
  ASSERT_EQ(terms.posterior.size(), 3U);
  EXPECT_NEAR(terms.posterior[0], 40.0 / 44.0, 1e-15);
  EXPECT_NEAR(terms.posterior[1], 3.0 / 44.0, 1e-15);
  EXPECT_NEAR(terms.posterior[2], 1.0 / 44.0, 1e-15);
  EXPECT_NEAR(terms.retrieval_utility[0], std::log(16.0), 1e-14);
  EXPECT_NEAR(terms.retrieval_utility[1], std::log(2.0), 1e-14);
  EXPECT_EQ(terms.retrieval_utility[2], 0.0);
  // r(z) = [p(y|z,x) / p(y|x) - 1] p(z|x), by the definition.
  EXPECT_NEAR(terms.credit[0], (0.8 / 0.44 - 1.0) * 0.5, 1e-15);
  EXPECT_NEAR(terms.credit[1], (0.1 / 0.44 - 1.0) * 0.3, 1e-15);
  EXPECT_NEAR(terms.credit[2], (0.05 / 0.44 - 1.0) * 0.2, 1e-15);
}

TEST(MarginalTerms, PosteriorSumsToOneAndCreditToZero) {
  Rng rng(7);
  for (int repeat = 0; repeat < 200; ++repeat) {
    std::vector<double> scores;
    std::vector<double> log_p_y;
    const int count = 1 + static_cast<int>(rng.below(12));
    for (int i = 0; i < count; ++i) {
      scores.push_back(40.0 * rng.uniform() - 20.0);
      log_p_y.push_back(-30.0 * rng.uniform());
    }
    const MarginalTerms terms = marginal_terms(log_softmax(scores), log_p_y, 0);
    EXPECT_NEAR(sum(terms.posterior), 1.0, 1e-12);
    EXPECT_NEAR(sum(terms.credit), 0.0, 1e-12);
  }
}

TEST(MarginalTerms, FollowThePermutationOfTheCandidates) {
  const std::vector<double> log_p_z = log_softmax(std::vector<double>{1.5, -0.25, 3.0, 0.5});
  const std::vector<double> log_p_y = {-2.0, -0.5, -7.0, -1.25};
  const MarginalTerms straight = marginal_terms(log_p_z, log_p_y, 1);
  const std::vector<size_t> order = {2, 0, 3, 1};
  std::vector<double> z;
  std::vector<double> y;
  for (const size_t i : order) {
    z.push_back(log_p_z[i]);
    y.push_back(log_p_y[i]);
  }
  const MarginalTerms permuted = marginal_terms(z, y, 3);
  EXPECT_NEAR(permuted.log_p_y, straight.log_p_y, 1e-15);
  for (size_t i = 0; i < order.size(); ++i) {
    EXPECT_NEAR(permuted.posterior[i], straight.posterior[order[i]], 1e-15);
    EXPECT_NEAR(permuted.credit[i], straight.credit[order[i]], 1e-15);
    EXPECT_EQ(permuted.retrieval_utility[i], straight.retrieval_utility[order[i]]);
  }
}

TEST(MarginalTerms, OfTheNullDocumentAloneAreItsOwn) {
  const MarginalTerms terms =
      marginal_terms(std::vector<double>{0.0}, std::vector<double>{-3.5}, 0);
  EXPECT_EQ(terms.log_p_y, -3.5);
  EXPECT_EQ(terms.posterior.front(), 1.0);
  EXPECT_EQ(terms.credit.front(), 0.0);
  EXPECT_EQ(terms.retrieval_utility.front(), 0.0);
}

TEST(MarginalTerms, KeepADocumentThatCannotSayTheWord) {
  const MarginalTerms terms = marginal_terms(logs({0.5, 0.5}), {{-kInfinity, std::log(0.25)}}, 1);
  EXPECT_NEAR(std::exp(terms.log_p_y), 0.125, 1e-15);
  EXPECT_EQ(terms.posterior[0], 0.0);
  EXPECT_NEAR(terms.posterior[1], 1.0, 1e-15);
  EXPECT_NEAR(terms.credit[0], -0.5, 1e-15);
  EXPECT_NEAR(terms.credit[1], 0.5, 1e-15);
  EXPECT_EQ(terms.retrieval_utility[0], -kInfinity);
  EXPECT_EQ(terms.retrieval_utility[1], 0.0);
}

// Where no candidate gives the word any probability, nothing is learned from it: the posterior is
// the prior.
TEST(MarginalTerms, OfAWordWithoutProbabilityHoldNoNan) {
  const MarginalTerms terms = marginal_terms(logs({0.75, 0.25}), {{-kInfinity, -kInfinity}}, 1);
  EXPECT_EQ(terms.log_p_y, -kInfinity);
  EXPECT_NEAR(terms.posterior[0], 0.75, 1e-15);
  EXPECT_NEAR(terms.posterior[1], 0.25, 1e-15);
  for (const double credit : terms.credit) EXPECT_NEAR(credit, 0.0, 1e-15);
  for (const double utility : terms.retrieval_utility) EXPECT_EQ(utility, 0.0);
}

TEST(MarginalTerms, StayExactFarBelowTheSmallestDouble) {
  // exp(-2000) underflows; in logarithms nothing is lost.
  const MarginalTerms terms = marginal_terms(logs({0.5, 0.5}), {{-2000.0, -2001.0}}, 1);
  EXPECT_NEAR(terms.log_p_y, -2000.0 + std::log(0.5 + 0.5 * std::exp(-1.0)), 1e-12);
  EXPECT_NEAR(terms.posterior[0], 1.0 / (1.0 + std::exp(-1.0)), 1e-12);
  EXPECT_NEAR(terms.retrieval_utility[0], 1.0, 1e-12);
}

TEST(LogSumExp, OfNothingIsMinusInfinity) {
  EXPECT_EQ(log_sum_exp({}), -kInfinity);
  EXPECT_EQ(log_sum_exp(std::vector<double>{-kInfinity, -kInfinity}), -kInfinity);
}

TEST(LogSumExp, DoesNotOverflow) {
  EXPECT_NEAR(log_sum_exp(std::vector<double>{1000.0, 1000.0}), 1000.0 + std::log(2.0), 1e-12);
}

TEST(LogSoftmax, IsUnchangedByAnOffsetOfTheScores) {
  const std::vector<double> near = log_softmax(std::vector<double>{0.0, 1.0, 2.0});
  const std::vector<double> far = log_softmax(std::vector<double>{500.0, 501.0, 502.0});
  const double total = std::log(1.0 + std::exp(1.0) + std::exp(2.0));
  for (size_t i = 0; i < near.size(); ++i) {
    EXPECT_NEAR(near[i], static_cast<double>(i) - total, 1e-14);
    EXPECT_NEAR(far[i], near[i], 1e-12);
  }
}

}  // namespace
}  // namespace realm
