#include "engine/text/text_words.h"

#include "engine/base/utf8.h"
#include "engine/text/character_class.h"
#include "engine/text/sentence_splitter.h"

namespace realm {
namespace {

constexpr char32_t kApostrophe = 0x2019;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class WordFinder {
 public:
  WordFinder(std::string_view text, size_t end) : text_(text.substr(0, end)) {}

  // Where the word that begins at `begin` ends.
  size_t word_end(size_t begin) const {
    size_t at = begin;
    char32_t before = 0;
    while (at < text_.size()) {
      const DecodedCodePoint point = decode_utf8(text_, at);
      if (is_word_character(point.value)) {
        before = point.value;
        at += point.length;
      } else if (joins(before, point, at) && !ends_prefix(text_.substr(begin, at - begin), point)) {
        at += point.length;
      } else {
        break;
      }
    }
    return without_possessive(begin, at);
  }

 private:
  // "mid-September" is two words.
  static bool ends_prefix(std::string_view word, const DecodedCodePoint& mark) {
    return mark.value == '-' && lower_ascii(word) == "mid";
  }

  // Whether the mark at `at` stands inside a word.
  bool joins(char32_t before, const DecodedCodePoint& mark, size_t at) const {
    const size_t next = at + mark.length;
    if (next >= text_.size()) return false;
    const bool after_digit = before >= '0' && before <= '9';
    if (after_digit) {
      if (mark.value == '.') return is_digit(text_[next]);
      return mark.value == ',' && digits_from(next) == 3;
    }
    if (mark.value != '-' && mark.value != '\'' && mark.value != kApostrophe) return false;
    return is_word_character(decode_utf8(text_, next).value);
  }

  size_t digits_from(size_t at) const {
    size_t count = 0;
    while (at + count < text_.size() && is_digit(text_[at + count])) ++count;
    return count;
  }

  size_t without_possessive(size_t begin, size_t end) const {
    const std::string_view word = text_.substr(begin, end - begin);
    for (const std::string_view ending : {"'s", "\xe2\x80\x99s"}) {
      if (word.size() > ending.size() && word.ends_with(ending)) return end - ending.size();
    }
    return end;
  }

  std::string_view text_;
};

}  // namespace

std::vector<TextWord> split_words(std::string_view text) {
  std::vector<TextWord> words;
  const std::vector<ByteSpan> sentences = split_sentences(text);
  for (size_t sentence = 0; sentence < sentences.size(); ++sentence) {
    const WordFinder finder(text, sentences[sentence].end);
    bool first = true;
    for (size_t at = sentences[sentence].begin; at < sentences[sentence].end;) {
      const DecodedCodePoint point = decode_utf8(text, at);
      if (!is_word_character(point.value)) {
        at += point.length;
        continue;
      }
      const size_t end = finder.word_end(at);
      words.push_back({.text = text.substr(at, end - at),
                       .bytes = {at, end},
                       .sentence = sentence,
                       .begins_sentence = first,
                       .capitalised = is_capital(point.value),
                       .starts_with_digit = is_digit(text[at])});
      first = false;
      at = end;
      for (const std::string_view ending : {"'s", "\xe2\x80\x99s"}) {
        if (text.substr(at, ending.size()) == ending) at += ending.size();
      }
    }
  }
  return words;
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

}  // namespace realm
