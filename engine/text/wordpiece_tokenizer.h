// WordPieceTokenizer: BERT's tokenizer (REALM_SPEC 2.1), uncased and cased, with offsets into the
// original text.
//
// Follows Hugging Face's slow BertTokenizer as made by from_pretrained; the other treatments of
// special tokens are options. Characters are judged by Unicode 14, whatever the version of the
// library at hand. Immutable: safe to share between threads. Never throws on any byte sequence:
// invalid UTF-8 is read as U+FFFD (dropped).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/vocabulary.h"

namespace realm {

class PieceTrie;

struct Token {
  int32_t id = 0;
  // Half-open byte range [begin, end) of the original text that this piece came from, on code point
  // borders. Ranges never go backwards; two pieces share one where a code point decomposes into
  // both of them.
  size_t begin = 0;
  size_t end = 0;
  bool continues_word = false;  // a "##" piece
};

enum class SpecialTokenRule {
  kKeepEverywhere,  // "[MASK]" is one token even when glued to a word (Hugging Face,
                    // from_pretrained)
  kKeepAsWords,  // only when it stands as a word of its own (Hugging Face, built from a vocabulary
                 // file)
  // Never: "[", "mask", "]". Google's own tokenizer, with its other differences too: unassigned and
  // private-use code points stay (of C* only Cc and Cf are dropped), words may have 200 characters
  // instead of 100, and a capital sigma that ends a word becomes the final form.
  kSplit,
};

struct TokenizerOptions {
  bool lower_case = true;  // false for cased models: no lower-casing and no accent stripping
  SpecialTokenRule special_tokens = SpecialTokenRule::kKeepEverywhere;
};

class WordPieceTokenizer {
 public:
  explicit WordPieceTokenizer(std::shared_ptr<const Vocabulary> vocabulary,
                              TokenizerOptions options = {});

  const Vocabulary& vocabulary() const noexcept { return *vocabulary_; }
  const std::shared_ptr<const Vocabulary>& shared_vocabulary() const noexcept {
    return vocabulary_;
  }
  const TokenizerOptions& options() const noexcept { return options_; }

  // Pieces of `utf8` in order; [CLS] and [SEP] are not added.
  std::vector<Token> tokenize(std::string_view utf8) const;
  std::vector<int32_t> token_ids(std::string_view utf8) const;
  // Hugging Face's decode with clean-up (REALM_SPEC 2.1). An id outside the vocabulary is written
  // as [UNK].
  std::string decode(std::span<const int32_t> ids, bool skip_special) const;

 private:
  std::shared_ptr<const Vocabulary> vocabulary_;
  std::shared_ptr<const PieceTrie> trie_;
  TokenizerOptions options_;
};

}  // namespace realm
