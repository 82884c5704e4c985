// Salient spans: the names, dates and numbers of a text, whose prediction needs knowledge of the
// world (REALM section 3.4).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/text/byte_span.h"

namespace realm {

enum class SalientSpanKind { kName, kDate, kNumber };

struct SalientSpan {
  ByteSpan bytes;  // on code point borders, inside one sentence
  SalientSpanKind kind = SalientSpanKind::kName;
  bool operator==(const SalientSpan&) const = default;
};

// Thread rule: tag() may be called from several threads at once. It may block for as long as a
// model needs.
class SalientSpanTagger {
 public:
  virtual ~SalientSpanTagger() = default;
  // In order, never overlapping. Any bytes will do.
  virtual std::vector<SalientSpan> tag(std::string_view text) const = 0;
};

// Which words are names, learned from how a corpus writes them inside sentences. It decides about
// the first word of a sentence, whose capital says nothing. Fill it from one thread, then share it.
class NameLexicon {
 public:
  void add(std::string_view text);
  // Whether the word is written with a capital more often than without.
  bool is_name(std::string_view word) const;

 private:
  // How often a word, in lower case, was written with a capital and without.
  std::unordered_map<std::string, std::pair<int64_t, int64_t>> counts_;
};

// Differs from paper: REALM's tagger is a BERT trained on CoNLL-2003 with a regular expression for
// dates, neither released. Here rules do it, for English: dates (date_matcher.h), numbers, and runs
// of capitalised words with the small words between them ("University of California", "J. R. R.
// Tolkien"). The first word of a sentence is a name by itself only when the lexicon says so, or
// without one when the text writes it so elsewhere, or it is followed like a name is
// ("Lisbon's", "Lisbon is"). Immutable; does not block.
class RuleTagger final : public SalientSpanTagger {
 public:
  explicit RuleTagger(std::shared_ptr<const NameLexicon> lexicon = nullptr)
      : lexicon_(std::move(lexicon)) {}
  std::vector<SalientSpan> tag(std::string_view text) const override;

 private:
  std::shared_ptr<const NameLexicon> lexicon_;
};

}  // namespace realm
