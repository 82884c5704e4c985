// KnowledgeRetriever: f(x,z) and the candidates z of a query (REALM sections 3.2, 3.3;
// REALM_SPEC 4.2, 4.3, 5.3). The index only selects; scores are inner products of the current
// embedder's vectors.
//
// Thread rule: one owner; every call blocks.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "engine/base/progress.h"
#include "engine/model/embedder.h"
#include "engine/model/model_setting.h"
#include "engine/retrieval/candidates.h"
#include "engine/text/corpus.h"
#include "engine/text/masked_text.h"

namespace realm {

struct ScoredCandidate {
  DocumentId id = kNullDocumentId;
  double score = 0;  // f(x,z)
};

class KnowledgeRetriever {
 public:
  // f(x,z) is multiplied by `score_scale`. Embeds the null document.
  KnowledgeRetriever(Embedder embedder, ModelSetting setting, double score_scale);

  // Embeddings of documents (title and text), documents.size() * D values, row-major. Throws
  // Error{kCancelled} within one batch of a request to stop.
  std::vector<float> embed_documents(std::span<const Document> documents,
                                     const std::stop_token& stop, const ProgressCallback& progress);
  // e(x), D values, the score scale multiplied in.
  std::vector<float> embed_query(const MaskedText& x);

  // The candidates by falling score, the null document among them. Throws as choose_candidates
  // does.
  std::vector<ScoredCandidate> candidates(const MipsIndex& index, std::span<const float> query,
                                          const CandidateOptions& options) const;
  // Every document of the index and the null document, by falling score.
  std::vector<ScoredCandidate> all_documents(const MipsIndex& index, std::span<const float> query,
                                             const std::stop_token& stop) const;

 private:
  ScoredCandidate null_candidate(std::span<const float> query) const;

  Embedder embedder_;
  ModelSetting setting_;
  double score_scale_;
  std::vector<float> null_embedding_;  // of the empty document
};

}  // namespace realm
