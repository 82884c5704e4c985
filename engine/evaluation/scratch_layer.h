// ScratchLayer: a corpus and its index with passages added or changed in memory only. The corpus
// below never changes, so a layer can be thrown away at any time (what an evaluation item adds or
// edits, DESIGN.md section 4: a what-if layer).
//
// Thread rule: one owner. The corpus and the engine must outlive it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/index/mips_index.h"
#include "engine/realm_engine.h"
#include "engine/retrieval/overlay_index.h"
#include "engine/text/corpus.h"

namespace realm {

class ScratchLayer final : public Corpus {
 public:
  ScratchLayer(const Corpus& below, std::shared_ptr<const MipsIndex> index);

  // Embeds the passage and lays it over. A document with id 0 is added under an id of the layer's
  // own; another replaces that document. Returns the id. Throws Error{kNotFound} for an id that the
  // corpus below does not hold.
  DocumentId put(Document document, RealmEngine& engine, std::stop_token stop);

  const MipsIndex& index() const { return index_; }

  std::string name() const override { return below_.name(); }
  int64_t size() const override { return below_.size() + added_; }
  int64_t revision() const override { return below_.revision(); }
  // That of the corpus below with the number of changes behind it: no index on disk is made with
  // this text.
  std::string fingerprint() const override;
  std::optional<Document> find(DocumentId id) const override;
  std::vector<Document> read_after(DocumentId after, int count) const override;

 private:
  const Corpus& below_;
  OverlayIndex index_;
  std::unordered_map<DocumentId, Document> changed_;  // those added among them
  int64_t added_ = 0;
};

}  // namespace realm
