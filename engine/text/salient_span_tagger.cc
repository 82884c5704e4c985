#include "engine/text/salient_span_tagger.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "engine/text/character_class.h"
#include "engine/text/date_matcher.h"
#include "engine/text/english_words.h"
#include "engine/text/number_matcher.h"
#include "engine/text/text_words.h"

namespace realm {
namespace {

constexpr size_t kMaxNameWords = 10;
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kQuotes = {
    {{"\"", "\""}, {"\xe2\x80\x9c", "\xe2\x80\x9d"}}};

bool is_initial(std::string_view word) { return decode_utf8(word, 0).length == word.size(); }

// "NASA": two capitals or more, and nothing else.
bool is_all_capitals(std::string_view word) {
  return word.size() >= 2 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "d'Ivoire", "al-Rashid": small letters, then a mark, then a capital.
bool is_capital_behind_prefix(std::string_view word) {
  const size_t mark = word.find_first_of("'-\xe2");
  if (mark == std::string_view::npos || mark == 0 || mark > 4) return false;
  const size_t capital = mark + decode_utf8(word, mark).length;
  return capital < word.size() && is_capital(decode_utf8(word, capital).value);
}

class Tagging {
 public:
  Tagging(std::string_view text, const NameLexicon* lexicon)
      : text_(text), lexicon_(lexicon), words_(split_words(text)) {
    for (const TextWord& word : words_) {
      if (word.capitalised && !word.begins_sentence) inner_words_.insert(word.text);
    }
  }

  std::vector<SalientSpan> run() {
    for (size_t at = 0; at < words_.size();) at += std::max<size_t>(take(at), 1);
    return std::move(spans_);
  }

 private:
  // Adds the span that begins at a word, if any does; the words that are done with.
  size_t take(size_t at) {
    if (const size_t count = lexicon_ != nullptr ? lexicon_->match_title(words_, at) : 0; count > 0)
      return add(at, count, SalientSpanKind::kName);
    if (const size_t count = match_date(text_, words_, at); count > 0)
      return add(at, count, SalientSpanKind::kDate);
    if (const NumberMatch number = match_number(text_, words_, at); number.words > 0) {
      spans_.push_back({number.bytes, SalientSpanKind::kNumber});
      return number.words;
    }
    if (!words_[at].capitalised) return 0;
    if (const size_t count = quoted_words(at); count > 0)
      return add(at, count, SalientSpanKind::kName);
    const size_t titles = title_words(at);
    const size_t count = name_words(at + titles, titles > 0);
    if (count > 0) add(at + titles, count, SalientSpanKind::kName);
    return titles + count;
  }

  size_t add(size_t first, size_t count, SalientSpanKind kind) {
    ByteSpan bytes{words_[first].bytes.begin, words_[first + count - 1].bytes.end};
    if (kind == SalientSpanKind::kName) bytes.end = name_end(first, count);
    spans_.push_back({bytes, kind});
    return count;
  }

  // Where the name ends in bytes: "Paris" of "Paris-based", "U.S." and "Jr." with their dots where
  // the sentence goes on behind them.
  size_t name_end(size_t first, size_t count) const {
    const size_t last = first + count - 1;
    const TextWord& word = words_[last];
    const size_t hyphen = word.text.rfind('-');
    if (hyphen != std::string_view::npos &&
        english::is_adjective_ending(word.text.substr(hyphen + 1)))
      return word.bytes.begin + hyphen;
    const bool dotted = english::is_dotted_ending(word.text) ||
                        (count > 1 && is_initial(word.text) && gap(last - 1) == ".");
    const bool goes_on = has_next(last) && gap(last).starts_with('.');
    return dotted && goes_on ? word.bytes.end + 1 : word.bytes.end;
  }

  std::string_view gap(size_t at) const {
    return text_.substr(words_[at].bytes.end, words_[at + 1].bytes.begin - words_[at].bytes.end);
  }

  // A word whose capital says nothing at the beginning of a sentence, or nothing at all.
  bool is_common(size_t at) const {
    const std::string_view word = words_[at].text;
    if (english::is_common_abbreviation(word)) return true;
    return !is_all_capitals(word) && english::is_common_word(lower_ascii(word));
  }

  bool has_next(size_t at) const {
    return at + 1 < words_.size() && words_[at].sentence == words_[at + 1].sentence;
  }

  // “War and Peace”: words in quotes that are all capitalised but for the small ones; two at least.
  size_t quoted_words(size_t at) const {
    for (const auto& [open, close] : kQuotes) {
      if (!text_.substr(0, words_[at].bytes.begin).ends_with(open)) continue;
      size_t last = at;
      while (has_next(last) && gap(last) == " " && last - at + 1 < kMaxNameWords &&
             is_title_word(last + 1))
        ++last;
      const bool closed = text_.substr(words_[last].bytes.end).starts_with(close);
      if (closed && last > at && words_[last].capitalised) return last - at + 1;
    }
    return 0;
  }
  bool is_title_word(size_t at) const {
    const std::string word(words_[at].text);
    return words_[at].capitalised || english::is_particle(word) || english::is_common_word(word);
  }

  // How many words from `at` on are titles before a name: "Dr.", "Prime Minister".
  size_t title_words(size_t at) const {
    size_t count = 0;
    while (has_next(at + count) && words_[at + count].capitalised &&
           words_[at + count + 1].capitalised &&
           english::is_title(lower_ascii(words_[at + count].text)) && is_joined(at + count))
      ++count;
    return count;
  }

  // Whether the word behind `at` may belong to the same name.
  bool is_joined(size_t at) const {
    if (!has_next(at)) return false;
    const std::string_view between = gap(at);
    if (between == " " || between == "\xc2\xa0" || between == " & ") return true;
    const std::string_view next = words_[at + 1].text;
    const std::string_view word = words_[at].text;
    if (between == ", " && (next == "Jr" || next == "Sr")) return true;
    // "St Paul's Cathedral"
    if (at > 0 && (words_[at - 1].text == "St" || words_[at - 1].text == "Saint") &&
        (between == "'s " || between == "\xe2\x80\x99s "))
      return true;
    const bool dotted = is_initial(word) || english::is_dotted_title(lower_ascii(word));
    return dotted && (between == ". " || between == ".");
  }

  bool goes_on_a_name(size_t at) const {
    const TextWord& word = words_[at];
    if (!word.capitalised) return is_capital_behind_prefix(word.text);
    return word.text != "I" && match_date(text_, words_, at) == 0;
  }

  // `behind_title`: a person's title stands before it, so that one word is enough.
  size_t name_words(size_t at, bool behind_title) const {
    if (is_common(at) &&
        (words_[at].begins_sentence || !has_next(at) || is_initial(words_[at].text)))
      return 0;
    size_t last = at;
    while (is_joined(last) && last - at + 1 < kMaxNameWords) {
      size_t next = last + 1;
      // Up to two particles, if a capitalised word follows: "Bank of the West".
      while (next < last + 3 && !words_[next].capitalised && gap(next - 1) == " " &&
             is_joined(next) && english::is_particle(words_[next].text)) {
        ++next;
      }
      // "Kofi Annan of Ghana" is two names.
      if (words_[last + 1].text == "of" && last > at &&
          !english::is_head_before_of(words_[last].text))
        break;
      if (!goes_on_a_name(next)) break;
      last = next;
    }
    if (has_next(last) && gap(last) == " " && english::is_head_before_number(words_[last].text) &&
        words_[last + 1].starts_with_digit)
      ++last;
    const size_t count = last - at + 1;
    if (count > 1) return count;
    if (is_initial(words_[at].text) || is_common(at)) return 0;
    return behind_title || !words_[at].begins_sentence || is_name_at_start(at) ? 1 : 0;
  }

  // Whether one capitalised word at the beginning of a sentence is a name.
  bool is_name_at_start(size_t at) const {
    const std::string_view word = words_[at].text;
    if (is_all_capitals(word)) return true;
    if (lexicon_ != nullptr && lexicon_->knows(word)) return lexicon_->is_name(word);
    if (inner_words_.contains(word)) return true;
    const size_t hyphen = word.find('-');
    if (hyphen != std::string_view::npos && is_capital(decode_utf8(word, hyphen + 1).value))
      return true;  // "Rolls-Royce"
    const std::string_view rest = text_.substr(words_[at].bytes.end);
    if (rest.starts_with("'s ") || rest.starts_with("\xe2\x80\x99s ")) return true;
    if (!has_next(at)) return false;
    const std::string_view next = words_[at + 1].text;
    if (gap(at) == ", " && words_[at + 1].capitalised && has_next(at + 1) &&
        (gap(at + 1) == ", " || words_[at + 2].text == "and"))
      return true;  // "Athens, Sparta and Corinth"
    if (gap(at) != " ") return false;
    return english::is_verb_of_one(next) ||
           (english::is_verb(next) && !english::looks_plural(word));
  }

  std::string_view text_;
  const NameLexicon* lexicon_;
  std::vector<TextWord> words_;
  std::unordered_set<std::string_view> inner_words_;  // capitalised inside a sentence
  std::vector<SalientSpan> spans_;
};

}  // namespace

std::string_view kind_name(SalientSpanKind kind) noexcept {
  switch (kind) {
    case SalientSpanKind::kName:
      return "name";
    case SalientSpanKind::kDate:
      return "date";
    case SalientSpanKind::kNumber:
      return "number";
  }
  return "?";
}

std::optional<SalientSpanKind> parse_kind(std::string_view name) noexcept {
  for (const auto kind : {SalientSpanKind::kName, SalientSpanKind::kDate, SalientSpanKind::kNumber})
    if (name == kind_name(kind)) return kind;
  return std::nullopt;
}

std::vector<std::vector<SalientSpan>> SalientSpanTagger::tag_all(
    std::span<const std::string_view> texts) const {
  std::vector<std::vector<SalientSpan>> found;
  for (const std::string_view text : texts) found.push_back(tag(text));
  return found;
}

std::vector<SalientSpan> RuleTagger::tag(std::string_view text) const {
  return Tagging(text, lexicon_.get()).run();
}

}  // namespace realm
