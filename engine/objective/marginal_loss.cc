#include "engine/objective/marginal_loss.h"

#include <limits>

namespace realm {
namespace {

// What stands in padding may be anything, -infinity too: 0 in its place, in the gradient as well.
torch::Tensor without_padding(const torch::Tensor& values, const torch::Tensor& piece_mask) {
  return values.masked_fill(piece_mask == 0, 0.0);
}

}  // namespace

torch::Tensor log_marginal(const torch::Tensor& scores, const torch::Tensor& log_p_y,
                           const torch::Tensor& piece_mask) {
  const torch::Tensor log_p_z = torch::log_softmax(scores, -1);  // [B, K]
  const torch::Tensor log_p_word =
      without_padding(log_p_y, piece_mask.unsqueeze(1)).sum(-1);  // [B, K] log prod_j p(y_j|z,x)
  return torch::logsumexp(log_p_z + log_p_word, -1);              // [B]
}

torch::Tensor paper_marginal_loss(const torch::Tensor& scores, const torch::Tensor& log_p_y,
                                  const torch::Tensor& piece_mask) {
  return -log_marginal(scores, log_p_y, piece_mask).mean();
}

torch::Tensor per_piece_marginal_loss(const torch::Tensor& scores, const torch::Tensor& log_p_y,
                                      const torch::Tensor& piece_mask) {
  const torch::Tensor log_p_z = torch::log_softmax(scores, -1);                         // [B, K]
  const torch::Tensor log_p_piece = without_padding(log_p_y, piece_mask.unsqueeze(1));  // [B, K, M]
  const torch::Tensor marginal =
      torch::logsumexp(log_p_z.unsqueeze(-1) + log_p_piece, 1);  // [B, M]
  const torch::Tensor pieces = piece_mask.sum();
  return -without_padding(marginal, piece_mask).sum() / pieces.clamp_min(1.0);
}

torch::Tensor in_batch_scores(const torch::Tensor& queries, const torch::Tensor& documents,
                              const std::vector<std::pair<int, int>>& undecided) {
  const torch::Tensor scores = torch::matmul(queries, documents.transpose(0, 1));
  torch::Tensor left_out = torch::zeros(scores.sizes(), torch::kBool);
  auto is_left_out = left_out.accessor<bool, 2>();
  for (const auto& [i, j] : undecided) is_left_out[i][j] = true;
  return scores.masked_fill(left_out.to(scores.device()), -std::numeric_limits<double>::infinity());
}

torch::Tensor in_batch_loss(const torch::Tensor& scores) {
  return -torch::log_softmax(scores, -1).diagonal().mean();
}

}  // namespace realm
