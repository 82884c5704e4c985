#include "engine/objective/marginal_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "engine/prediction/marginal.h"

namespace realm {
namespace {

using torch::Tensor;

Tensor doubles(const std::vector<double>& values, at::IntArrayRef shape) {
  return torch::tensor(values, torch::kFloat64).view(shape);
}

Tensor logs(const std::vector<double>& probabilities, at::IntArrayRef shape) {
  return doubles(probabilities, shape).log();
}

// One example, three documents, two masked pieces:
//   p(z|x) = 1/2, 3/10, 1/5; p(y_1|z,x) = 0.8, 0.1, 0.05; p(y_2|z,x) = 0.5, 0.4, 0.2
//   the paper's form: 0.5*0.4 + 0.3*0.04 + 0.2*0.01 = 0.214
//   piece by piece: 0.4 + 0.03 + 0.01 = 0.44 and 0.25 + 0.12 + 0.04 = 0.41
const std::vector<double> kPriors = {0.5, 0.3, 0.2};
const std::vector<double> kPieces = {0.8, 0.5, 0.1, 0.4, 0.05, 0.2};

struct Batch {
  Tensor scores, log_p_y, mask;
};

Batch worked_example() {
  return {logs(kPriors, {1, 3}) + 1.75,  // an offset of the scores changes nothing
          logs(kPieces, {1, 3, 2}), torch::ones({1, 2}, torch::kFloat64)};
}

// The worked example, and one of a single piece: p(z|x) = 1/3 each, p(y|z,x) = 0.9, 0.6, 0.3, so
// p(y|x) = 0.6. Its second piece is padding and holds nonsense.
Batch batch_of_two() {
  return {torch::cat({logs(kPriors, {1, 3}), torch::zeros({1, 3}, torch::kFloat64)}),
          torch::cat({logs(kPieces, {1, 3, 2}), logs({0.9, 1e-9, 0.6, 0.5, 0.3, 0.7}, {1, 3, 2})}),
          doubles({1, 1, 1, 0}, {2, 2})};
}

Batch random_batch(int64_t examples, int64_t documents, int64_t pieces, uint64_t seed) {
  torch::manual_seed(seed);
  Batch batch{torch::randn({examples, documents}, torch::kFloat64) * 2,
              -torch::rand({examples, documents, pieces}, torch::kFloat64) * 8,
              torch::ones({examples, pieces}, torch::kFloat64)};
  for (int64_t b = 0; b < examples; ++b) {
    for (int64_t m = 1; m < pieces; ++m)
      batch.mask.index_put_({b, m}, (b + m) % 3 != 0 ? 1.0 : 0.0);
  }
  return batch;
}

using Loss = std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)>;

Tensor gradient(const Loss& loss, const Batch& batch) {
  const Tensor scores = batch.scores.detach().clone().requires_grad_(true);
  loss(scores, batch.log_p_y, batch.mask).backward();
  return scores.grad();
}

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(PaperMarginalLoss, AgreesWithThreeDocumentsWorkedByHand) {
  const Batch batch = worked_example();
  EXPECT_NEAR(paper_marginal_loss(batch.scores, batch.log_p_y, batch.mask).item<double>(),
              -std::log(0.214), 1e-14);
  EXPECT_NEAR(log_marginal(batch.scores, batch.log_p_y, batch.mask).item<double>(), std::log(0.214),
              1e-14);
}

TEST(PaperMarginalLoss, IsTheMeanOverExamples) {
  const Batch batch = batch_of_two();
  EXPECT_NEAR(paper_marginal_loss(batch.scores, batch.log_p_y, batch.mask).item<double>(),
              -(std::log(0.214) + std::log(0.6)) / 2, 1e-14);
}

TEST(PerPieceMarginalLoss, AgreesWithThreeDocumentsWorkedByHand) {
  const Batch batch = worked_example();
  EXPECT_NEAR(per_piece_marginal_loss(batch.scores, batch.log_p_y, batch.mask).item<double>(),
              -(std::log(0.44) + std::log(0.41)) / 2, 1e-14);
}

TEST(PerPieceMarginalLoss, IsTheMeanOverThePiecesOfTheWholeBatch) {
  const Batch batch = batch_of_two();
  EXPECT_NEAR(per_piece_marginal_loss(batch.scores, batch.log_p_y, batch.mask).item<double>(),
              -(std::log(0.44) + std::log(0.41) + std::log(0.6)) / 3, 1e-14);
}

TEST(PerPieceMarginalLoss, OfNoPieceAtAllIsZero) {
  const Batch batch = worked_example();
  EXPECT_EQ(per_piece_marginal_loss(batch.scores, batch.log_p_y, torch::zeros_like(batch.mask))
                .item<double>(),
            0.0);
}

TEST(MarginalLosses, AreEqualForAnswersOfOnePiece) {
  const Batch batch = random_batch(5, 6, 1, 3);
  const Tensor paper = paper_marginal_loss(batch.scores, batch.log_p_y, batch.mask);
  const Tensor per_piece = per_piece_marginal_loss(batch.scores, batch.log_p_y, batch.mask);
  EXPECT_NEAR(paper.item<double>(), per_piece.item<double>(), 1e-14);
  EXPECT_LT(
      difference(gradient(paper_marginal_loss, batch), gradient(per_piece_marginal_loss, batch)),
      1e-15);
}

TEST(MarginalLosses, DifferForAnswersOfSeveralPieces) {
  const Batch batch = worked_example();
  EXPECT_GT(
      std::abs(paper_marginal_loss(batch.scores, batch.log_p_y, batch.mask).item<double>() -
               per_piece_marginal_loss(batch.scores, batch.log_p_y, batch.mask).item<double>()),
      0.1);
}

// d log p(y|x) / d f(x,z) = r(z) = [p(y|z,x) / p(y|x) - 1] p(z|x) (REALM section 3.3 and appendix
// A).
TEST(PaperMarginalLoss, HasTheClosedFormGradient) {
  const Batch batch = random_batch(4, 5, 3, 8);
  const Tensor automatic = gradient(paper_marginal_loss, batch);
  for (int64_t b = 0; b < 4; ++b) {
    std::vector<double> scores;
    std::vector<double> log_p_y;
    for (int64_t z = 0; z < 5; ++z) {
      scores.push_back(batch.scores[b][z].item<double>());
      log_p_y.push_back((batch.log_p_y[b][z] * batch.mask[b]).sum().item<double>());
    }
    const MarginalTerms terms = marginal_terms(log_softmax(scores), log_p_y, 4);
    for (int64_t z = 0; z < 5; ++z) {
      const double log_p_z = log_softmax(scores)[static_cast<size_t>(z)];
      const double r =
          (std::exp(log_p_y[static_cast<size_t>(z)] - terms.log_p_y) - 1.0) * std::exp(log_p_z);
      EXPECT_NEAR(terms.credit[static_cast<size_t>(z)], r, 1e-14);
      EXPECT_NEAR(automatic[b][z].item<double>(), -r / 4.0,
                  1e-14);  // the loss is minus the mean over 4 examples
    }
  }
}

// d loss / d f(x,z) = (1/n) sum_j [p(z|x) - posterior_j(z)] (REALM_SPEC 5.2).
TEST(PerPieceMarginalLoss, HasTheClosedFormGradient) {
  const Batch batch = random_batch(4, 5, 3, 9);
  const Tensor log_p_z = torch::log_softmax(batch.scores, -1).unsqueeze(-1);  // [B, K, 1]
  const Tensor posterior = torch::softmax(log_p_z + batch.log_p_y, 1);        // [B, K, M]
  const Tensor closed =
      ((log_p_z.exp() - posterior) * batch.mask.unsqueeze(1)).sum(-1) / batch.mask.sum();
  EXPECT_LT(difference(gradient(per_piece_marginal_loss, batch), closed), 1e-14);
}

TEST(MarginalLosses, HaveTheGradientOfFiniteDifferences) {
  for (const Loss& loss : {Loss(paper_marginal_loss), Loss(per_piece_marginal_loss)}) {
    const Batch batch = random_batch(3, 4, 2, 10);
    const Tensor automatic = gradient(loss, batch);
    constexpr double kStep = 1e-5;
    for (int64_t b = 0; b < 3; ++b) {
      for (int64_t z = 0; z < 4; ++z) {
        const auto moved = [&](double by) {
          Tensor scores = batch.scores.clone();
          scores.index_put_({b, z}, scores[b][z] + by);
          return loss(scores, batch.log_p_y, batch.mask).item<double>();
        };
        EXPECT_NEAR(automatic[b][z].item<double>(), (moved(kStep) - moved(-kStep)) / (2 * kStep),
                    1e-9);
      }
    }
  }
}

// What the reader learns from: every piece of y counts with the posterior of its document.
TEST(PaperMarginalLoss, WeighsTheReadersGradientByThePosterior) {
  Batch batch = worked_example();
  const Tensor log_p_y = batch.log_p_y.clone().requires_grad_(true);
  paper_marginal_loss(batch.scores, log_p_y, batch.mask).backward();
  const std::vector<double> posterior = {0.2 / 0.214, 0.012 / 0.214, 0.002 / 0.214};
  for (int64_t z = 0; z < 3; ++z) {
    for (int64_t m = 0; m < 2; ++m) {
      EXPECT_NEAR(log_p_y.grad()[0][z][m].item<double>(), -posterior[static_cast<size_t>(z)],
                  1e-14);
    }
  }
}

TEST(MarginalLosses, DoNotDependOnTheOrderOfTheCandidates) {
  const Batch batch = random_batch(3, 6, 2, 11);
  const Tensor order = torch::tensor(std::vector<int64_t>{4, 0, 5, 2, 1, 3}, torch::kInt64);
  const Batch permuted{batch.scores.index_select(1, order), batch.log_p_y.index_select(1, order),
                       batch.mask};
  for (const Loss& loss : {Loss(paper_marginal_loss), Loss(per_piece_marginal_loss)}) {
    EXPECT_NEAR(loss(batch.scores, batch.log_p_y, batch.mask).item<double>(),
                loss(permuted.scores, permuted.log_p_y, permuted.mask).item<double>(), 1e-14);
    EXPECT_LT(difference(gradient(loss, batch).index_select(1, order), gradient(loss, permuted)),
              1e-15);
  }
}

// An index that holds fewer than k documents leaves places empty: they count as if they were not
// there.
TEST(MarginalLosses, LeaveOutACandidateWithoutAScore) {
  const Batch batch = random_batch(2, 3, 2, 12);
  const double never = -std::numeric_limits<double>::infinity();
  const Batch wider{torch::cat({batch.scores, torch::full({2, 1}, never, torch::kFloat64)}, 1),
                    torch::cat({batch.log_p_y, torch::full({2, 1, 2}, -0.5, torch::kFloat64)}, 1),
                    batch.mask};
  for (const Loss& loss : {Loss(paper_marginal_loss), Loss(per_piece_marginal_loss)}) {
    EXPECT_NEAR(loss(wider.scores, wider.log_p_y, wider.mask).item<double>(),
                loss(batch.scores, batch.log_p_y, batch.mask).item<double>(), 1e-14);
    const Tensor with = gradient(loss, wider);
    EXPECT_LT(difference(with.slice(1, 0, 3), gradient(loss, batch)), 1e-15);
    EXPECT_EQ(with.slice(1, 3, 4).abs().max().item<double>(), 0.0);
  }
}

TEST(MarginalLosses, IgnoreWhatStandsInPadding) {
  const Batch batch = batch_of_two();
  Tensor changed = batch.log_p_y.clone();
  changed.index_put_({1, torch::indexing::Slice(), 1}, -std::numeric_limits<double>::infinity());
  for (const Loss& loss : {Loss(paper_marginal_loss), Loss(per_piece_marginal_loss)}) {
    EXPECT_EQ(loss(batch.scores, batch.log_p_y, batch.mask).item<double>(),
              loss(batch.scores, changed, batch.mask).item<double>());
    const Batch padded{batch.scores, changed, batch.mask};
    EXPECT_EQ(difference(gradient(loss, batch), gradient(loss, padded)), 0.0);
  }
}

// Two queries; softmax over the row, the positive on the diagonal.
TEST(InBatchLoss, IsTheCrossEntropyOfTheDiagonal) {
  const Tensor scores = doubles({2.0, 0.0, 1.0, 1.0}, {2, 2});
  const double first = std::exp(2.0) / (std::exp(2.0) + 1.0);
  EXPECT_NEAR(in_batch_loss(scores).item<double>(), -(std::log(first) + std::log(0.5)) / 2, 1e-14);
}

// Scores 2 0 | 3 1: without the pair (1, 0) the second query has its positive alone, and no
// gradient.
TEST(InBatchLoss, LeavesOutPairsThatAreNoNegatives) {
  const Tensor queries = doubles({1.0, 0.0, 1.5, 1.0}, {2, 2}).requires_grad_(true);
  const Tensor documents = doubles({2.0, 0.0, 0.0, 1.0}, {2, 2});
  const double first = std::exp(2.0) / (std::exp(2.0) + 1.0);
  const double second = std::exp(1.0) / (std::exp(3.0) + std::exp(1.0));
  EXPECT_NEAR(in_batch_loss(in_batch_scores(queries, documents, {})).item<double>(),
              -(std::log(first) + std::log(second)) / 2, 1e-14);
  const Tensor loss = in_batch_loss(in_batch_scores(queries, documents, {{1, 0}}));
  EXPECT_NEAR(loss.item<double>(), -std::log(first) / 2, 1e-14);
  loss.backward();
  EXPECT_EQ(queries.grad()[1].abs().sum().item<double>(), 0.0);
  EXPECT_GT(queries.grad()[0].abs().sum().item<double>(), 0.0);
}

TEST(InBatchLoss, FallsAsThePositivesRise) {
  const Tensor scores = doubles({1.0, 0.5, 0.2, 1.5}, {2, 2}).requires_grad_(true);
  in_batch_loss(scores).backward();
  for (int64_t i = 0; i < 2; ++i) {
    EXPECT_LT(scores.grad()[i][i].item<double>(), 0.0);
    EXPECT_NEAR(scores.grad()[i].sum().item<double>(), 0.0, 1e-15);
  }
}

}  // namespace
}  // namespace realm
