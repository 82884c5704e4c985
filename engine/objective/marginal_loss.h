// Training losses of REALM (paper sections 3.3, 3.4; REALM_SPEC 5.2, 5.7). Pure functions on
// tensors with gradients.
#pragma once

#include <utility>
#include <vector>

#include "engine/model/torch.h"

namespace realm {

// The paper's objective: minus the mean over examples of log sum_z p(z|x) prod_j p(y_j|z,x).
//   scores      [B, K]     f(x,z) over the candidates; p(z|x) is their softmax. -infinity: no such
//   candidate. log_p_y     [B, K, M]  log p(y_j|z,x) piece_mask  [B, M]     1 where a masked piece
//   is scored, 0 for padding; every example has at least one
torch::Tensor paper_marginal_loss(const torch::Tensor& scores, const torch::Tensor& log_p_y,
                                  const torch::Tensor& piece_mask);

// The released code's form: every masked piece is marginalised by itself, and the mean runs over
// all pieces of the batch. Differs from paper: equal to it only where every answer is one piece. 0
// when no piece is scored at all.
torch::Tensor per_piece_marginal_loss(const torch::Tensor& scores, const torch::Tensor& log_p_y,
                                      const torch::Tensor& piece_mask);

// log p(y|x) of each example in the paper's form: [B].
torch::Tensor log_marginal(const torch::Tensor& scores, const torch::Tensor& log_p_y,
                           const torch::Tensor& piece_mask);

// Inverse cloze task: the inner products of queries [B, P] and documents [B, P], as [B, B];
// -infinity at the pairs (query, document) of `undecided`, which are no negatives.
torch::Tensor in_batch_scores(const torch::Tensor& queries, const torch::Tensor& documents,
                              const std::vector<std::pair<int, int>>& undecided);

// Softmax cross-entropy of scores [B, B] whose diagonal holds the positives (in-batch negatives).
// -infinity: no negative.
torch::Tensor in_batch_loss(const torch::Tensor& scores);

}  // namespace realm
