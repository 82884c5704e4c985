// TableIndex: what every index over a table of embeddings has in common; where it searches is its
// own. Thread rule and errors: as MipsIndex.
#pragma once

#include <string>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"

namespace realm {

class TableIndex : public MipsIndex {
 public:
  TableIndex(std::string type, VectorTable vectors, int64_t generation);

  std::string type() const override { return type_; }
  int dimension() const override { return vectors_.dimension(); }
  int64_t size() const override { return vectors_.size(); }
  int64_t generation() const override { return generation_; }
  bool contains(DocumentId id) const override { return vectors_.row_of(id) >= 0; }
  std::vector<float> vectors(std::span<const DocumentId> ids) const override;
  std::vector<std::vector<Hit>> search(std::span<const float> queries, int k) const override;

 protected:
  // The best `reach` rows of each query, or fewer, in any order; `reach` is from 1 to size().
  // queries: count * D values. The results have one empty list a query.
  virtual void find(std::span<const float> queries, int64_t reach,
                    std::vector<std::vector<Hit>>& results) const = 0;
  const VectorTable& table() const { return vectors_; }
  Hit hit(int64_t row, float score) const {
    return {vectors_.ids()[static_cast<size_t>(row)], score};
  }

 private:
  std::string type_;
  VectorTable vectors_;
  int64_t generation_;
};

}  // namespace realm
