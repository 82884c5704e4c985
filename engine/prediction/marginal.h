// The mixture p(y|x) = sum over z of p(z|x) p(y|z,x) and what follows from its terms (REALM
// sections 3.1, 3.3, 5.4 and appendix A; REALM_SPEC 1, 5.4). Pure functions in double precision,
// natural logarithms, thread-safe.
#pragma once

#include <span>
#include <vector>

namespace realm {

// log of the sum of exp(values); -infinity for an empty span.
double log_sum_exp(std::span<const double> values);

// log p(z|x) over the given candidates from their scores f(x,z).
std::vector<double> log_softmax(std::span<const double> scores);

struct MarginalTerms {
  double log_p_y = 0;                     // log p(y|x)
  std::vector<double> posterior;          // p(z|x,y), sums to 1
  std::vector<double> retrieval_utility;  // log p(y|z,x) - log p(y|null,x), nats
  std::vector<double> credit;  // [p(y|z,x)/p(y|x) - 1] p(z|x) = posterior - p(z|x); sums to 0
};

// `log_p_z[i]` = log p(z_i|x) (a distribution over the candidates), `log_p_y[i]` = log p(y|z_i,x),
// the sum over y's pieces; `null_index` says which candidate is the null document. Spans of equal
// length, at least 1. Logarithms may be -infinity: where p(y|x) = 0 the posterior is the prior and
// the credit 0, and two documents that both give y nothing have utility 0.
MarginalTerms marginal_terms(std::span<const double> log_p_z, std::span<const double> log_p_y,
                             int null_index);

}  // namespace realm
