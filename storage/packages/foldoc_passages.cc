#include "storage/packages/foldoc_passages.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/sentence_splitter.h"
#include "engine/text/text_words.h"
#include "storage/packages/article_text.h"
#include "storage/packages/foldoc_markup.h"

namespace realm {
namespace {

using namespace article;

// Sentences that begin so are addresses, and so is what follows in their paragraph.
constexpr std::array<std::string_view, 35> kContactLabels = {"E-mail:",
                                                             "E-mail ",
                                                             "Email:",
                                                             "Telephone:",
                                                             "Tel:",
                                                             "Phone:",
                                                             "Fax:",
                                                             "Addresss:",
                                                             "Address:",
                                                             "Mailing list",
                                                             "Mailing-list",
                                                             "Usenet news",
                                                             "Newsgroup",
                                                             "Home:",
                                                             "Home page",
                                                             "FTP:",
                                                             "URL:",
                                                             "Contact:",
                                                             "Postal",
                                                             "Snail mail",
                                                             "Unofficial WWW",
                                                             "WWW:",
                                                             "Web:",
                                                             "Mail:",
                                                             "European mirrors:",
                                                             "Latest version",
                                                             "Discussion:",
                                                             "Discussions:",
                                                             "Web site: ",
                                                             "Available from:",
                                                             "Version:",
                                                             "Current version",
                                                             "Unix manual page",
                                                             "Info:",
                                                             "Demo:"};

// What a pointer to other articles has beside their names.
bool is_pointing_word(std::string_view word) {
  constexpr std::array<std::string_view, 22> kWords = {
      "see",    "also",  "compare", "contrast", "cf",   "cf.",     "and",     "or",
      "with",   "under", "the",     "in",       "for",  "entry",   "entries", "it",
      "listed", "sense", "wiki",    "home",     "page", "opposite"};
  while (!word.empty() && std::string_view(".,;:()\"").find(word.back()) != std::string_view::npos)
    word.remove_suffix(1);
  while (!word.empty() && std::string_view("(\"").find(word.front()) != std::string_view::npos)
    word.remove_prefix(1);
  if (word.empty() || std::all_of(word.begin(), word.end(), is_digit)) return true;
  const std::string lower = lower_ascii(word);
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

struct Outside {
  int words = 0;                  // outside references and linked names
  bool points = true;             // all of them are words that pointers have
  bool leads_to_address = false;  // the last one before an address announces it: "from", "at"
};

bool announces_address(std::string_view word) {
  constexpr std::array<std::string_view, 10> kWords = {"from", "at",  "to",     "by", "via",
                                                       "in",   "see", "e-mail", "on", "contact"};
  return std::find(kWords.begin(), kWords.end(), lower_ascii(word)) != kWords.end();
}

Outside look_outside(std::string_view sentence) {
  Outside outside;
  int depth = 0;
  std::string word, last;
  const auto end_word = [&] {
    if (word.empty()) return;
    if (std::any_of(word.begin(), word.end(), [](char c) { return is_letter(c) || is_digit(c); })) {
      ++outside.words;
      outside.points = outside.points && is_pointing_word(word);
      last = word;
    }
    word.clear();
  };
  for (const char c : sentence) {
    if (c == markup::kReference || c == markup::kLink) {
      end_word();
      if (c == markup::kLink && announces_address(last)) outside.leads_to_address = true;
      ++depth;
    } else if (c == markup::kEnd) {
      depth = std::max(0, depth - 1);
      last.clear();
    } else if (depth == 0 && is_space(c)) {
      end_word();
    } else if (depth == 0) {
      word += c;
    }
  }
  end_word();
  return outside;
}

enum class Kind { kText, kPointer, kAddress };

Kind kind_of(std::string_view sentence, const Outside& outside) {
  const bool has_link = sentence.find(markup::kLink) != std::string_view::npos;
  constexpr int kFewWords = 3, kShortSentence = 14;
  if (has_link && (outside.words <= kFewWords ||
                   (outside.leads_to_address && outside.words <= kShortSentence))) {
    return Kind::kAddress;
  }
  const std::string plain = markup::without_marks(sentence);
  for (const std::string_view begin : {"See ", "See: ", "See also", "Compare", "Contrast", "Cf"}) {
    if (plain.starts_with(begin) && outside.points) return Kind::kPointer;
  }
  return Kind::kText;
}

// "EBNF" and "Extended Backus-Naur Form": mostly capitals, which the name has in this order.
bool abbreviates(std::string_view title, std::string_view name) {
  const auto capitals = std::count_if(title.begin(), title.end(), is_upper);
  const bool short_form = capitals >= 2 && 2 * static_cast<size_t>(capitals) >= title.size() &&
                          title.find(' ') == std::string_view::npos && name.size() > title.size();
  if (!short_form) return false;
  const std::string wanted = lower_ascii(title), within = lower_ascii(name);
  size_t at = 0;
  for (const char c : wanted) {
    if (!is_letter(c)) continue;
    at = within.find(c, at);
    if (at == std::string::npos) return false;
    ++at;
  }
  return wanted[0] == within[0];
}

class Maker {
 public:
  explicit Maker(std::string_view article) {
    size_t line = 0;
    const std::vector<std::string_view> lines = split_lines(article);
    while (line < lines.size() && lines[line].empty()) ++line;
    for (; line < lines.size() && !lines[line].empty() && indent_of(lines[line]) == 0; ++line)
      headwords_.push_back(tidy(markup::without_marks(markup::mark_references(lines[line]))));
    for (const std::string& paragraph : markup::paragraphs_of(lines, line)) read(paragraph);
  }

  MadeEntry make() && {
    MadeEntry entry;
    if (headwords_.empty()) {
      entry.skipped = "no headword";
    } else if (about_dictionary_) {
      entry.skipped = "about the dictionary itself";
    } else if (text_.empty() && source_.empty()) {
      entry.skipped = pointed_ ? "only points to other entries" : "no text";
    } else if (only_reference()) {
      entry = reference_sentence();
    } else {
      tell_of_source();
      if (!ends_sentence(text_) && text_.back() != ';') text_ += '.';
      add_other_names();
      entry.passages.push_back({0, headwords_.front(), std::move(text_), {}, {}, 0});
    }
    return entry;
  }

 private:
  void read(const std::string& paragraph) {
    if (paragraph.find("<introduction>") != std::string::npos) about_dictionary_ = true;
    markup::Opening opening = markup::strip_opening(paragraph);
    std::string body = markup::strip_brackets(std::move(opening.rest), source_);
    body = markup::mark_references(body);
    markup::drop_announced_address(body, "E-mail: ");
    std::string kept;
    for (const ByteSpan& span : split_sentences(body)) {
      const std::string sentence = body.substr(span.begin, span.end - span.begin);
      const std::string plain = markup::without_marks(sentence);
      if (std::any_of(kContactLabels.begin(), kContactLabels.end(),
                      [&](std::string_view label) { return plain.starts_with(label); })) {
        break;
      }
      const Outside outside = look_outside(sentence);
      const Kind kind = kind_of(sentence, outside);
      pointed_ = pointed_ || kind == Kind::kPointer;
      if (kind != Kind::kText) continue;
      words_outside_ += outside.words;
      references_ += std::count(sentence.begin(), sentence.end(), markup::kReference);
      kept += (kept.empty() ? "" : " ") + sentence;
    }
    kept = tidy(markup::without_marks(kept));
    replace_all(kept, " ()", "");
    if (std::none_of(kept.begin(), kept.end(), is_letter)) return;
    ++paragraphs_;
    // A heading or an unfinished paragraph before a new one; lists and formulas go on.
    if (!text_.empty() && is_upper(kept[0]) && opening.number.empty() && !ends_sentence(text_) &&
        std::string_view(",;:-").find(text_.back()) == std::string_view::npos) {
      text_ += '.';
    }
    if (!text_.empty()) text_ += ' ';
    text_ += opening.number + kept;
  }

  // The whole article names another one and says nothing about it.
  bool only_reference() const { return paragraphs_ > 0 && words_outside_ == 0 && references_ > 0; }

  MadeEntry reference_sentence() const {
    MadeEntry entry;
    std::string name = text_;
    while (!name.empty() && name.back() == '.') name.pop_back();
    if (references_ != 1 || paragraphs_ != 1) {
      entry.skipped = "only points to other entries";
      return entry;
    }
    const std::string& title = headwords_.front();
    const bool turned_round = title.find(", ") != std::string::npos;  // "Conway, John Horton"
    if (turned_round || is_digit(name[0]) || lower_ascii(title) == lower_ascii(name)) {
      entry.skipped = "only points to other entries";
      return entry;
    }
    entry.passages.push_back(
        {0,
         title,
         with_capital(title) +
             (abbreviates(title, name) ? " stands for " : " is another name for ") + name + ".",
         {},
         {},
         0});
    return entry;
  }

  // An article of a name, its abbreviation and a printed source, or of one of them.
  void tell_of_source() {
    constexpr size_t kLongestAbbreviation = 14;
    const bool abbreviation_alone =
        text_.starts_with('(') && text_.size() <= kLongestAbbreviation && text_.ends_with(')');
    if (!text_.empty() && !abbreviation_alone) return;
    if (source_.empty()) {
      text_ = headwords_.front() + " is abbreviated " + text_.substr(1, text_.size() - 2);
    } else {
      text_ =
          headwords_.front() + (text_.empty() ? "" : " " + text_) + " is described in " + source_;
    }
  }

  void add_other_names() {
    const std::string lower = lower_ascii(text_);
    std::vector<std::string> names;
    for (size_t i = 1; i < headwords_.size(); ++i) {
      const std::string name = lower_ascii(headwords_[i]);
      if (lower.find(name) == std::string::npos && name != lower_ascii(headwords_[0]))
        names.push_back(headwords_[i]);
    }
    if (!names.empty()) text_ += " Also known as " + join_words(names, "or") + ".";
  }

  std::vector<std::string> headwords_;
  std::string text_, source_;  // source_: the first printed source
  bool about_dictionary_ = false, pointed_ = false;
  int paragraphs_ = 0, words_outside_ = 0;
  int64_t references_ = 0;
};

}  // namespace

MadeEntry make_foldoc_entry(std::string_view article) { return Maker(article).make(); }

}  // namespace realm
