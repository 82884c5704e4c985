#include "engine/text/vocabulary_trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_set>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "engine/text/character_class.h"
#include "engine/text/piece_trie.h"
#include "engine/text/vocabulary.h"
#include "engine/text/word_scanner.h"

namespace realm {
namespace {

using Symbol = uint32_t;  // index into Merger::pieces_

// Each round drops the pieces that greedy matching does not use and makes others; a few rounds
// leave hardly any.
constexpr int kMaxRounds = 10;

class CountingReceiver {
 public:
  size_t size() const noexcept { return words.size(); }
  void cut(size_t size) { words.resize(size); }
  void special(std::string_view, size_t, size_t) {}
  void too_long(size_t, size_t) {}
  template <typename Range>
  void word(std::string_view normal, size_t, size_t, Range) {
    words.emplace_back(normal);
  }

  std::vector<std::string> words;
};

// A character that the tokenizer always splits off, so that no piece can continue or begin with it.
bool stands_alone(char32_t value) {
  return (character_class(value) & (kPunctuation | kIdeograph)) != 0;
}

std::u32string code_points(std::string_view word) {
  std::u32string points;
  for (size_t at = 0; at < word.size();) {
    const DecodedCodePoint point = decode_utf8(word, at);
    points += point.value;
    at += point.length;
  }
  return points;
}

std::string piece_of(char32_t value, bool continues) {
  std::string piece = continues ? "##" : "";
  append_utf8(piece, value);
  return piece;
}

class Merger {
 public:
  Merger(const std::map<std::string, int64_t>& words, const std::set<char32_t>& alphabet) {
    for (const char32_t value : alphabet) symbol_of(piece_of(value, false));
    for (const char32_t value : alphabet) {
      if (!stands_alone(value)) symbol_of(piece_of(value, true));
    }
    alphabet_size_ = pieces_.size();
    for (const auto& [text, count] : words) {
      const std::u32string points = code_points(text);
      const bool known = std::all_of(points.begin(), points.end(),
                                     [&](char32_t value) { return alphabet.contains(value); });
      if (!known || points.empty() || count < 1) continue;
      Word word{text, {}, count};
      for (size_t i = 0; i < points.size(); ++i)
        word.symbols.push_back(symbol_of(piece_of(points[i], i > 0)));
      words_.push_back(std::move(word));
    }
    for (uint32_t i = 0; i < words_.size(); ++i) {
      for (size_t j = 0; j + 1 < words_[i].symbols.size(); ++j) {
        count_pair(key(words_[i].symbols[j], words_[i].symbols[j + 1]), words_[i].count, i);
      }
    }
    queue_touched();
  }

  size_t alphabet_size() const { return alphabet_size_; }
  const std::vector<std::string>& pieces() const { return pieces_; }

  // Merges the most frequent pair everywhere; false when none is seen `min_count` times. Whether
  // the merge made a new piece shows in pieces().size().
  bool merge_next(int64_t min_count) {
    while (!queue_.empty()) {
      const Candidate best = queue_.top();
      queue_.pop();
      const auto found = pairs_.find(best.pair);
      if (found == pairs_.end() || found->second.count != best.count)
        continue;  // outdated; the present count is queued too
      if (best.count < min_count) return false;
      merge(best.pair);
      return true;
    }
    return false;
  }

  // The merged pieces that greedy longest match over `pieces` uses on none of the words.
  std::unordered_set<std::string> unused(const Vocabulary& vocabulary, size_t first) const {
    const PieceTrie trie(vocabulary);
    std::vector<bool> used(static_cast<size_t>(vocabulary.size()), false);
    for (const Word& word : words_) {
      const std::string_view text = word.text;
      for (size_t at = 0; at < text.size();) {
        const PieceTrie::Match piece = trie.longest(text.substr(at), at > 0);
        REALM_CHECK(piece.length > 0);  // the alphabet covers every word kept
        used[static_cast<size_t>(piece.id)] = true;
        at += piece.length;
      }
    }
    std::unordered_set<std::string> names;
    for (size_t id = first; id < used.size(); ++id) {
      if (!used[id]) names.insert(vocabulary.piece(static_cast<int32_t>(id)));
    }
    return names;
  }

 private:
  struct Word {
    std::string text;
    std::vector<Symbol> symbols;
    int64_t count;
  };
  struct Pair {
    int64_t count = 0;
    std::vector<uint32_t> words;  // where it is or once was; a word may stand twice
  };
  struct Candidate {
    int64_t count;
    uint64_t pair;
    // Most frequent first; among equals the pair whose symbols were made first.
    bool operator<(const Candidate& other) const {
      return std::tie(count, other.pair) < std::tie(other.count, pair);
    }
  };

  static uint64_t key(Symbol left, Symbol right) { return (uint64_t{left} << 32) | right; }

  Symbol symbol_of(const std::string& piece) {
    const auto [found, added] = symbols_.emplace(piece, static_cast<Symbol>(pieces_.size()));
    if (added) pieces_.push_back(piece);
    return found->second;
  }

  void count_pair(uint64_t pair, int64_t change, uint32_t word) {
    Pair& entry = pairs_[pair];
    entry.count += change;
    if (change > 0) entry.words.push_back(word);
    touched_.push_back(pair);
  }

  void queue_touched() {
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    for (const uint64_t pair : touched_) {
      const auto found = pairs_.find(pair);
      if (found->second.count > 0) {
        queue_.push({found->second.count, pair});
      } else {
        pairs_.erase(found);
      }
    }
    touched_.clear();
  }

  void merge(uint64_t pair) {
    const auto left = static_cast<Symbol>(pair >> 32);
    const auto right = static_cast<Symbol>(pair & 0xFFFFFFFFU);
    const Symbol merged =
        symbol_of(pieces_[left] + pieces_[right].substr(2));  // right always continues: "##"
    std::vector<uint32_t> places = std::move(pairs_.at(pair).words);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (const uint32_t place : places) {
      Word& word = words_[place];
      if (!contains(word.symbols, left, right)) continue;
      for_each_pair(word, [&](uint64_t p) { count_pair(p, -word.count, place); });
      std::vector<Symbol> symbols;
      for (size_t i = 0; i < word.symbols.size(); ++i) {
        const bool here =
            i + 1 < word.symbols.size() && word.symbols[i] == left && word.symbols[i + 1] == right;
        symbols.push_back(here ? merged : word.symbols[i]);
        if (here) ++i;
      }
      word.symbols = std::move(symbols);
      for_each_pair(word, [&](uint64_t p) { count_pair(p, word.count, place); });
    }
    queue_touched();
  }

  static bool contains(const std::vector<Symbol>& symbols, Symbol left, Symbol right) {
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      if (symbols[i] == left && symbols[i + 1] == right) return true;
    }
    return false;
  }

  template <typename Function>
  static void for_each_pair(const Word& word, Function function) {
    for (size_t i = 0; i + 1 < word.symbols.size(); ++i)
      function(key(word.symbols[i], word.symbols[i + 1]));
  }

  std::vector<std::string> pieces_;
  std::unordered_map<std::string, Symbol> symbols_;
  size_t alphabet_size_ = 0;
  std::vector<Word> words_;
  std::unordered_map<uint64_t, Pair> pairs_;
  std::vector<uint64_t> touched_;  // pairs whose count changed since they were queued
  std::priority_queue<Candidate> queue_;
};

// The most frequent characters; among equals the lower code point.
std::set<char32_t> choose_alphabet(const std::map<std::string, int64_t>& words, int limit) {
  std::map<char32_t, int64_t> counts;
  for (const auto& [word, count] : words) {
    for (const char32_t value : code_points(word)) counts[value] += count;
  }
  std::vector<std::pair<int64_t, char32_t>> order;
  for (const auto& [value, count] : counts) order.emplace_back(-count, value);
  std::sort(order.begin(), order.end());
  if (order.size() > static_cast<size_t>(std::max(limit, 0)))
    order.resize(static_cast<size_t>(std::max(limit, 0)));
  std::set<char32_t> alphabet;
  for (const auto& [count, value] : order) alphabet.insert(value);
  return alphabet;
}

}  // namespace

void WordCounter::add(std::string_view text) {
  CountingReceiver receiver;
  WordScanner(TokenizerOptions{.lower_case = lower_case_}, text, receiver).scan();
  for (std::string& word : receiver.words) ++counts_[std::move(word)];
}

std::vector<std::pair<std::string, int64_t>> WordCounter::counts() const {
  std::vector<std::pair<std::string, int64_t>> sorted(counts_.begin(), counts_.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::vector<std::string> train_vocabulary(
    const std::vector<std::pair<std::string, int64_t>>& word_counts,
    const VocabularyTrainerOptions& options) {
  std::map<std::string, int64_t> words;
  for (const auto& [word, count] : word_counts) words[word] += count;
  if (words.empty())
    throw Error(ErrorCode::kInvalidArgument, "There is no text to make a vocabulary from.");
  Merger merger(words, choose_alphabet(words, options.max_alphabet));

  std::vector<std::string> pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  pieces.insert(pieces.end(), merger.pieces().begin(), merger.pieces().end());
  const size_t first_merged = pieces.size();
  const auto wanted = static_cast<size_t>(std::max(options.size, 0));
  if (wanted < first_merged) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("A vocabulary of {} pieces has no room for the {} special pieces and "
                            "characters of this text.",
                            wanted, first_merged));
  }
  size_t taken = merger.pieces().size();  // of the merger's pieces, how many were put into `pieces`
  for (int round = 0; round < kMaxRounds; ++round) {
    while (pieces.size() < wanted && merger.merge_next(options.min_pair_count)) {
      if (options.goes_on && !options.goes_on(static_cast<int64_t>(pieces.size())))
        throw Error(ErrorCode::kCancelled, "The making of the vocabulary was stopped.");
      for (; taken < merger.pieces().size(); ++taken) pieces.push_back(merger.pieces()[taken]);
    }
    const std::unordered_set<std::string> unused = merger.unused(Vocabulary(pieces), first_merged);
    if (unused.empty()) break;
    std::erase_if(pieces, [&](const std::string& piece) { return unused.contains(piece); });
  }
  return pieces;
}

}  // namespace realm
