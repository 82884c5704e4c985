#include "engine/text/date_matcher.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "engine/text/english_words.h"

namespace realm {
namespace {

constexpr std::array<std::string_view, 24> kMonths = {
    "January",   "February", "March",    "April",    "May",  "June", "July", "August",
    "September", "October",  "November", "December", "Jan",  "Feb",  "Mar",  "Apr",
    "Jun",       "Jul",      "Aug",      "Sep",      "Sept", "Oct",  "Nov",  "Dec"};
constexpr size_t kFullMonths = 12;
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
// Short ones may have a dot; alone they are too often other words.
constexpr std::array<std::string_view, 10> kShortWeekdays = {"Mon",  "Tue",   "Tues", "Wed", "Thu",
                                                             "Thur", "Thurs", "Fri",  "Sat", "Sun"};
constexpr std::array<std::string_view, 4> kOrdinalEndings = {"st", "nd", "rd", "th"};
// "May" is more often a verb or a name: alone it is a month only behind one of these.
constexpr std::array<std::string_view, 10> kBeforeMonth = {
    "in", "of", "since", "until", "by", "early", "late", "last", "next", "this"};
constexpr std::array<std::string_view, 4> kEras = {"BC", "BCE", "AD", "CE"};
constexpr std::array<std::string_view, 22> kOrdinals = {
    "first",      "second",     "third",        "fourth",      "fifth",       "sixth",
    "seventh",    "eighth",     "ninth",        "tenth",       "eleventh",    "twelfth",
    "thirteenth", "fourteenth", "fifteenth",    "sixteenth",   "seventeenth", "eighteenth",
    "nineteenth", "twentieth",  "twenty-first", "thirty-first"};
// Before a four-digit number that is an amount.
constexpr std::array<std::string_view, 8> kBeforeAmount = {"nearly", "almost", "than", "least",
                                                           "most",   "over",   "some", "roughly"};
// Before one that is a year, whatever follows.
constexpr std::array<std::string_view, 4> kBeforeYear = {"in", "since", "until", "by"};

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (status != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string_view without_ordinal(std::string_view word) {
  for (const std::string_view ending : kOrdinalEndings) {
    if (word.size() > ending.size() && word.ends_with(ending))
      return word.substr(0, word.size() - ending.size());
  }
  return word;
}

bool ends_with_apostrophe(std::string_view text) {
  return text.ends_with('\'') || text.ends_with("\xe2\x80\x99") || text.ends_with("\xe2\x80\x98");
}

bool is_dash(std::string_view gap) { return gap == "-" || gap == "\xe2\x80\x93"; }

class Matcher {
 public:
  Matcher(std::string_view text, std::span<const TextWord> words, size_t at)
      : text_(text), words_(words), at_(at) {}

  size_t match() const {
    const size_t forms[] = {weekday_form(), month_form(at_), day_form(at_), numeric_form(),
                            era_form(),     century_form(),  year_form()};
    return *std::max_element(std::begin(forms), std::end(forms));
  }

 private:
  std::string_view word(size_t i) const {
    return i < words_.size() ? words_[i].text : std::string_view();
  }

  // What stands between word i and the next; a text that no form allows at the end of a sentence.
  std::string_view gap(size_t i) const {
    if (i + 1 >= words_.size() || words_[i].sentence != words_[i + 1].sentence) return "|";
    return text_.substr(words_[i].bytes.end, words_[i + 1].bytes.begin - words_[i].bytes.end);
  }

  bool is_month(size_t i) const { return contains(kMonths, word(i)); }
  bool is_short_month(size_t i) const {
    return std::find(kMonths.begin() + kFullMonths, kMonths.end(), word(i)) != kMonths.end();
  }
  bool is_day(size_t i) const {
    const std::string_view digits = without_ordinal(word(i));
    const std::optional<int> day = digits.size() <= 2 ? number(digits) : std::nullopt;
    return day && *day >= 1 && *day <= 31;
  }
  bool is_year(size_t i) const {
    const std::optional<int> year = word(i).size() == 4 ? number(word(i)) : std::nullopt;
    return year && *year >= 1000 && *year <= 2099;
  }
  // A day written out, before "of March" or behind "Friday the".
  bool is_ordinal(size_t i) const {
    const std::string_view digits = without_ordinal(word(i));
    return (digits.size() < word(i).size() && number(digits)) ||
           contains(kOrdinals, lower_ascii(word(i)));
  }
  bool follows_space(size_t i) const { return gap(i) == " "; }
  bool follows_comma(size_t i) const { return gap(i) == " " || gap(i) == ", "; }
  // Behind a month: its short form may have a dot.
  bool follows_month(size_t i) const {
    return gap(i) == " " || (is_short_month(i) && gap(i) == ". ");
  }

  // Of two digits: '98.
  bool is_short_year(size_t i) const {
    return word(i).size() == 2 && number(word(i)) && gap(i - 1).size() > 1 &&
           gap(i - 1).front() == ' ' && ends_with_apostrophe(gap(i - 1));
  }

  // Friday | Fridays | Friday the 13th | Friday, March 5 | Friday 5 March 1998 | Fri., March 5
  size_t weekday_form() const {
    const std::string_view day = word(at_);
    if (contains(kShortWeekdays, day)) {
      if (!follows_comma(at_) && gap(at_) != "., " && gap(at_) != ". ") return 0;
      const size_t rest = std::max(dated_month_form(at_ + 1), day_form(at_ + 1));
      return rest > 0 ? 1 + rest : 0;
    }
    if (day.ends_with('s') && contains(kWeekdays, day.substr(0, day.size() - 1))) return 1;
    if (!contains(kWeekdays, day)) return 0;
    if (follows_space(at_) && word(at_ + 1) == "the" && follows_space(at_ + 1) &&
        is_ordinal(at_ + 2))
      return 3;
    if (!follows_comma(at_)) return 1;
    const size_t rest = std::max(dated_month_form(at_ + 1), day_form(at_ + 1));
    return 1 + rest;
  }

  // March 5, 1998 | March 5 | March 1998 | March
  size_t month_form(size_t i) const {
    if (!is_month(i)) return 0;
    const size_t dated = dated_month_form(i);
    if (dated > 0) return dated;
    if (is_short_month(i)) return 0;  // "Mar", "Jan" and "Dec" alone are too often other words
    const bool behind_preposition = i > 0 && contains(kBeforeMonth, lower_ascii(word(i - 1)));
    const bool verb = word(i) == "May" || (word(i) == "March" && words_[i].begins_sentence);
    return verb && !behind_preposition ? 0 : 1;
  }

  // The forms of a month that a day or a year follows.
  size_t dated_month_form(size_t i) const {
    if (!is_month(i)) return 0;
    if (follows_month(i) && is_day(i + 1)) {
      const size_t last = is_dash(gap(i + 1)) && is_day(i + 2) ? i + 2 : i + 1;  // March 5-7
      const size_t words = last - i + 1;
      const bool has_year = (follows_comma(last) && is_year(last + 1)) || is_short_year(last + 1);
      return has_year ? words + 1 : words;
    }
    const bool comma = gap(i) == ", ";
    if ((follows_month(i) || comma) && is_year(i + 1)) return 2;
    return is_short_year(i + 1) ? 2 : 0;
  }

  // 5 March 1998 | 5-7 March 1998 | 5th of March | fifth of March
  size_t day_form(size_t i) const {
    size_t last = i;
    if (is_day(i) && is_dash(gap(i)) && is_day(i + 1)) last = i + 1;
    if (!follows_space(last)) return 0;
    const bool of = word(last + 1) == "of" && follows_space(last + 1);
    if (!is_day(i) && !(of && is_ordinal(i))) return 0;
    const size_t month = of ? last + 2 : last + 1;
    if (!is_month(month)) return 0;
    const size_t words = month - i + 1;
    const bool has_year = ((follows_month(month) || gap(month) == ", ") && is_year(month + 1)) ||
                          is_short_year(month + 1);
    return has_year ? words + 1 : words;
  }

  // 1998-03-05 | 1998/3/5 | 3/5/1998 | 3/5/98 | 05.03.1998, which is one word
  size_t numeric_form() const {
    const auto short_number = [&](size_t i, int most) {
      const std::optional<int> value = word(i).size() <= 2 ? number(word(i)) : std::nullopt;
      return value && *value >= 1 && *value <= most;
    };
    if (is_year(at_) && (gap(at_) == "-" || gap(at_) == "/") && short_number(at_ + 1, 12) &&
        gap(at_ + 1) == gap(at_) && short_number(at_ + 2, 31)) {
      return 3;
    }
    if (short_number(at_, 31) && gap(at_) == "/" && short_number(at_ + 1, 31) &&
        gap(at_ + 1) == "/" &&
        (is_year(at_ + 2) || (word(at_ + 2).size() == 2 && number(word(at_ + 2)) &&
                              (short_number(at_, 12) || short_number(at_ + 1, 12))))) {
      return 3;
    }
    return is_dotted_date(word(at_)) ? 1 : 0;
  }

  static bool is_dotted_date(std::string_view text) {
    const size_t first = text.find('.');
    const size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos || first > 2 || second - first > 3) return false;
    const auto in_range = [](std::string_view digits, int least, int most) {
      const std::optional<int> value = number(digits);
      return value.value_or(-1) >= least && value.value_or(-1) <= most;
    };
    return in_range(text.substr(0, first), 1, 31) &&
           in_range(text.substr(first + 1, second - first - 1), 1, 12) &&
           text.size() - second == 5 && in_range(text.substr(second + 1), 1000, 2099);
  }

  // 44 BC | AD 79
  size_t era_form() const {
    if (!follows_space(at_)) return 0;
    if (number(word(at_)) && contains(kEras, word(at_ + 1))) return 2;
    return (word(at_) == "AD" || word(at_) == "BC") && number(word(at_ + 1)) ? 2 : 0;
  }

  // 19th century | second century BC
  size_t century_form() const {
    if (!follows_space(at_) || !is_ordinal(at_)) return 0;
    const std::string century = lower_ascii(word(at_ + 1));
    if (century != "century" && century != "centuries" && century != "millennium") return 0;
    return follows_space(at_ + 1) && contains(kEras, word(at_ + 2)) ? 3 : 2;
  }

  // 1998 | 1914-18 | 1990s | '90s | "In 800, "
  size_t year_form() const {
    const std::string_view text = word(at_);
    if (is_year(at_)) {
      if (is_dash(gap(at_)) && ends_range(at_ + 1)) return 2;
      return is_amount() ? 0 : 1;
    }
    if (text.size() == 3 && number(text) && at_ > 0 && words_[at_ - 1].begins_sentence &&
        word(at_ - 1) == "In" && gap(at_ - 1) == " ") {
      return gap(at_) == ", " ? 1 : 0;
    }
    if (text.size() == 3 && text.ends_with("0s") && number(text.substr(0, 2)))
      return ends_with_apostrophe(text_.substr(0, words_[at_].bytes.begin)) ? 1 : 0;
    if (text.size() != 5 || text.back() != 's') return 0;
    const int decade = number(text.substr(0, 4)).value_or(0);
    return decade >= 1000 && decade <= 2090 && decade % 10 == 0 ? 1 : 0;
  }

  // Whether word i is the short last year of a range that the year before it begins.
  bool ends_range(size_t i) const {
    const std::optional<int> last = word(i).size() == 2 ? number(word(i)) : std::nullopt;
    return last.value_or(0) > number(word(i - 1)).value_or(0) % 100 && !is_dash(gap(i));
  }

  // Whether the four digits count something: "nearly 1500", "1500 people".
  bool is_amount() const {
    const std::string before = at_ > 0 && gap(at_ - 1) == " " ? lower_ascii(word(at_ - 1)) : "";
    if (contains(kBeforeAmount, before)) return true;
    return follows_space(at_) && english::is_counted(word(at_ + 1)) &&
           !contains(kBeforeYear, before);
  }

  std::string_view text_;
  std::span<const TextWord> words_;
  size_t at_;
};

}  // namespace

size_t match_date(std::string_view text, std::span<const TextWord> words, size_t at) {
  return Matcher(text, words, at).match();
}

}  // namespace realm
