// OverlayIndex: an index with edited rows laid over it (UI.md b-3). The base never changes; rows
// added or edited since it was built are searched exactly beside it and hide the base's row of the
// same id; deleted rows are hidden.
//
// Thread rule: search and vectors are safe together; put and erase need exclusive access (one owner
// thread).
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "engine/index/mips_index.h"

namespace realm {

class OverlayIndex final : public MipsIndex {
 public:
  explicit OverlayIndex(std::shared_ptr<const MipsIndex> base);

  // Sets the vector (D values) of `id`, new or known. Throws Error{kMismatch} for another
  // dimension.
  void put(DocumentId id, std::span<const float> vector);
  void erase(DocumentId id);  // no effect on an unknown id
  int64_t overlaid() const noexcept { return static_cast<int64_t>(rows_.size() + hidden_.size()); }

  std::string type() const override { return base_->type(); }
  int dimension() const override { return base_->dimension(); }
  int64_t size() const override;
  int64_t generation() const override { return base_->generation(); }
  std::vector<std::vector<Hit>> search(std::span<const float> queries, int k) const override;
  std::vector<float> vectors(std::span<const DocumentId> ids) const override;
  bool contains(DocumentId id) const override;

 private:
  std::shared_ptr<const MipsIndex> base_;
  std::unordered_map<DocumentId, std::vector<float>> rows_;
  std::unordered_set<DocumentId> hidden_;  // ids of the base that are edited or deleted
};

}  // namespace realm
