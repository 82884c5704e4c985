#include "engine/index/table_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/error.h"

namespace realm {

TableIndex::TableIndex(std::string type, VectorTable vectors, int64_t generation)
    : type_(std::move(type)), vectors_(std::move(vectors)), generation_(generation) {}

std::vector<float> TableIndex::vectors(std::span<const DocumentId> ids) const {
  std::vector<float> out;
  out.reserve(ids.size() * static_cast<size_t>(dimension()));
  for (const DocumentId id : ids) {
    const int64_t row = vectors_.row_of(id);
    if (row < 0)
      throw Error(ErrorCode::kNotFound, fmt::format("The index does not hold document {}.", id));
    const std::span<const float> vector = vectors_.row(row);
    out.insert(out.end(), vector.begin(), vector.end());
  }
  return out;
}

std::vector<std::vector<Hit>> TableIndex::search(std::span<const float> queries, int k) const {
  const auto width = static_cast<size_t>(dimension());
  if (queries.empty() || queries.size() % width != 0) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The index has dimension {}, but the queries have {} values in all.",
                            width, queries.size()));
  }
  std::vector<std::vector<Hit>> results(queries.size() / width);
  const int64_t reach = std::clamp<int64_t>(k, 0, size());
  if (reach == 0) return results;
  find(queries, reach, results);
  for (std::vector<Hit>& hits : results) {
    std::sort(hits.begin(), hits.end(), [](const Hit& left, const Hit& right) {
      return left.score != right.score ? left.score > right.score : left.id < right.id;
    });
    if (hits.size() > static_cast<size_t>(reach)) hits.resize(static_cast<size_t>(reach));
  }
  return results;
}

}  // namespace realm
