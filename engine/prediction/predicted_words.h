// The words of an answer: the best ones and those that the user watches, each with its exact
// marginal, its share of every document, the null document's and the baseline's probability
// (REALM_SPEC 1). Pure functions, thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/prediction/ask.h"
#include "engine/prediction/word_ranking.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

// What the words are computed from.
struct WordEvidence {
  const WordPieceTokenizer& tokenizer;
  PieceTable reading;                  // [K, M, V] under the candidates
  std::span<const double> log_p_z;     // [K]
  int null_index = 0;                  // which candidate is the null document
  std::optional<PieceTable> baseline;  // [1, M, V]; nullopt: there is no baseline
};

std::string word_of(const WordPieceTokenizer& tokenizer, std::span<const int32_t> pieces);
std::vector<std::string> piece_texts(const WordPieceTokenizer& tokenizer,
                                     std::span<const int32_t> pieces);

std::vector<PredictedWord> predicted_words(const WordEvidence& evidence, int count);
// In the order given; a word that cannot be scored has a note that says why.
std::vector<WatchedWord> watched_words(const WordEvidence& evidence,
                                       std::span<const std::string> words);

}  // namespace realm
