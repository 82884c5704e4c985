#include "engine/prediction/predicted_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/prediction/marginal.h"

namespace realm {
namespace {

// p(z|x) p(word|z,x) of each document.
std::vector<double> shares(const WordEvidence& evidence,
                           const std::vector<double>& log_p_document) {
  std::vector<double> out;
  for (size_t k = 0; k < log_p_document.size(); ++k)
    out.push_back(std::exp(evidence.log_p_z[k] + log_p_document[k]));
  return out;
}

double baseline_p(const WordEvidence& evidence, std::span<const int32_t> pieces) {
  return evidence.baseline ? std::exp(word_log_p(*evidence.baseline, pieces).front()) : 0.0;
}

void score(const WordEvidence& evidence, const std::vector<int32_t>& ids, WatchedWord& word) {
  const std::vector<double> log_p_document = word_log_p(evidence.reading, ids);
  std::vector<double> joint(log_p_document);
  for (size_t k = 0; k < joint.size(); ++k) joint[k] += evidence.log_p_z[k];
  word.log_p = log_sum_exp(joint);
  word.p = std::exp(word.log_p);
  word.by_document = shares(evidence, log_p_document);
  word.null_p = std::exp(log_p_document[static_cast<size_t>(evidence.null_index)]);
  word.baseline_p = baseline_p(evidence, ids);
  if (ids.size() == 1) word.rank = piece_rank(evidence.reading, evidence.log_p_z, ids.front());
}

}  // namespace

std::string word_of(const WordPieceTokenizer& tokenizer, std::span<const int32_t> pieces) {
  return tokenizer.decode(pieces, false);
}

std::vector<std::string> piece_texts(const WordPieceTokenizer& tokenizer,
                                     std::span<const int32_t> pieces) {
  std::vector<std::string> out;
  for (const int32_t id : pieces) out.push_back(tokenizer.vocabulary().piece(id));
  return out;
}

std::vector<PredictedWord> predicted_words(const WordEvidence& evidence, int count) {
  std::vector<PredictedWord> out;
  for (const RankedWord& ranked : top_words(evidence.reading, evidence.log_p_z, count)) {
    PredictedWord word;
    word.word = word_of(evidence.tokenizer, ranked.pieces);
    word.pieces = piece_texts(evidence.tokenizer, ranked.pieces);
    word.log_p = ranked.log_p;
    word.p = std::exp(ranked.log_p);
    word.by_document = shares(evidence, ranked.log_p_document);
    word.null_p = std::exp(ranked.log_p_document[static_cast<size_t>(evidence.null_index)]);
    word.baseline_p = baseline_p(evidence, ranked.pieces);
    out.push_back(std::move(word));
  }
  return out;
}

std::vector<WatchedWord> watched_words(const WordEvidence& evidence,
                                       std::span<const std::string> words) {
  std::vector<WatchedWord> out;
  const auto masks = static_cast<size_t>(evidence.reading.masks);
  const int32_t unknown = evidence.tokenizer.vocabulary().special().unknown;
  for (const std::string& watched : words) {
    WatchedWord word;
    word.word = watched;
    const std::vector<int32_t> ids = evidence.tokenizer.token_ids(watched);
    word.pieces = piece_texts(evidence.tokenizer, ids);
    if (ids.empty() || std::find(ids.begin(), ids.end(), unknown) != ids.end()) {
      word.note = "the vocabulary has no pieces for it";
    } else if (ids.size() != masks) {
      word.note = fmt::format("it has {} piece{}, but {} {} hidden", ids.size(),
                              ids.size() == 1 ? "" : "s", masks, masks == 1 ? "is" : "are");
    } else {
      score(evidence, ids, word);
    }
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace realm
