// Makes a WordPiece vocabulary from text (the models of the starter workspace are trained from
// nothing; REALM itself takes BERT's vocabulary).
//
// Pieces are merged by pair counts (byte-pair encoding on code points), not by the likelihood score
// of the original WordPiece, whose trainer was never released; used by greedy longest match, both
// give vocabularies of the same kind. Deterministic: equal counts give equal pieces on every
// platform. train_vocabulary is a pure function and blocks for seconds; a WordCounter belongs to
// one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace realm {

// Counts words as the tokenizer sees them: cleaned, lower-cased where wanted, punctuation and
// ideographs by themselves. Special tokens ("[MASK]") in the text do not count, nor words of more
// than 100 characters.
class WordCounter {
 public:
  explicit WordCounter(bool lower_case = true) : lower_case_(lower_case) {}

  void add(std::string_view text);
  // Sorted by word.
  std::vector<std::pair<std::string, int64_t>> counts() const;

 private:
  bool lower_case_;
  std::unordered_map<std::string, int64_t> counts_;
};

struct VocabularyTrainerOptions {
  int size = 4000;  // wanted number of pieces, with the special ones and the alphabet
  int64_t min_pair_count =
      2;  // pairs seen less often are not merged; the vocabulary may then stay smaller than `size`
  int max_alphabet = 1000;  // rarer characters than so many have no piece: their words become [UNK]
  // Asked at every merge, with how many pieces there are; false ends the training. Empty: nobody
  // is.
  std::function<bool(int64_t pieces)> goes_on{};
};

// The pieces in order of their ids: [PAD] [UNK] [CLS] [SEP] [MASK]; every character of the
// alphabet, alone and with "##" (a punctuation character or ideograph is always a word by itself
// and has no "##" piece), by code point; then the merged pieces in the order of their making.
// Merged pieces that greedy longest match never uses on these words are left out, and others made
// in their place. `word_counts` are normalised words, any order, repeated words add up. Throws
// Error{kInvalidArgument} when `size` has no room for the special pieces and the alphabet, or there
// are no words; Error{kCancelled} when it is not to go on.
std::vector<std::string> train_vocabulary(
    const std::vector<std::pair<std::string, int64_t>>& word_counts,
    const VocabularyTrainerOptions& options);

}  // namespace realm
