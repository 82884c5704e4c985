#include "engine/text/salient_span_tagger.h"

#include <algorithm>
#include <span>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "engine/text/date_matcher.h"
#include "engine/text/text_words.h"

namespace realm {
namespace {

using Words = std::unordered_set<std::string>;

constexpr size_t kMaxNameWords = 10;

// Words that have a capital only because they begin a sentence or a heading. "I" is here too.
const Words& common_words() {
  static const Words words{
      "a",         "about",    "above",   "according", "after",      "again",     "against",
      "all",       "almost",   "along",   "already",   "also",       "although",  "always",
      "among",     "an",       "and",     "another",   "any",        "are",       "around",
      "as",        "at",       "be",      "because",   "before",     "behind",    "below",
      "besides",   "between",  "both",    "but",       "by",         "can",       "could",
      "despite",   "did",      "do",      "does",      "due",        "during",    "each",
      "either",    "even",     "every",   "everyone",  "few",        "following", "for",
      "from",      "had",      "has",     "have",      "he",         "her",       "here",
      "his",       "how",      "however", "i",         "if",         "in",        "indeed",
      "instead",   "into",     "is",      "it",        "its",        "just",      "later",
      "let",       "like",     "many",    "may",       "meanwhile",  "more",      "moreover",
      "most",      "much",     "my",      "nearly",    "neither",    "never",     "nevertheless",
      "next",      "no",       "nor",     "not",       "nothing",    "now",       "of",
      "off",       "often",    "on",      "once",      "one",        "only",      "or",
      "other",     "others",   "our",     "out",       "over",       "people",    "perhaps",
      "several",   "she",      "should",  "since",     "so",         "some",      "someone",
      "sometimes", "soon",     "still",   "such",      "than",       "that",      "the",
      "their",     "then",     "there",   "therefore", "these",      "they",      "this",
      "those",     "though",   "three",   "through",   "throughout", "thus",      "to",
      "today",     "together", "two",     "under",     "unlike",     "until",     "up",
      "upon",      "us",       "very",    "was",       "we",         "well",      "were",
      "what",      "when",     "where",   "whereas",   "whether",    "which",     "while",
      "who",       "whose",    "why",     "will",      "with",       "within",    "without",
      "would",     "yes",      "yet",     "you",       "your"};
  return words;
}

// Small words inside a name.
const Words& particles() {
  static const Words words{"of",    "the", "de",  "la",  "le",  "les", "du",  "des", "del",
                           "della", "di",  "da",  "do",  "dos", "von", "van", "der", "den",
                           "zu",    "al",  "bin", "ibn", "el",  "y",   "af",  "av"};
  return words;
}

// A dot behind one of these goes on with the name.
const Words& dotted_titles() {
  static const Words words{"dr",   "mr", "mrs", "ms",   "st",  "mt",  "gen", "col",
                           "capt", "lt", "sgt", "prof", "rev", "sen", "gov"};
  return words;
}

// What follows the subject of a sentence.
const Words& verbs() {
  static const Words words{"is",   "was",    "has", "had",   "became",
                           "lies", "stands", "won", "wrote", "and"};
  return words;
}

const Words& magnitudes() {
  static const Words words{"hundred", "thousand", "million", "billion", "trillion", "percent"};
  return words;
}

bool is_initial(std::string_view word) { return decode_utf8(word, 0).length == word.size(); }

class Tagging {
 public:
  Tagging(std::string_view text, const NameLexicon* lexicon)
      : text_(text), lexicon_(lexicon), words_(split_words(text)) {
    for (const TextWord& word : words_) {
      if (word.capitalised && !word.begins_sentence) inner_words_.insert(word.text);
    }
  }

  std::vector<SalientSpan> run() {
    for (size_t at = 0; at < words_.size();) {
      size_t count = match_date(text_, words_, at);
      if (count > 0) {
        add(at, count, SalientSpanKind::kDate);
      } else if (words_[at].starts_with_digit) {
        count = number_words(at);
        if (count > 0) add(at, count, SalientSpanKind::kNumber);
      } else if (words_[at].capitalised) {
        count = name_words(at);
        if (count > 0) add(at, count, SalientSpanKind::kName);
      }
      at += std::max<size_t>(count, 1);
    }
    return std::move(spans_);
  }

 private:
  void add(size_t first, size_t count, SalientSpanKind kind) {
    ByteSpan bytes{words_[first].bytes.begin, words_[first + count - 1].bytes.end};
    if (kind == SalientSpanKind::kNumber && text_.substr(bytes.end, 1) == "%") ++bytes.end;
    spans_.push_back({bytes, kind});
  }

  std::string_view gap(size_t at) const {
    return text_.substr(words_[at].bytes.end, words_[at + 1].bytes.begin - words_[at].bytes.end);
  }

  bool is_common(size_t at) const { return common_words().contains(lower_ascii(words_[at].text)); }

  // 8,849 | 3.5 million | 21st; not 3D or 747s.
  size_t number_words(size_t at) const {
    const std::string_view word = words_[at].text;
    const size_t letters = word.find_first_not_of("0123456789,.");
    if (letters != std::string_view::npos) {
      const std::string_view ending = word.substr(letters);
      if (ending != "st" && ending != "nd" && ending != "rd" && ending != "th") return 0;
    }
    const bool goes_on =
        has_next(at) && gap(at) == " " && magnitudes().contains(lower_ascii(words_[at + 1].text));
    return goes_on ? 2 : 1;
  }

  bool has_next(size_t at) const {
    return at + 1 < words_.size() && words_[at].sentence == words_[at + 1].sentence;
  }

  // Whether the word behind `at` may belong to the same name.
  bool is_joined(size_t at) const {
    if (!has_next(at)) return false;
    const std::string_view between = gap(at);
    if (between == " " || between == "\xc2\xa0" || between == " & ") return true;
    const std::string_view next = words_[at + 1].text;
    if (between == ", " && (next == "Jr" || next == "Sr")) return true;
    const bool dotted =
        is_initial(words_[at].text) || dotted_titles().contains(lower_ascii(words_[at].text));
    return dotted && (between == ". " || between == ".");
  }

  bool goes_on_a_name(size_t at) const {
    return words_[at].capitalised && words_[at].text != "I" && match_date(text_, words_, at) == 0;
  }

  size_t name_words(size_t at) const {
    if (is_common(at) &&
        (words_[at].begins_sentence || !has_next(at) || is_initial(words_[at].text)))
      return 0;
    size_t last = at;
    while (is_joined(last) && last - at + 1 < kMaxNameWords) {
      size_t next = last + 1;
      // Up to two particles, if a capitalised word follows: "Bank of the West".
      while (next < last + 3 && !words_[next].capitalised && gap(next - 1) == " " &&
             is_joined(next) && particles().contains(std::string(words_[next].text))) {
        ++next;
      }
      if (!goes_on_a_name(next)) break;
      last = next;
    }
    const size_t count = last - at + 1;
    if (count > 1) return count;
    if (is_initial(words_[at].text) || is_common(at)) return 0;
    return !words_[at].begins_sentence || is_name_at_start(at) ? 1 : 0;
  }

  // Whether one capitalised word at the beginning of a sentence is a name.
  bool is_name_at_start(size_t at) const {
    const std::string_view word = words_[at].text;
    if (lexicon_ != nullptr) return lexicon_->is_name(word);
    if (inner_words_.contains(word)) return true;
    const std::string_view rest = text_.substr(words_[at].bytes.end);
    if (rest.starts_with("'s ") || rest.starts_with("\xe2\x80\x99s ")) return true;
    return has_next(at) && gap(at) == " " && verbs().contains(std::string(words_[at + 1].text));
  }

  std::string_view text_;
  const NameLexicon* lexicon_;
  std::vector<TextWord> words_;
  std::unordered_set<std::string_view> inner_words_;  // capitalised inside a sentence
  std::vector<SalientSpan> spans_;
};

}  // namespace

void NameLexicon::add(std::string_view text) {
  for (const TextWord& word : split_words(text)) {
    if (word.begins_sentence || word.starts_with_digit) continue;
    auto& [with, without] = counts_[lower_ascii(word.text)];
    ++(word.capitalised ? with : without);
  }
}

bool NameLexicon::is_name(std::string_view word) const {
  const auto found = counts_.find(lower_ascii(word));
  return found != counts_.end() && found->second.first > found->second.second;
}

std::vector<SalientSpan> RuleTagger::tag(std::string_view text) const {
  return Tagging(text, lexicon_.get()).run();
}

}  // namespace realm
