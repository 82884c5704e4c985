#include "engine/retrieval/candidates.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm {

std::vector<DocumentId> choose_candidates(const MipsIndex& index, std::span<const float> query,
                                          const CandidateOptions& options) {
  if (options.count < 1) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("The number of candidates k must be at least 1, but it is {}.", options.count));
  }
  const auto is_excluded = [&](DocumentId id) {
    return std::find(options.excluded.begin(), options.excluded.end(), id) !=
           options.excluded.end();
  };
  std::vector<DocumentId> pinned;
  for (const DocumentId id : options.pinned) {
    if (is_excluded(id) || std::find(pinned.begin(), pinned.end(), id) != pinned.end()) continue;
    if (!index.contains(id)) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("Document {} is pinned, but the index does not hold it.", id));
    }
    pinned.push_back(id);
  }
  const auto wanted = static_cast<size_t>(options.count) - 1;
  std::vector<DocumentId> chosen;
  if (wanted > 0 && index.size() > 0) {
    // Excluded documents may fill the first places, so as many more are asked for.
    const auto reach = static_cast<int>(
        std::min<int64_t>(index.size(), static_cast<int64_t>(wanted + options.excluded.size())));
    const std::vector<std::vector<Hit>> results = index.search(query, reach);
    for (const Hit& hit : results.at(0)) {
      if (chosen.size() < wanted && !is_excluded(hit.id)) chosen.push_back(hit.id);
    }
  }
  size_t missing = 0;
  for (const DocumentId id : pinned) {
    if (std::find(chosen.begin(), chosen.end(), id) == chosen.end()) ++missing;
  }
  // Unpinned hits give way from the lowest up.
  while (chosen.size() + missing > std::max(wanted, pinned.size())) {
    const auto lowest = std::find_if(chosen.rbegin(), chosen.rend(), [&](DocumentId id) {
      return std::find(pinned.begin(), pinned.end(), id) == pinned.end();
    });
    if (lowest == chosen.rend()) break;
    chosen.erase(std::next(lowest).base());
  }
  for (const DocumentId id : pinned) {
    if (std::find(chosen.begin(), chosen.end(), id) == chosen.end()) chosen.push_back(id);
  }
  return chosen;
}

std::vector<double> inner_products(std::span<const float> query, std::span<const float> vectors) {
  REALM_CHECK(!query.empty() && vectors.size() % query.size() == 0);
  std::vector<double> out(vectors.size() / query.size(), 0.0);
  for (size_t row = 0; row < out.size(); ++row) {
    const float* vector = vectors.data() + row * query.size();
    for (size_t d = 0; d < query.size(); ++d)
      out[row] += static_cast<double>(query[d]) * static_cast<double>(vector[d]);
  }
  return out;
}

}  // namespace realm
