// What a refresh changes in an index: drift of a probe set of documents, and overlap of what
// held-out queries find before and after (REALM section 3.3 on stale indexes, Table 2;
// DESIGN.md 5.6). Pure functions, thread-safe; they block on searches.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/index/mips_index.h"

namespace realm {

// Mean over rows of cos(a_i, b_i), from -1 to 1; 0 for a row that is zero in one of them. `a`, `b`:
// [n, D] row-major, of equal size; nullopt for n = 0.
std::optional<double> mean_cosine(std::span<const float> a, std::span<const float> b,
                                  int dimension);

// Mean over queries of |stale_i and fresh_i| / |fresh_i|: which share of what fresh retrieval finds
// the stale one finds too, from 0 to 1. As many lists in both; queries with an empty fresh list do
// not count; nullopt where none counts.
std::optional<double> mean_overlap(std::span<const std::vector<Hit>> stale,
                                   std::span<const std::vector<Hit>> fresh);

struct IndexChange {
  std::optional<double>
      drift_cosine;  // mean cosine of old and new embeddings of the probe documents
  std::optional<double> overlap_at_k;  // of the queries' top k in the old index and in the new one
  int documents = 0, queries = 0, k = 0;
};

// What a change is measured on.
struct IndexProbes {
  std::span<const DocumentId> documents;
  // [n, D] embeddings by the weights that made the fresh index, so that its hits are what retrieval
  // without any staleness finds.
  std::span<const float> queries;
  int k = 0;
};

// Documents that one of the indexes does not hold are left out.
IndexChange index_change(const MipsIndex& stale, const MipsIndex& fresh, const IndexProbes& probes);

// At most `count` of the ids, at even distances.
std::vector<DocumentId> spread_ids(std::span<const DocumentId> ids, int count);

}  // namespace realm
