// NameLexicon: what a corpus tells about names, for the rules that find them
// (salient_span_tagger.h). Two sources: how its texts write a word inside sentences, and its
// titles, which are a gazetteer.
//
// Thread rule: fill it from one thread, then share it. Memory only; lexicon_of() blocks on disk.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/text/text_words.h"

namespace realm {

class NameLexicon {
 public:
  void add(std::string_view text);
  // A note behind it in parentheses is left away: "Mercury (planet)".
  void add_title(std::string_view title);

  // Whether the word is written with a capital more often than without; of a word that no text
  // has inside a sentence, whether it is a title. It decides about the first word of a sentence,
  // whose capital says nothing.
  bool is_name(std::string_view word) const;
  // Whether a text has it inside a sentence, or it is a title.
  bool knows(std::string_view word) const;
  // How many words from words[at] on are a title of two words or more, written alike, and one of
  // them has a capital that the beginning of a sentence does not explain; the longest; 0: none is.
  size_t match_title(std::span<const TextWord> words, size_t at) const;

 private:
  // How often a word, in lower case, was written with a capital and without.
  std::unordered_map<std::string, std::pair<int64_t, int64_t>> counts_;
  // By their first word: the words of titles, longest first, and not split up.
  std::unordered_map<std::string, std::vector<std::vector<std::string>>> titles_;
};

// The lexicon of a corpus: its titles, and its texts.
std::shared_ptr<const NameLexicon> lexicon_of(const Corpus& corpus);

}  // namespace realm
