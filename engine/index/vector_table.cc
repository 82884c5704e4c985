#include "engine/index/vector_table.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {

VectorTable VectorTable::from_memory(std::vector<DocumentId> ids, std::vector<float> rows,
                                     int dimension) {
  const auto width = static_cast<size_t>(std::max(dimension, 0));
  if (dimension < 1 || rows.size() != ids.size() * width) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("{} embeddings of dimension {} need {} values, but there are {}.",
                            ids.size(), dimension, ids.size() * width, rows.size()));
  }
  struct Owned {
    std::vector<DocumentId> ids;
    std::vector<float> rows;
  };
  auto owned = std::make_shared<Owned>();
  if (std::is_sorted(ids.begin(), ids.end())) {
    owned->ids = std::move(ids);
    owned->rows = std::move(rows);
  } else {
    std::vector<size_t> order(ids.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&ids](size_t a, size_t b) { return ids[a] < ids[b]; });
    owned->rows.reserve(rows.size());
    for (const size_t from : order) {
      owned->ids.push_back(ids[from]);
      owned->rows.insert(owned->rows.end(),
                         rows.begin() + static_cast<std::ptrdiff_t>(from * width),
                         rows.begin() + static_cast<std::ptrdiff_t>((from + 1) * width));
    }
  }
  const std::span<const DocumentId> id_view = owned->ids;
  const std::span<const float> row_view = owned->rows;
  return view(id_view, row_view, dimension, owned);
}

VectorTable VectorTable::view(std::span<const DocumentId> ids, std::span<const float> rows,
                              int dimension, std::shared_ptr<const void> owner) {
  if (!ids.empty() && ids.front() <= kNullDocumentId) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format("Document ids of embeddings must be positive, but one is {}.", ids.front()));
  }
  for (size_t i = 1; i < ids.size(); ++i) {
    if (ids[i] <= ids[i - 1]) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("Document ids of embeddings must ascend, but {} follows {}.", ids[i],
                              ids[i - 1]));
    }
  }
  VectorTable table;
  table.ids_ = ids;
  table.rows_ = rows;
  table.dimension_ = dimension;
  table.owner_ = std::move(owner);
  return table;
}

int64_t VectorTable::row_of(DocumentId id) const noexcept {
  const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
  return found != ids_.end() && *found == id ? found - ids_.begin() : -1;
}

}  // namespace realm
