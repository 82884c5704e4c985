// Choosing the candidates z of one query: the top of the index, with pinned and excluded documents
// and the null document (REALM sections 3.3, 4.2; REALM_SPEC 5.3). The index only selects: the
// caller scores the candidates with current weights. Pure functions over a MipsIndex; they block on
// its search. Thread-safe.
#pragma once

#include <span>
#include <vector>

#include "engine/index/mips_index.h"

namespace realm {

struct CandidateOptions {
  int count = 8;                             // k, the null document counted in; >= 1
  std::vector<DocumentId> pinned, excluded;  // an id in both is excluded
};

// Up to count - 1 document ids, best first, never the null document (which always is one of the k
// and which the caller adds). Pinned documents take their place among the count - 1 from the lowest
// hits; where more are pinned than fit, all of them stay. Fewer come back when the index holds
// fewer. Throws Error{kInvalidArgument} for count < 1, Error{kNotFound} for a pinned id that the
// index does not hold.
std::vector<DocumentId> choose_candidates(const MipsIndex& index, std::span<const float> query,
                                          const CandidateOptions& options);

// Inner products f(x,z) of one query [D] with rows of `vectors` [n, D], accumulated in double
// precision.
std::vector<double> inner_products(std::span<const float> query, std::span<const float> vectors);

}  // namespace realm
