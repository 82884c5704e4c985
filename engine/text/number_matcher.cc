#include "engine/text/number_matcher.h"

#include <algorithm>
#include <array>
#include <string>

namespace realm {
namespace {

constexpr std::array<std::string_view, 5> kMagnitudes = {"hundred", "thousand", "million",
                                                         "billion", "trillion"};
constexpr std::array<std::string_view, 9> kUnits = {"one", "two",   "three", "four", "five",
                                                    "six", "seven", "eight", "nine"};
constexpr std::array<std::string_view, 11> kTeens = {"ten",      "eleven",   "twelve",  "thirteen",
                                                     "fourteen", "fifteen",  "sixteen", "seventeen",
                                                     "eighteen", "nineteen", "dozen"};
constexpr std::array<std::string_view, 8> kTens = {"twenty", "thirty",  "forty",  "fifty",
                                                   "sixty",  "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 6> kFractions = {"thirds",  "quarters", "fifths",
                                                        "quarter", "halves",   "tenths"};
// Before a number, and part of it.
constexpr std::array<std::string_view, 4> kCurrencies = {"$", "\xc2\xa3", "\xe2\x82\xac",
                                                         "\xc2\xa5"};
constexpr std::array<std::string_view, 2> kSigns = {"-", "\xe2\x88\x92"};

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_digits(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

// "twelve", "twenty", "twenty-five"; "one" too.
bool is_number_word(std::string_view lower) {
  if (contains(kUnits, lower) || contains(kTeens, lower) || contains(kTens, lower)) return true;
  const size_t hyphen = lower.find('-');
  return hyphen != std::string_view::npos && contains(kTens, lower.substr(0, hyphen)) &&
         contains(kUnits, lower.substr(hyphen + 1));
}

class Matcher {
 public:
  Matcher(std::string_view text, std::span<const TextWord> words, size_t at)
      : text_(text), words_(words), at_(at) {}

  NumberMatch match() const {
    const size_t count = words_[at_].starts_with_digit ? digit_words() : spelled_words();
    if (count == 0) return {};
    ByteSpan bytes{words_[at_].bytes.begin, words_[at_ + count - 1].bytes.end};
    if (words_[at_].starts_with_digit) {
      bytes.begin -= prefix_size(bytes.begin);
      if (text_.substr(bytes.end, 1) == "%") ++bytes.end;
    }
    return {count, bytes};
  }

 private:
  std::string_view gap(size_t i) const {
    if (i + 1 >= words_.size() || words_[i].sentence != words_[i + 1].sentence) return "|";
    return text_.substr(words_[i].bytes.end, words_[i + 1].bytes.begin - words_[i].bytes.end);
  }

  // Words from `i` on that are magnitudes: "hundred thousand".
  size_t magnitudes(size_t i) const {
    size_t count = 0;
    while (gap(i + count - 1) == " " && contains(kMagnitudes, lower_ascii(words_[i + count].text)))
      ++count;
    return count;
  }

  size_t digit_words() const {
    const std::string_view word = words_[at_].text;
    const size_t letters = word.find_first_not_of("0123456789,.");
    if (letters != std::string_view::npos) {  // 21st; not 3D or 747s
      const std::string_view ending = word.substr(letters);
      return ending == "st" || ending == "nd" || ending == "rd" || ending == "th" ? 1 : 0;
    }
    const bool pair = gap(at_) == ":" || gap(at_) == "/";  // 9:45, 3/4
    if (pair && is_digits(word) && is_digits(words_[at_ + 1].text)) return 2;
    return 1 + magnitudes(at_ + 1);
  }

  // two | twenty-five | one million | two hundred and fifty
  size_t spelled_words() const {
    const std::string first = lower_ascii(words_[at_].text);
    if (!is_number_word(first)) return 0;
    if (words_[at_].capitalised && !words_[at_].begins_sentence) return 0;  // "Seven Years' War"
    size_t count = 1;
    for (;;) {
      const size_t last = at_ + count - 1;
      const bool after_magnitude = contains(kMagnitudes, lower_ascii(words_[last].text));
      if (gap(last) != " ") break;
      const std::string next = lower_ascii(words_[last + 1].text);
      if (contains(kMagnitudes, next)) {
        ++count;
      } else if (after_magnitude && is_number_word(next)) {
        ++count;
      } else if (after_magnitude && next == "and" && gap(last + 1) == " " &&
                 is_number_word(lower_ascii(words_[last + 2].text))) {
        count += 2;
      } else {
        break;
      }
    }
    if (first == "one" && count == 1) return 0;
    const size_t last = at_ + count - 1;
    if (gap(last) == " " && contains(kFractions, lower_ascii(words_[last + 1].text))) return 0;
    return count;
  }

  // Bytes of the sign or currency right before the number. A minus sign stands behind a space or
  // nothing: in 10-15 it is none.
  size_t prefix_size(size_t begin) const {
    const std::string_view before = text_.substr(0, begin);
    for (const std::string_view currency : kCurrencies) {
      if (before.ends_with(currency)) return currency.size();
    }
    for (const std::string_view sign : kSigns) {
      if (before == sign || before.ends_with(" " + std::string(sign))) return sign.size();
    }
    return 0;
  }

  std::string_view text_;
  std::span<const TextWord> words_;
  size_t at_;
};

}  // namespace

NumberMatch match_number(std::string_view text, std::span<const TextWord> words, size_t at) {
  return Matcher(text, words, at).match();
}

}  // namespace realm
