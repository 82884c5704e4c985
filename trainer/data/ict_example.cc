#include "trainer/data/ict_example.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

// A batch of neighbours takes as many of the nearest passages of each one that was drawn, at random
// from as many: always the same company would be learnt by heart.
constexpr size_t kNeighbours = 7;
constexpr int kNeighbourPool = 16;

Pieces joined(const std::vector<Pieces>& sentences) {
  Pieces out;
  for (const Pieces& sentence : sentences) out.insert(out.end(), sentence.begin(), sentence.end());
  return out;
}

}  // namespace

IctSampler::IctSampler(const TrainOptions& options, const Vocabulary& vocabulary,
                       const PassageTable& passages, const TrainingText* text, QueryMasks masks)
    : options_(options),
      vocabulary_(vocabulary),
      passages_(passages),
      text_(text),
      query_masks_(masks) {
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
    swapper_.emplace(vocabulary, *text);
    for (size_t i = 0; i < text->sentences.size(); ++i) {
      const int64_t row = text->sentences[i].passage;
      if (row >= 0) sentences_of_[static_cast<size_t>(row)].push_back(static_cast<int64_t>(i));
    }
  }
  is_usable_.resize(static_cast<size_t>(passages.size()), false);
  usable_by_source_.resize(passages.rows_by_source().size());
  for (int64_t row = 0; row < passages.size(); ++row) {
    const Passage& passage = passages.at(row);
    // One-sentence passages have nothing left once their sentence is removed (REALM_SPEC 5.7).
    // Differs from paper: they are always asked with their sentence left in, not only in the share
    // of such cases, as a corpus may be full of them.
    if (passage.sentences.empty()) continue;
    if (passage.sentences.size() < 2 && options.remove_probability >= 1.0) continue;
    usable_.push_back(row);
    is_usable_[static_cast<size_t>(row)] = true;
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
  if (nearest_ && rng.chance(options_.neighbour_probability)) {
    return choose_neighbours(std::min(usable_.size(), static_cast<size_t>(options_.batch_size)),
                             rng);
  }
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

std::vector<int64_t> IctSampler::choose_neighbours(size_t count, Rng& rng) const {
  std::vector<int64_t> rows;
  std::vector<bool> taken(is_usable_.size(), false);
  const auto take = [&](int64_t row) {
    const auto at = static_cast<size_t>(row);
    if (rows.size() == count || !is_usable_[at] || taken[at]) return false;
    taken[at] = true;
    rows.push_back(row);
    return true;
  };
  while (rows.size() < count) {
    const int64_t anchor = usable_[rng.below(usable_.size())];
    if (!take(anchor)) continue;
    std::vector<int64_t> near = nearest_(anchor, kNeighbourPool);
    rng.shuffle(near);
    size_t more = 0;
    for (const int64_t row : near) {
      if (more == kNeighbours) break;
      more += take(row) ? 1 : 0;
    }
  }
  return rows;
}

IctSampler::Question IctSampler::ask_from_text(int64_t row, Rng& rng) const {
  const Passage& passage = passages_.at(row);
  const std::vector<int64_t>& asked = sentences_of_[static_cast<size_t>(row)];
  const TrainingSentence& sentence =
      text_->sentences[static_cast<size_t>(asked[rng.below(asked.size())])];
  const int32_t mask = vocabulary_.special().mask;
  const size_t span = rng.below(sentence.spans.size());
  const MaskedSentence masked = mask_span(sentence, span, mask);
  if (!sentence.names.empty() && rng.chance(options_.swap_probability)) {
    std::vector<Pieces> texts = passage.sentences;
    texts.push_back(passage.title);
    SwappedPair pair = swapper_->swap(sentence, texts, rng);
    // Longer names may push words out of the query; such a pair is asked as it was.
    if (static_cast<int>(pair.sentence.pieces.size()) <= lengths_.query - 2) {
      const Pieces title = std::move(pair.passage.back());
      pair.passage.pop_back();
      return {mask_span(pair.sentence, span, mask).pieces, masked.targets, title,
              joined(pair.passage), true};
    }
  }
  return {masked.pieces, masked.targets, passage.title, passage.body(), true};
}

IctSampler::Question IctSampler::ask_from_passage(int64_t row, Rng& rng) const {
  const Passage& passage = passages_.at(row);
  const size_t chosen = rng.below(passage.sentences.size());
  std::vector<Pieces> rest = passage.sentences;
  Question question{rest[chosen], {}, passage.title, {}, false};
  question.removed = rest.size() > 1 && rng.chance(options_.remove_probability);
  const std::vector<PieceSpan>& spans = passage.spans[chosen];
  if (!spans.empty() && rng.chance(options_.mask_span_probability)) {
    // One of its salient spans, wherever it stands in it.
    const PieceSpan span = spans[rng.below(spans.size())];
    question.hidden.assign(question.query.begin() + span.begin, question.query.begin() + span.end);
    for (const int begin : mentions(question.query, question.hidden, vocabulary_)) {
      std::fill_n(question.query.begin() + begin, question.hidden.size(),
                  vocabulary_.special().mask);
    }
  }
  if (question.removed) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(chosen));
  question.body = joined(rest);
  return question;
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
  const std::vector<int64_t> rows = choose_passages(rng);
  std::vector<Pieces> hidden;
  std::vector<Pieces> whole;  // what passage j says, before anything was taken out or exchanged
  for (const int64_t row : rows) {
    const bool has_text = !sentences_of_[static_cast<size_t>(row)].empty();
    Question question = has_text && rng.chance(options_.pair_fraction) ? ask_from_text(row, rng)
                                                                       : ask_from_passage(row, rng);
    const Pieces query = corrupt(std::move(question.query), rng);
    batch.queries.push_back(pack_query(query, lengths_, special, query_masks_));
    batch.documents.push_back(pack_document(question.title, question.body, lengths_, special));
    batch.removed.push_back(question.removed);
    hidden.push_back(std::move(question.hidden));
    const Passage& passage = passages_.at(row);
    whole.push_back(passage.title);
    whole.back().push_back(special.sep);
    const Pieces body = passage.body();
    whole.back().insert(whole.back().end(), body.begin(), body.end());
  }
  for (size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i].empty()) continue;
    for (size_t j = 0; j < whole.size(); ++j) {
      if (i != j && contains_words(whole[j], hidden[i], vocabulary_))
        batch.undecided.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
  return batch;
}

}  // namespace realm
