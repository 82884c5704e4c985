#include "engine/retrieval/knowledge_retriever.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "engine/base/cancellation.h"

namespace realm {
namespace {

void sort_by_score(std::vector<ScoredCandidate>& candidates) {
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const ScoredCandidate& a, const ScoredCandidate& b) { return a.score > b.score; });
}

}  // namespace

KnowledgeRetriever::KnowledgeRetriever(Embedder embedder, ModelSetting setting, double score_scale)
    : embedder_(std::move(embedder)), setting_(std::move(setting)), score_scale_(score_scale) {
  const Document empty;
  null_embedding_ = embed_documents({&empty, 1}, {}, {});
}

std::vector<float> KnowledgeRetriever::embed_documents(std::span<const Document> documents,
                                                       const std::stop_token& stop,
                                                       const ProgressCallback& progress) {
  const torch::NoGradGuard no_grad;
  const SpecialIds& special = setting_.special();
  const auto width = static_cast<size_t>(embedder_->config().projection);
  std::vector<float> out(documents.size() * width);
  std::vector<BertInput> inputs;
  for (const Document& document : documents) {
    inputs.push_back(pack_document(setting_.tokenizer->token_ids(document.title),
                                   setting_.tokenizer->token_ids(document.text), setting_.lengths,
                                   special));
  }
  std::vector<size_t> order(inputs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return inputs[a].ids.size() < inputs[b].ids.size(); });
  // As many at a time as make about 2,000 pieces: a batch stays in the cache, and a stop is seen
  // soon.
  constexpr size_t kPieces = 2048;
  for (size_t begin = 0; begin < order.size();) {
    throw_if_cancelled(stop);
    std::vector<BertInput> batch;
    size_t end = begin;
    while (end < order.size() &&
           (end == begin || (end - begin + 1) * inputs[order[end]].ids.size() <= kPieces)) {
      batch.push_back(inputs[order[end++]]);
    }
    setting_.choose_threads();
    const torch::Tensor embedded = embedder_(make_batch(batch, special, setting_.device))
                                       .to(torch::kCPU, torch::kFloat32)
                                       .contiguous();  // [b, D]
    for (size_t i = begin; i < end; ++i) {
      std::memcpy(out.data() + order[i] * width, embedded.data_ptr<float>() + (i - begin) * width,
                  width * sizeof(float));
    }
    begin = end;
    if (progress)
      progress({static_cast<int64_t>(end), static_cast<int64_t>(order.size()), "embed"});
  }
  return out;
}

std::vector<float> KnowledgeRetriever::embed_query(const MaskedText& x) {
  const torch::NoGradGuard no_grad;
  setting_.choose_threads();
  const SpecialIds& special = setting_.special();
  const BertInput input = pack_query(x.ids, setting_.lengths, special, embedder_->query_masks());
  const torch::Tensor embedded = embedder_(make_batch({&input, 1}, special, setting_.device))
                                     .to(torch::kCPU, torch::kFloat32)
                                     .contiguous();
  std::vector<float> out(embedded.data_ptr<float>(), embedded.data_ptr<float>() + embedded.numel());
  for (float& value : out) value *= static_cast<float>(score_scale_);
  return out;
}

ScoredCandidate KnowledgeRetriever::null_candidate(std::span<const float> query) const {
  return {kNullDocumentId, inner_products(query, null_embedding_).front()};
}

std::vector<ScoredCandidate> KnowledgeRetriever::candidates(const MipsIndex& index,
                                                            std::span<const float> query,
                                                            const CandidateOptions& options) const {
  const std::vector<DocumentId> ids = choose_candidates(index, query, options);
  // The stored vectors are those of the current weights (the facade compares fingerprints), so the
  // scores are current ones.
  const std::vector<double> scores = inner_products(query, index.vectors(ids));
  std::vector<ScoredCandidate> out = {null_candidate(query)};
  for (size_t i = 0; i < ids.size(); ++i) out.push_back({ids[i], scores[i]});
  sort_by_score(out);
  return out;
}

std::vector<ScoredCandidate> KnowledgeRetriever::all_documents(const MipsIndex& index,
                                                               std::span<const float> query,
                                                               const std::stop_token& stop) const {
  std::vector<ScoredCandidate> out = {null_candidate(query)};
  const auto count =
      static_cast<int>(std::min<int64_t>(index.size(), std::numeric_limits<int>::max()));
  if (count == 0) return out;
  const std::vector<std::vector<Hit>> results = index.search(query, count);
  const std::vector<Hit>& hits = results.front();
  // A compressed index has scores of its own: only the stored vectors give f(x,z).
  constexpr size_t kRows = 4096;
  for (size_t begin = 0; begin < hits.size(); begin += kRows) {
    throw_if_cancelled(stop);
    std::vector<DocumentId> ids;
    for (size_t i = begin; i < std::min(hits.size(), begin + kRows); ++i) ids.push_back(hits[i].id);
    const std::vector<double> exact = inner_products(query, index.vectors(ids));
    for (size_t i = 0; i < ids.size(); ++i) out.push_back({ids[i], exact[i]});
  }
  sort_by_score(out);
  return out;
}

}  // namespace realm
