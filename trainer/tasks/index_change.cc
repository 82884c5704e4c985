#include "trainer/tasks/index_change.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace realm {

std::optional<double> mean_cosine(std::span<const float> a, std::span<const float> b,
                                  int dimension) {
  const auto width = static_cast<size_t>(dimension);
  REALM_CHECK(dimension > 0 && a.size() == b.size() && a.size() % width == 0);
  if (a.empty()) return std::nullopt;
  double sum = 0;
  for (size_t row = 0; row < a.size(); row += width) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (size_t d = row; d < row + width; ++d) {
      const auto left = static_cast<double>(a[d]);
      const auto right = static_cast<double>(b[d]);
      ab += left * right;
      aa += left * left;
      bb += right * right;
    }
    if (aa > 0 && bb > 0) sum += ab / std::sqrt(aa * bb);
  }
  return sum / static_cast<double>(a.size() / width);
}

std::optional<double> mean_overlap(std::span<const std::vector<Hit>> stale,
                                   std::span<const std::vector<Hit>> fresh) {
  REALM_CHECK(stale.size() == fresh.size());
  double sum = 0;
  double count = 0;
  for (size_t i = 0; i < fresh.size(); ++i) {
    if (fresh[i].empty()) continue;
    const auto common = std::count_if(fresh[i].begin(), fresh[i].end(), [&](const Hit& hit) {
      return std::any_of(stale[i].begin(), stale[i].end(),
                         [&](const Hit& other) { return other.id == hit.id; });
    });
    sum += static_cast<double>(common) / static_cast<double>(fresh[i].size());
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

IndexChange index_change(const MipsIndex& stale, const MipsIndex& fresh,
                         const IndexProbes& probes) {
  std::vector<DocumentId> both;
  for (const DocumentId id : probes.documents) {
    if (stale.contains(id) && fresh.contains(id)) both.push_back(id);
  }
  IndexChange out;
  out.documents = static_cast<int>(both.size());
  out.k = probes.k;
  out.drift_cosine = mean_cosine(stale.vectors(both), fresh.vectors(both), fresh.dimension());
  if (probes.k < 1 || probes.queries.empty()) return out;
  const std::vector<std::vector<Hit>> of_fresh = fresh.search(probes.queries, probes.k);
  out.queries = static_cast<int>(of_fresh.size());
  out.overlap_at_k = mean_overlap(stale.search(probes.queries, probes.k), of_fresh);
  return out;
}

std::vector<DocumentId> spread_ids(std::span<const DocumentId> ids, int count) {
  const size_t wanted = std::min(ids.size(), static_cast<size_t>(std::max(count, 0)));
  std::vector<DocumentId> out;
  for (size_t i = 0; i < wanted; ++i) out.push_back(ids[i * ids.size() / wanted]);
  return out;
}

}  // namespace realm
