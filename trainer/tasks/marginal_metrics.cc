#include "trainer/tasks/marginal_metrics.h"

#include <algorithm>

#include "engine/objective/marginal_loss.h"

namespace realm {

torch::Tensor marginal_loss(MarginalForm form, const MarginalForward& forward) {
  return form == MarginalForm::kPaper
             ? paper_marginal_loss(forward.scores, forward.log_p_y, forward.piece_mask)
             : per_piece_marginal_loss(forward.scores, forward.log_p_y, forward.piece_mask);
}

void MarginalMetrics::add(const MarginalForward& f,
                          std::span<const TrainingSentence* const> sentences) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor log_p_word = (f.log_p_y * f.piece_mask.unsqueeze(1)).sum(-1);  // [B, K]
  const torch::Tensor p_z = torch::softmax(f.scores, -1);                            // [B, K]
  const torch::Tensor log_p = log_marginal(f.scores, f.log_p_y, f.piece_mask);       // [B]
  const torch::Tensor log_p_null = log_p_word.select(1, -1);                         // [B]
  const torch::Tensor pieces = f.piece_mask.sum(-1);                                 // [B]
  const torch::Tensor best = f.scores.argmax(1, true);                               // [B, 1]
  const auto batch = static_cast<double>(sentences.size());
  examples_ += batch;
  log_p_ += log_p.sum().item<double>();
  p_ += log_p.exp().sum().item<double>();
  utility_ += ((log_p - log_p_null) / pieces).sum().item<double>();
  null_share_ += p_z.select(1, -1).sum().item<double>();
  right_ += std::get<0>(f.is_top.min(-1)).gather(1, best).sum().item<double>();
  const double weight = form_ == MarginalForm::kPaper ? batch : pieces.sum().item<double>();
  loss_ += weight * marginal_loss(form_, f).item<double>();
  loss_weight_ += weight;
  const torch::Tensor on_cpu = p_z.to(torch::kCPU, torch::kFloat32).contiguous();
  const float* const probabilities = on_cpu.data_ptr<float>();
  const auto width = static_cast<size_t>(on_cpu.size(1));
  for (size_t b = 0; b < sentences.size(); ++b) {
    if (sentences[b]->passage < 0) continue;
    ++named_;
    const auto& rows = f.candidates.rows[b];
    const auto found = std::find(rows.begin(), rows.end(), sentences[b]->passage);
    if (found != rows.end()) {
      ++candidate_;
      p_gold_ +=
          static_cast<double>(probabilities[b * width + static_cast<size_t>(found - rows.begin())]);
    }
    const int rank = f.candidates.gold_rank[b];
    at_1_ += rank == 1 ? 1 : 0;
    at_5_ += rank >= 1 && rank <= 5 ? 1 : 0;
    at_8_ += rank >= 1 && rank <= 8 ? 1 : 0;
  }
}

void MarginalMetrics::sum_over(RankGroup& ranks) {
  double* const sums[] = {&examples_, &log_p_,       &p_,     &utility_,   &null_share_,
                          &right_,    &loss_,        &named_, &candidate_, &p_gold_,
                          &at_1_,     &loss_weight_, &at_5_,  &at_8_};
  std::vector<double> values;
  for (const double* sum : sums) values.push_back(*sum);
  ranks.sum(values);
  for (size_t i = 0; i < values.size(); ++i) *sums[i] = values[i];
}

Metrics MarginalMetrics::means(const std::string& prefix) const {
  Metrics out = {{prefix + "log_p_y", log_p_ / examples_},
                 {prefix + "p_y", p_ / examples_},
                 {prefix + "retrieval_utility", utility_ / examples_},
                 {prefix + "null_share", null_share_ / examples_},
                 {prefix + "top_document_right", right_ / examples_}};
  if (named_ > 0) out.emplace_back(prefix + "recall_at_k", candidate_ / named_);
  return out;
}

Metrics MarginalMetrics::all_means(const std::string& prefix) const {
  Metrics out = {{prefix + "loss", loss_ / loss_weight_}};
  for (auto& metric : means(prefix)) out.push_back(std::move(metric));
  if (named_ > 0) {
    out.emplace_back(prefix + "recall_at_1", at_1_ / named_);
    out.emplace_back(prefix + "recall_at_5", at_5_ / named_);
    out.emplace_back(prefix + "recall_at_8", at_8_ / named_);
    out.emplace_back(prefix + "p_gold", p_gold_ / named_);
  }
  return out;
}

}  // namespace realm
