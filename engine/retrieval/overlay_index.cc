#include "engine/retrieval/overlay_index.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "engine/retrieval/candidates.h"

namespace realm {

OverlayIndex::OverlayIndex(std::shared_ptr<const MipsIndex> base) : base_(std::move(base)) {}

void OverlayIndex::put(DocumentId id, std::span<const float> vector) {
  if (vector.size() != static_cast<size_t>(dimension())) {
    throw Error(
        ErrorCode::kMismatch,
        fmt::format("The vector of document {} has {} values, but the index has dimension {}.", id,
                    vector.size(), dimension()));
  }
  rows_[id].assign(vector.begin(), vector.end());
  if (base_->contains(id)) hidden_.insert(id);
}

void OverlayIndex::erase(DocumentId id) {
  rows_.erase(id);
  if (base_->contains(id)) hidden_.insert(id);
}

int64_t OverlayIndex::size() const {
  return base_->size() - static_cast<int64_t>(hidden_.size()) + static_cast<int64_t>(rows_.size());
}

std::vector<std::vector<Hit>> OverlayIndex::search(std::span<const float> queries, int k) const {
  // The base may offer as many hidden rows as there are, so that many more are asked for.
  const int reach =
      static_cast<int>(std::min<int64_t>(base_->size(), k + static_cast<int64_t>(hidden_.size())));
  std::vector<std::vector<Hit>> results = base_->search(queries, reach);
  const auto width = static_cast<size_t>(dimension());
  for (size_t b = 0; b < results.size(); ++b) {
    std::vector<Hit>& hits = results[b];
    std::erase_if(hits, [this](const Hit& hit) { return hidden_.contains(hit.id); });
    for (const auto& [id, vector] : rows_) {
      hits.push_back({id, static_cast<float>(
                              inner_products(queries.subspan(b * width, width), vector).front())});
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& left, const Hit& right) {
      return left.score != right.score ? left.score > right.score : left.id < right.id;
    });
    if (hits.size() > static_cast<size_t>(k)) hits.resize(static_cast<size_t>(k));
  }
  return results;
}

std::vector<float> OverlayIndex::vectors(std::span<const DocumentId> ids) const {
  std::vector<float> out;
  out.reserve(ids.size() * static_cast<size_t>(dimension()));
  for (const DocumentId id : ids) {
    if (const auto row = rows_.find(id); row != rows_.end()) {
      out.insert(out.end(), row->second.begin(), row->second.end());
      continue;
    }
    if (!contains(id))
      throw Error(ErrorCode::kNotFound, fmt::format("The index does not hold document {}.", id));
    const std::vector<float> vector = base_->vectors({&id, 1});
    out.insert(out.end(), vector.begin(), vector.end());
  }
  return out;
}

bool OverlayIndex::contains(DocumentId id) const {
  return rows_.contains(id) || (base_->contains(id) && !hidden_.contains(id));
}

}  // namespace realm
