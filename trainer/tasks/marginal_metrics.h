// What batches of pre-training show of retrieval and reading (REALM section 3.4 and figure 4;
// REALM_SPEC 5.4). Plain sums over examples, so that batches of different sizes add up. One owner.
#pragma once

#include <span>
#include <string>

#include "trainer/parallel/rank_group.h"
#include "trainer/tasks/marginal_forward.h"

namespace realm {

class MarginalMetrics {
 public:
  explicit MarginalMetrics(MarginalForm form) : form_(form) {}

  void add(const MarginalForward& forward, std::span<const TrainingSentence* const> sentences);
  // With what the other ranks added. Collective.
  void sum_over(RankGroup& ranks);

  // Means over the examples that were added, at least one:
  //   log_p_y            log p(y|x), the marginal log-likelihood, nats
  //   p_y                p(y|x)
  //   retrieval_utility  log p(y|x) - log p(y|null,x), nats a masked piece
  //   null_share         p(null|x)
  //   top_document_right whether the most probable document alone reads the whole answer
  // and where sentences name their passage, over those:
  //   recall_at_k        whether it is among the candidates
  Metrics means(const std::string& prefix) const;
  // Also `loss` in the training's form, and over sentences that name their passage recall_at_1, _5
  // and _8 in the index and p_gold, its p(z|x) (0 where it is no candidate).
  Metrics all_means(const std::string& prefix) const;

 private:
  MarginalForm form_;
  double examples_ = 0, log_p_ = 0, p_ = 0, utility_ = 0, null_share_ = 0, right_ = 0;
  double loss_ = 0, loss_weight_ = 0;  // the weight is what the loss's mean runs over
  double named_ = 0, candidate_ = 0, p_gold_ = 0, at_1_ = 0, at_5_ = 0, at_8_ = 0;
};

// The loss that training minimises: [] with gradients.
torch::Tensor marginal_loss(MarginalForm form, const MarginalForward& forward);

}  // namespace realm
