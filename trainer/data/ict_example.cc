#include "trainer/data/ict_example.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {

IctSampler::IctSampler(const TrainOptions& options, const Vocabulary& vocabulary,
                       const PassageTable& passages, const TrainingText* text)
    : options_(options), vocabulary_(vocabulary), passages_(passages), text_(text) {
  lengths_ = {options.query_length, options.document_length, options.positions};
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    const std::string& piece = vocabulary.piece(id);
    const bool continues = piece.starts_with("##") && piece.size() > 2;
    continues_.push_back(continues);
    const std::string body = continues ? piece.substr(2) : piece;
    digits_.push_back(!body.empty() && std::all_of(body.begin(), body.end(), [](char c) {
      return std::isdigit(static_cast<unsigned char>(c)) != 0;
    }));
  }
  sentences_of_.resize(static_cast<size_t>(passages.size()));
  if (text != nullptr) {
    for (size_t i = 0; i < text->sentences.size(); ++i) {
      const int64_t row = text->sentences[i].passage;
      if (row >= 0) sentences_of_[static_cast<size_t>(row)].push_back(static_cast<int64_t>(i));
    }
  }
  usable_by_source_.resize(passages.rows_by_source().size());
  for (int64_t row = 0; row < passages.size(); ++row) {
    const Passage& passage = passages.at(row);
    // One-sentence passages have nothing left once their sentence is removed (REALM_SPEC 5.7).
    // Differs from paper: they are always asked with their sentence left in, not only in the share
    // of such cases, as a corpus may be full of them.
    if (passage.sentences.empty()) continue;
    if (passage.sentences.size() < 2 && options.remove_probability >= 1.0) continue;
    usable_.push_back(row);
    usable_by_source_[static_cast<size_t>(passage.source)].push_back(row);
  }
  if (static_cast<int>(usable_.size()) < 2) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The inverse cloze task needs at least 2 passages of two sentences, or "
                            "of one where sentences may be left in, but the corpus has {}.",
                            usable_.size()));
  }
}

std::vector<int64_t> IctSampler::choose_passages(Rng& rng) const {
  const std::vector<int64_t>* pool = &usable_;
  if (rng.chance(options_.same_source_probability)) {
    const Passage& anchor = passages_.at(usable_[rng.below(usable_.size())]);
    const std::vector<int64_t>& same = usable_by_source_[static_cast<size_t>(anchor.source)];
    // A source of a few passages cannot fill a batch of distinct ones.
    if (same.size() >= 8) pool = &same;
  }
  std::vector<int64_t> rows = *pool;
  const size_t count = std::min(rows.size(), static_cast<size_t>(options_.batch_size));
  for (size_t i = 0; i < count; ++i) std::swap(rows[i], rows[i + rng.below(rows.size() - i)]);
  rows.resize(count);
  return rows;
}

Pieces IctSampler::mask_span(const Passage& passage, size_t sentence, Rng& rng) const {
  Pieces out = passage.sentences[sentence];
  const std::vector<PieceSpan>& spans = passage.spans[sentence];
  if (spans.empty() || !rng.chance(options_.mask_span_probability)) return out;
  const PieceSpan span = spans[rng.below(spans.size())];
  const Pieces hidden(out.begin() + span.begin, out.begin() + span.end);
  for (const int begin : mentions(out, hidden, vocabulary_)) {
    std::fill_n(out.begin() + begin, hidden.size(), vocabulary_.special().mask);
  }
  return out;
}

Pieces IctSampler::corrupt(Pieces query, Rng& rng) const {
  const bool mask_digits = rng.chance(options_.mask_digits_probability);
  const int32_t mask = vocabulary_.special().mask;
  for (size_t begin = 0; begin < query.size();) {
    size_t end = begin + 1;
    while (end < query.size() && continues_[static_cast<size_t>(query[end])]) ++end;
    const bool hide = (mask_digits && digits_[static_cast<size_t>(query[begin])]) ||
                      rng.chance(options_.word_dropout);
    if (hide)
      std::fill(query.begin() + static_cast<std::ptrdiff_t>(begin),
                query.begin() + static_cast<std::ptrdiff_t>(end), mask);
    begin = end;
  }
  return query;
}

IctBatch IctSampler::sample(Rng& rng) const {
  IctBatch batch;
  const SpecialIds& special = vocabulary_.special();
  for (const int64_t row : choose_passages(rng)) {
    const Passage& passage = passages_.at(row);
    const std::vector<int64_t>& asked = sentences_of_[static_cast<size_t>(row)];
    if (!asked.empty() && rng.chance(options_.pair_fraction)) {
      const TrainingSentence& sentence =
          text_->sentences[static_cast<size_t>(asked[rng.below(asked.size())])];
      const Pieces query = corrupt(mask_one_span(sentence, special.mask, rng).pieces, rng);
      batch.queries.push_back(pack_query(query, lengths_, special));
      batch.documents.push_back(pack_document(passage.title, passage.body(), lengths_, special));
      batch.removed.push_back(true);
      continue;
    }
    const size_t chosen = rng.below(passage.sentences.size());
    const bool remove = passage.sentences.size() > 1 && rng.chance(options_.remove_probability);
    Pieces rest;
    for (size_t i = 0; i < passage.sentences.size(); ++i) {
      if (remove && i == chosen) continue;
      rest.insert(rest.end(), passage.sentences[i].begin(), passage.sentences[i].end());
    }
    const Pieces query = corrupt(mask_span(passage, chosen, rng), rng);
    batch.queries.push_back(pack_query(query, lengths_, special));
    batch.documents.push_back(pack_document(passage.title, rest, lengths_, special));
    batch.removed.push_back(remove);
  }
  return batch;
}

}  // namespace realm
