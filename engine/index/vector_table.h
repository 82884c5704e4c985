// VectorTable: n document embeddings with their ids, in memory or mapped from an embedding file.
// Immutable; safe to share.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

class VectorTable {
 public:
  // Takes rows in any order of ids; keeps them sorted by id. ids: n, distinct and positive; rows:
  // n*D. Throws Error{kCorruptData} for an id that is repeated or not positive, or sizes that do
  // not fit.
  static VectorTable from_memory(std::vector<DocumentId> ids, std::vector<float> rows,
                                 int dimension);
  // Rows that live elsewhere, kept alive by `owner`; ids positive and strictly ascending (checked).
  static VectorTable view(std::span<const DocumentId> ids, std::span<const float> rows,
                          int dimension, std::shared_ptr<const void> owner);

  int dimension() const noexcept { return dimension_; }
  int64_t size() const noexcept { return static_cast<int64_t>(ids_.size()); }
  std::span<const DocumentId> ids() const noexcept { return ids_; }
  std::span<const float> rows() const noexcept { return rows_; }  // n*D, row-major
  // The row number of a document, or -1.
  int64_t row_of(DocumentId id) const noexcept;
  std::span<const float> row(int64_t number) const {
    return rows_.subspan(static_cast<size_t>(number) * static_cast<size_t>(dimension_),
                         static_cast<size_t>(dimension_));
  }

 private:
  VectorTable() = default;
  std::span<const DocumentId> ids_;
  std::span<const float> rows_;
  int dimension_ = 0;
  std::shared_ptr<const void> owner_;
};

}  // namespace realm
