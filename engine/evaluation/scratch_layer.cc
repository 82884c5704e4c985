#include "engine/evaluation/scratch_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/error.h"

namespace realm {
namespace {

// Above every id that a database gives.
constexpr DocumentId kFirstScratchId = DocumentId{1} << 62;

}  // namespace

ScratchLayer::ScratchLayer(const Corpus& below, std::shared_ptr<const MipsIndex> index)
    : below_(below), index_(std::move(index)) {}

DocumentId ScratchLayer::put(Document document, RealmEngine& engine, std::stop_token stop) {
  const bool is_new = document.id == kNullDocumentId;
  if (!is_new && !find(document.id)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The corpus holds no document {} to be changed.", document.id));
  }
  if (is_new) document.id = kFirstScratchId + added_;
  const std::vector<float> vector = engine.embed_documents({&document, 1}, stop);
  index_.put(document.id, vector);
  if (is_new) ++added_;
  const DocumentId id = document.id;
  changed_[id] = std::move(document);
  return id;
}

std::string ScratchLayer::fingerprint() const {
  return fmt::format("{}+{}", below_.fingerprint(), changed_.size());
}

std::optional<Document> ScratchLayer::find(DocumentId id) const {
  const auto found = changed_.find(id);
  return found == changed_.end() ? below_.find(id) : found->second;
}

std::vector<Document> ScratchLayer::read_after(DocumentId after, int count) const {
  std::vector<Document> documents =
      after < kFirstScratchId ? below_.read_after(after, count) : std::vector<Document>{};
  for (Document& document : documents) {
    if (const auto found = changed_.find(document.id); found != changed_.end())
      document = found->second;
  }
  if (!documents.empty()) return documents;  // fewer than `count` does not say that it was the end
  // Ids of the layer follow one another, so the next one is known.
  for (DocumentId id = std::max(after + 1, kFirstScratchId);
       static_cast<int>(documents.size()) < count && id < kFirstScratchId + added_; ++id) {
    documents.push_back(changed_.at(id));
  }
  return documents;
}

}  // namespace realm
