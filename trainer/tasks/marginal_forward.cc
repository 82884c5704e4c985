#include "trainer/tasks/marginal_forward.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "trainer/tasks/reading_loss.h"

namespace realm {
namespace {

// In groups of like length, so that one long passage does not pad them all: [n, P].
torch::Tensor embed_in_groups(const RetrieverAndReader& model,
                              const std::vector<BertInput>& inputs) {
  constexpr size_t kGroup = 32;
  std::vector<int64_t> order(inputs.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return inputs[static_cast<size_t>(a)].ids.size() < inputs[static_cast<size_t>(b)].ids.size();
  });
  std::vector<torch::Tensor> parts;
  for (size_t begin = 0; begin < order.size(); begin += kGroup) {
    std::vector<BertInput> group;
    for (size_t i = begin; i < std::min(order.size(), begin + kGroup); ++i) {
      group.push_back(inputs[static_cast<size_t>(order[i])]);
    }
    parts.push_back(model.embedder(
        make_batch(group, model.inputs.vocabulary().special(), model.inputs.device)));
  }
  std::vector<int64_t> inverse(order.size());
  for (size_t i = 0; i < order.size(); ++i)
    inverse[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
  return torch::cat(parts).index_select(
      0, torch::tensor(inverse, torch::kInt64).to(model.inputs.device));
}

// What the networks read for a batch.
struct PackedBatch {
  std::vector<BertInput> documents;      // each once; the null document first
  std::vector<int64_t> columns;          // [B*K] row in `documents`
  std::vector<float> absent;             // [B*K] -infinity where there is no such candidate
  std::vector<ReadingExample> readings;  // [B*K]
};

// Each passage is embedded once, however many queries of the batch retrieved it.
PackedBatch pack_batch(const TaskInputs& inputs, const BatchCandidates& candidates,
                       const std::vector<MaskedSentence>& masked) {
  constexpr int64_t kNull = -2;
  const SpecialIds& special = inputs.vocabulary().special();
  const SequenceLengths lengths = inputs.lengths();
  PackedBatch out;
  out.documents.push_back(pack_document({}, {}, lengths, special));
  std::unordered_map<int64_t, int64_t> column_of;  // passage row -> row in `documents`
  for (size_t b = 0; b < masked.size(); ++b) {
    std::vector<int64_t> rows = candidates.rows[b];
    rows.push_back(kNull);
    for (const int64_t row : rows) {
      Pieces body;
      if (row >= 0) {
        const auto [found, added] =
            column_of.emplace(row, static_cast<int64_t>(out.documents.size()));
        body = inputs.passages.at(row).body();
        if (added)
          out.documents.push_back(
              pack_document(inputs.passages.at(row).title, body, lengths, special));
        out.columns.push_back(found->second);
      } else {
        out.columns.push_back(0);
      }
      const bool is_absent = row < 0 && row != kNull;
      out.absent.push_back(is_absent ? -std::numeric_limits<float>::infinity() : 0.0F);
      ReadingExample reading{
          pack_joint(masked[b].pieces, body, lengths, special), {}, masked[b].targets, {}};
      for (const int position : masked[b].positions) reading.positions.push_back(position + 1);
      out.readings.push_back(std::move(reading));
    }
  }
  return out;
}

// Scatters the targets, one after the other, into [B, K, M].
void place_targets(const TargetScores& targets, const std::vector<MaskedSentence>& masked,
                   int64_t width, MarginalForward& out) {
  size_t longest = 0;
  for (const MaskedSentence& sentence : masked)
    longest = std::max(longest, sentence.targets.size());
  const auto batch = static_cast<int64_t>(masked.size());
  const auto pieces = static_cast<int64_t>(longest);
  std::vector<int64_t> places;
  torch::Tensor mask = torch::zeros({batch, pieces});
  for (int64_t b = 0; b < batch; ++b) {
    const auto count = static_cast<int64_t>(masked[static_cast<size_t>(b)].targets.size());
    mask.index({b, torch::indexing::Slice(0, count)}) = 1.0;
    for (int64_t z = 0; z < width; ++z) {
      for (int64_t m = 0; m < count; ++m) places.push_back((b * width + z) * pieces + m);
    }
  }
  const torch::Device device = targets.log_p.device();
  const torch::Tensor where = torch::tensor(places, torch::kInt64).to(device);
  out.log_p_y = torch::zeros({batch * width * pieces}, targets.log_p.options())
                    .index_copy(0, where, targets.log_p)
                    .view({batch, width, pieces});
  out.is_top = torch::ones({batch * width * pieces}, targets.log_p.options())
                   .index_copy(0, where, targets.is_top.to(torch::kFloat32))
                   .view({batch, width, pieces});
  out.piece_mask = mask.to(device);
}

}  // namespace

int64_t SentenceBatch::pieces() const {
  int64_t count = 0;
  for (const MaskedSentence& sentence : masked)
    count += static_cast<int64_t>(sentence.targets.size());
  return count;
}

SentenceBatch SentenceBatch::part(const BatchPart& part) const {
  const auto first = static_cast<std::ptrdiff_t>(part.begin);
  const auto last = static_cast<std::ptrdiff_t>(part.begin + part.size);
  return {{sentences.begin() + first, sentences.begin() + last},
          {masked.begin() + first, masked.begin() + last}};
}

SentenceBatch mask_batch(std::vector<const TrainingSentence*> sentences,
                         const SentenceMasker& masker, Rng& rng) {
  SentenceBatch out{std::move(sentences), {}};
  for (const TrainingSentence* sentence : out.sentences)
    out.masked.push_back(masker.mask(*sentence, rng));
  return out;
}

MarginalForward run_marginal(const RetrieverAndReader& model, const MipsIndex& index,
                             const SentenceBatch& batch) {
  const SpecialIds& special = model.inputs.vocabulary().special();
  const torch::Device device = model.inputs.device;
  std::vector<BertInput> queries;
  for (const MaskedSentence& sentence : batch.masked)
    queries.push_back(pack_query(sentence.pieces, model.inputs.lengths(), special,
                                 model.embedder->query_masks()));
  MarginalForward out;
  const torch::Tensor query = model.embedder(make_batch(queries, special, device));  // [B, P]
  out.candidates = choose_batch_candidates(model.inputs, index, query, batch.sentences);
  const PackedBatch packed = pack_batch(model.inputs, out.candidates, batch.masked);
  for (const BertInput& input : queries) out.tokens += static_cast<int64_t>(input.ids.size());
  for (const BertInput& input : packed.documents)
    out.tokens += static_cast<int64_t>(input.ids.size());
  for (const ReadingExample& reading : packed.readings)
    out.tokens += static_cast<int64_t>(reading.input.ids.size());

  const auto size = static_cast<int64_t>(batch.sentences.size());
  const auto width = static_cast<int64_t>(model.inputs.options.candidates);
  const torch::Tensor embedded = embed_in_groups(model, packed.documents);  // [U, P]
  const torch::Tensor chosen =
      embedded.index_select(0, torch::tensor(packed.columns, torch::kInt64).to(device))
          .view({size, width, -1});                                      // [B, K, P]
  out.scores = torch::matmul(chosen, query.unsqueeze(-1)).squeeze(-1) +  // [B, K]
               torch::tensor(packed.absent).view({size, width}).to(device);
  place_targets(score_targets(model.encoder, packed.readings, special, device), batch.masked, width,
                out);
  return out;
}

}  // namespace realm
