#include "engine/prediction/marginal.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"

namespace realm {

double log_sum_exp(std::span<const double> values) {
  double highest = -std::numeric_limits<double>::infinity();
  for (const double value : values) highest = std::max(highest, value);
  if (!std::isfinite(highest)) return highest;
  double sum = 0;
  for (const double value : values) sum += std::exp(value - highest);
  return highest + std::log(sum);
}

std::vector<double> log_softmax(std::span<const double> scores) {
  const double total = log_sum_exp(scores);
  std::vector<double> out(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) out[i] = scores[i] - total;
  return out;
}

MarginalTerms marginal_terms(std::span<const double> log_p_z, std::span<const double> log_p_y,
                             int null_index) {
  const size_t count = log_p_z.size();
  REALM_CHECK(count > 0 && log_p_y.size() == count);
  REALM_CHECK(null_index >= 0 && static_cast<size_t>(null_index) < count);
  std::vector<double> joint(count);  // log p(y, z|x)
  for (size_t i = 0; i < count; ++i) joint[i] = log_p_z[i] + log_p_y[i];
  MarginalTerms terms;
  terms.log_p_y = log_sum_exp(joint);
  const double log_p_y_null = log_p_y[static_cast<size_t>(null_index)];
  const double never = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < count; ++i) {
    const double prior = std::exp(log_p_z[i]);
    const double posterior = terms.log_p_y == never ? prior : std::exp(joint[i] - terms.log_p_y);
    terms.posterior.push_back(posterior);
    // -infinity less -infinity: neither document says anything for y.
    const bool both_never = log_p_y[i] == never && log_p_y_null == never;
    terms.retrieval_utility.push_back(both_never ? 0.0 : log_p_y[i] - log_p_y_null);
    terms.credit.push_back(posterior - prior);
  }
  return terms;
}

}  // namespace realm
