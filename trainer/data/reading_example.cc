#include "trainer/data/reading_example.h"

#include <algorithm>

#include "engine/base/check.h"

namespace realm {
namespace {

void mask_pieces(PieceSpan span, int32_t mask_id, MaskedSentence& out) {
  for (int i = span.begin; i < span.end; ++i) {
    if (i - span.begin < kMaxTargets) {
      out.positions.push_back(i);
      out.targets.push_back(out.pieces[static_cast<size_t>(i)]);
    }
    out.pieces[static_cast<size_t>(i)] = mask_id;
  }
}

}  // namespace

MaskedSentence mask_span(const TrainingSentence& sentence, size_t span, int32_t mask_id) {
  MaskedSentence out{sentence.pieces, {}, {}};
  mask_pieces(sentence.spans.at(span), mask_id, out);
  return out;
}

MaskedSentence mask_one_span(const TrainingSentence& sentence, int32_t mask_id, Rng& rng) {
  REALM_CHECK(!sentence.spans.empty());
  return mask_span(sentence, rng.below(sentence.spans.size()), mask_id);
}

MaskedSentence mask_two_spans(const TrainingSentence& sentence, int32_t mask_id, Rng& rng) {
  REALM_CHECK(!sentence.spans.empty());
  const PieceSpan first = sentence.spans[rng.below(sentence.spans.size())];
  std::vector<PieceSpan> masked = {first};
  std::vector<PieceSpan> apart;
  for (const PieceSpan& span : sentence.spans) {
    if (span.end < first.begin || span.begin > first.end) apart.push_back(span);
  }
  if (!apart.empty()) masked.push_back(apart[rng.below(apart.size())]);
  if (masked.size() == 2 && masked[1].begin < first.begin) std::swap(masked[0], masked[1]);
  MaskedSentence out{sentence.pieces, {}, {}};
  for (const PieceSpan& span : masked) mask_pieces(span, mask_id, out);
  return out;
}

std::vector<int> mentions(const Pieces& pieces, const Pieces& needle,
                          const Vocabulary& vocabulary) {
  std::vector<int> out;
  if (needle.empty()) return out;
  for (auto at = pieces.begin();; ++at) {
    at = std::search(at, pieces.end(), needle.begin(), needle.end());
    if (at == pieces.end()) return out;
    const auto after = at + static_cast<std::ptrdiff_t>(needle.size());
    if (after == pieces.end() || !vocabulary.piece(*after).starts_with("##"))
      out.push_back(static_cast<int>(at - pieces.begin()));
  }
}

bool contains_words(const Pieces& pieces, const Pieces& needle, const Vocabulary& vocabulary) {
  return !mentions(pieces, needle, vocabulary).empty();
}

std::vector<Pieces> crop_passage(const std::vector<Pieces>& sentences, const Pieces& answer,
                                 int keep, const Vocabulary& vocabulary, Rng& rng) {
  const auto count = sentences.size();
  if (static_cast<size_t>(keep) >= count) return sentences;
  std::vector<size_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = i;
  rng.shuffle(order);
  const auto holder = std::find_if(order.begin(), order.end(), [&](size_t i) {
    return contains_words(sentences[i], answer, vocabulary);
  });
  if (holder != order.end()) std::iter_swap(order.begin(), holder);
  order.resize(static_cast<size_t>(keep));
  std::sort(order.begin(), order.end());
  std::vector<Pieces> out;
  for (const size_t i : order) out.push_back(sentences[i]);
  return out;
}

}  // namespace realm
