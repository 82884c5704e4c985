// Salient spans: the names, dates and numbers of a text, whose prediction needs knowledge of the
// world (REALM section 3.4).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/text/byte_span.h"
#include "engine/text/name_lexicon.h"

namespace realm {

enum class SalientSpanKind { kName, kDate, kNumber };
std::string_view kind_name(SalientSpanKind kind) noexcept;  // "name", "date", "number"
std::optional<SalientSpanKind> parse_kind(std::string_view name) noexcept;

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
  // The spans of each text. One call for many texts, where a model can read them in batches.
  virtual std::vector<std::vector<SalientSpan>> tag_all(
      std::span<const std::string_view> texts) const;
};

// Differs from paper: REALM's tagger is a BERT trained on CoNLL-2003 with a regular expression for
// dates, neither released. Here rules do it, for English: dates (date_matcher.h), numbers
// (number_matcher.h), titles of the corpus where a lexicon has them, quoted titles of works, and
// runs of capitalised words with the small words between them ("University of California", "J. R.
// R. Tolkien"). As in CoNLL-2003, a person's title is not part of the name ("Dr. [[Smith]]"). The
// first word of a sentence is a name by itself only when the lexicon says so. Without one, and for
// a word that it does not know, the word is a name when the text writes it so elsewhere, it is an
// abbreviation, or it is followed like a name is ("Lisbon's", "Lisbon is", "Athens, Sparta and").
// Immutable; does not block.
class RuleTagger final : public SalientSpanTagger {
 public:
  explicit RuleTagger(std::shared_ptr<const NameLexicon> lexicon = nullptr)
      : lexicon_(std::move(lexicon)) {}
  std::vector<SalientSpan> tag(std::string_view text) const override;

 private:
  std::shared_ptr<const NameLexicon> lexicon_;
};

}  // namespace realm
