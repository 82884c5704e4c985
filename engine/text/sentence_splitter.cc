#include "engine/text/sentence_splitter.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "engine/text/character_class.h"

namespace realm {
namespace {

using Words = std::unordered_set<std::string>;

// Never the last word of a sentence: something belonging to it follows. In lower case, without the
// last dot.
const Words& announcing_words() {
  static const Words words{"mr",  "mrs",  "ms",   "messrs", "mme",  "mlle", "dr",     "prof",
                           "rev", "fr",   "hon",  "gov",    "sen",  "rep",  "pres",   "gen",
                           "col", "maj",  "capt", "cmdr",   "lt",   "sgt",  "cpl",    "pvt",
                           "adm", "brig", "vs",   "v",      "cf",   "ca",   "approx", "e.g",
                           "i.e", "viz",  "arr",  "feat",   "supt", "ste"};
  return words;
}

// The same before a number, else words like others ("No." and "Art." end sentences too).
const Words& numbering_words() {
  static const Words words{"no",   "nos", "nr",  "p",   "pp",   "vol", "vols", "fig",
                           "figs", "ch",  "sec", "art", "op",   "ed",  "c",    "b",
                           "d",    "r",   "fl",  "lit", "jan",  "feb", "mar",  "apr",
                           "jun",  "jul", "aug", "sep", "sept", "oct", "nov",  "dec"};
  return words;
}

// As often inside a sentence as at its end.
const Words& undecided_words() {
  static const Words words{"inc", "ltd", "co",  "corp",  "bros",  "jr",  "sr",   "esq", "etc",
                           "a.m", "p.m", "bc",  "ad",    "b.c.e", "ave", "blvd", "rd",  "hwy",
                           "plc", "llc", "est", "dist",  "min",   "max", "km",   "cm",  "mi",
                           "ft",  "lb",  "lbs", "oz",    "hr",    "hrs", "yr",   "yrs", "st",
                           "mt",  "al",  "eds", "trans", "univ",  "dept"};
  return words;
}

// Words that, with a capital, nearly always begin a sentence.
const Words& starting_words() {
  static const Words words{
      "the",     "a",     "an",    "this",      "that",    "these",     "those",   "it",
      "its",     "he",    "she",   "his",       "her",     "they",      "their",   "we",
      "our",     "you",   "there", "here",      "in",      "on",        "at",      "by",
      "for",     "from",  "with",  "after",     "before",  "during",    "since",   "until",
      "when",    "while", "where", "although",  "though",  "because",   "if",      "as",
      "but",     "and",   "or",    "so",        "however", "thus",      "then",    "also",
      "what",    "who",   "which", "why",       "how",     "some",      "many",    "most",
      "all",     "both",  "each",  "one",       "two",     "not",       "no",      "is",
      "was",     "are",   "were",  "did",       "do",      "according", "several", "other",
      "another", "later", "today", "following", "despite", "under",     "among",   "to"};
  return words;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (is_ascii_upper(c)) c = static_cast<char>(c + 32);
  }
  return result;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<ByteSpan> split() {
    for (size_t at = 0; at < text_.size();) {
      const DecodedCodePoint point = decode_utf8(text_, at);
      const size_t next = at + point.length;
      if (point.value == '\n' && is_blank_line(next)) {
        finish(at, next);
      } else if (point.value == 0x3002 || point.value == 0xFF01 || point.value == 0xFF1F) {
        const size_t end = skip_closing(next);
        finish(end, end);
        at = end;
        continue;
      } else if (point.value == '.' || point.value == '!' || point.value == '?' ||
                 point.value == 0x2026) {
        const size_t marks_end = skip_marks(next);
        const size_t end = skip_closing(marks_end);
        const bool single_dot = point.value == '.' && marks_end == next;
        if (ends_sentence(at, end, single_dot)) finish(end, end);
        at = end;
        continue;
      }
      at = next;
    }
    finish(text_.size(), text_.size());
    return std::move(sentences_);
  }

 private:
  void finish(size_t end, size_t next_begin) {
    size_t begin = begin_;
    while (begin < end && is_space(text_[begin])) ++begin;
    while (end > begin && is_space(text_[end - 1])) --end;
    if (end > begin) sentences_.push_back({begin, end});
    begin_ = next_begin;
  }

  // Whether nothing but space stands between `at` and the next line feed.
  bool is_blank_line(size_t at) const {
    while (at < text_.size() && is_space(text_[at]) && text_[at] != '\n') ++at;
    return at < text_.size() && text_[at] == '\n';
  }

  size_t skip_marks(size_t at) const {
    while (at < text_.size() && (text_[at] == '.' || text_[at] == '!' || text_[at] == '?')) ++at;
    return at;
  }

  // Past quotes and brackets that close here.
  size_t skip_closing(size_t at) const {
    while (at < text_.size()) {
      const DecodedCodePoint point = decode_utf8(text_, at);
      constexpr std::u32string_view kClosing = U"\"')]}\u2019\u201D\u00BB\u300D\u300F\uFF09";
      if (kClosing.find(point.value) == std::u32string_view::npos) break;
      at += point.length;
    }
    return at;
  }

  // Whether the sentence ends at `end`, its last mark being at `mark`.
  bool ends_sentence(size_t mark, size_t end, bool single_dot) const {
    if (end >= text_.size() || !is_space(text_[end])) return false;
    size_t next = end;
    while (next < text_.size() && is_space(text_[next])) ++next;
    if (next == text_.size()) return true;
    const size_t letter = skip_opening(next);
    if (letter < text_.size() && is_lower(letter)) return false;
    if (!single_dot || end != mark + 1) return true;
    return !is_abbreviation(mark, letter);
  }

  size_t skip_opening(size_t at) const {
    while (at < text_.size()) {
      const DecodedCodePoint point = decode_utf8(text_, at);
      constexpr std::u32string_view kOpening = U"\"'([{\u2018\u201C\u00AB";
      if (kOpening.find(point.value) == std::u32string_view::npos) break;
      at += point.length;
    }
    return at;
  }

  bool is_lower(size_t at) const {
    const char32_t value = decode_utf8(text_, at).value;
    return is_cased(value) && lower_case(value) == value;
  }

  // Whether the dot belongs to the word before it rather than to the sentence. `next` is where the
  // next word begins.
  bool is_abbreviation(size_t dot, size_t next) const {
    size_t begin = dot;
    while (begin > begin_ && !is_space(text_[begin - 1])) --begin;
    const size_t word_begin = skip_opening(begin);
    if (word_begin >= dot) return false;
    const std::string_view word = text_.substr(word_begin, dot - word_begin);
    const std::string small = lower(word);
    const bool number_follows = next < text_.size() && is_digit(text_[next]);
    if (std::all_of(word.begin(), word.end(), is_digit))
      return begins_sentence(begin) && word.size() <= 3;
    if (announcing_words().contains(small) && !is_initial(word)) return true;
    if (number_follows && numbering_words().contains(small)) return true;
    if (is_initial(word) || is_dotted(word) || undecided_words().contains(small))
      return !starts_sentence(next);
    return false;
  }

  bool begins_sentence(size_t at) const {
    size_t begin = begin_;
    while (begin < at && is_space(text_[begin])) ++begin;
    return begin == at;
  }

  static bool is_initial(std::string_view word) {
    const DecodedCodePoint point = decode_utf8(word, 0);
    return point.length == word.size() && is_cased(point.value) &&
           lower_case(point.value) != point.value;
  }

  // "U.S", "Ph.D", "J.R.R": letters in groups of at most two with dots between.
  static bool is_dotted(std::string_view word) {
    size_t group = 0;
    bool dotted = false;
    for (const char c : word) {
      if (c == '.') {
        if (group == 0 || group > 2) return false;
        group = 0;
        dotted = true;
      } else if (is_ascii_upper(c) || (c >= 'a' && c <= 'z')) {
        ++group;
      } else {
        return false;
      }
    }
    return dotted && group > 0 && group <= 2;
  }

  // Whether the word at `at` mostly stands at the beginning of a sentence.
  bool starts_sentence(size_t at) const {
    size_t end = at;
    while (end < text_.size() &&
           (is_ascii_upper(text_[end]) || (text_[end] >= 'a' && text_[end] <= 'z')))
      ++end;
    return starting_words().contains(lower(text_.substr(at, end - at)));
  }

  std::string_view text_;
  size_t begin_ = 0;  // where the sentence at hand begins
  std::vector<ByteSpan> sentences_;
};

}  // namespace

std::vector<ByteSpan> split_sentences(std::string_view text) { return Splitter(text).split(); }

}  // namespace realm
