#include "trainer/tasks/retrieval_probe.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "engine/base/error.h"
#include "engine/index/faiss_index.h"
#include "engine/prediction/marginal.h"
#include "engine/retrieval/candidates.h"
#include "trainer/data/reading_example.h"
#include "trainer/run_stages.h"

namespace realm {

VectorTable embed_corpus(const TaskInputs& inputs, Embedder& embedder, const EmbedRules& rules) {
  const torch::NoGradGuard no_grad;
  const std::shared_ptr<RankGroup> alone = RankGroup::alone();
  RankGroup& ranks = rules.ranks == nullptr ? *alone : *rules.ranks;
  embedder->eval();
  const SequenceLengths lengths = inputs.lengths();
  const SpecialIds& special = inputs.vocabulary().special();
  const torch::Device device = embedder->parameters().front().device();
  const auto count = static_cast<size_t>(inputs.passages.size());
  std::vector<BertInput> packed;
  std::vector<DocumentId> ids;
  for (const Passage& passage : inputs.passages.all()) {
    packed.push_back(pack_document(passage.title, passage.body(), lengths, special));
    ids.push_back(passage.id);
  }
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return packed[a].ids.size() < packed[b].ids.size(); });
  const auto width = static_cast<size_t>(embedder->config().projection);
  // Batches in turn over the ranks, so that short and long passages are shared alike, and every
  // batch is the same however many there are.
  constexpr size_t kBatch = 32;
  const auto turns = static_cast<size_t>(ranks.size());
  std::vector<torch::Tensor> own;  // each [b, P]
  for (size_t begin = kBatch * static_cast<size_t>(ranks.rank()); begin < count;
       begin += kBatch * turns) {
    if (rules.goes_on) rules.goes_on();
    if (rules.progress) rules.progress(static_cast<double>(begin) / static_cast<double>(count));
    if (rules.stop.stop_requested())
      throw Error(ErrorCode::kCancelled, "Embedding the corpus was cancelled.");
    std::vector<BertInput> batch;
    for (size_t i = begin; i < std::min(count, begin + kBatch); ++i)
      batch.push_back(packed[order[i]]);
    own.push_back(
        embedder(make_batch(batch, special, device)).to(torch::kCPU, torch::kFloat32).contiguous());
  }
  const torch::Tensor all = ranks.gather_rows(
      own.empty() ? torch::empty({0, static_cast<int64_t>(width)}) : torch::cat(own));
  std::vector<float> rows(count * width);
  const float* from = all.data_ptr<float>();  // rank by rank
  for (size_t rank = 0; rank < turns; ++rank) {
    for (size_t begin = kBatch * rank; begin < count; begin += kBatch * turns) {
      for (size_t i = begin; i < std::min(count, begin + kBatch); ++i, from += width)
        std::memcpy(rows.data() + order[i] * width, from, width * sizeof(float));
    }
  }
  return VectorTable::from_memory(std::move(ids), std::move(rows), static_cast<int>(width));
}

std::vector<BertInput> held_out_queries(const TaskInputs& inputs, QueryMasks masks) {
  Rng rng(0x5eed);
  const SpecialIds& special = inputs.vocabulary().special();
  std::vector<BertInput> out;
  for (const TrainingSentence& sentence : inputs.held_out->sentences) {
    if (out.size() >= static_cast<size_t>(inputs.options.evaluate_examples)) break;
    out.push_back(pack_query(mask_one_span(sentence, special.mask, rng).pieces, inputs.lengths(),
                             special, masks));
  }
  return out;
}

Metrics measure_recall(const TaskInputs& inputs, Embedder& embedder, const VectorTable& vectors) {
  const torch::NoGradGuard no_grad;
  embedder->eval();
  const auto index = make_index(kExactIndexType, vectors, 0);
  const SpecialIds& special = inputs.vocabulary().special();
  Rng rng(0x5eed);
  double at_1 = 0;
  double at_5 = 0;
  double at_8 = 0;
  double log_p = 0;
  double count = 0;
  for (const TrainingSentence& sentence : inputs.held_out->sentences) {
    if (sentence.passage < 0) continue;
    if (count >= inputs.options.evaluate_examples) break;
    inputs.looks.within_part(kEvaluateStage);
    ++count;
    const BertInput query = pack_query(mask_one_span(sentence, special.mask, rng).pieces,
                                       inputs.lengths(), special, embedder->query_masks());
    const torch::Tensor embedded = embedder(make_batch({&query, 1}, special, inputs.device))
                                       .to(torch::kCPU, torch::kFloat32)
                                       .contiguous();
    const DocumentId gold = inputs.passages.at(sentence.passage).id;
    const std::span<const float> vector(embedded.data_ptr<float>(),
                                        static_cast<size_t>(embedded.numel()));
    const std::vector<double> scores = inner_products(vector, vectors.rows());
    log_p += scores[static_cast<size_t>(vectors.row_of(gold))] - log_sum_exp(scores);
    const auto hits = index->search(vector, 8).front();
    for (size_t i = 0; i < hits.size(); ++i) {
      if (hits[i].id != gold) continue;
      at_1 += i < 1 ? 1 : 0;
      at_5 += i < 5 ? 1 : 0;
      at_8 += 1;
    }
  }
  if (count == 0) return {};
  return {{"held_out/loss", -log_p / count},
          {"held_out/recall_at_1", at_1 / count},
          {"held_out/recall_at_5", at_5 / count},
          {"held_out/recall_at_8", at_8 / count}};
}

}  // namespace realm
