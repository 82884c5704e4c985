#include "storage/packages/gcide_passages.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "storage/packages/article_text.h"

namespace realm {
namespace {

using namespace article;

struct PartOfSpeech {
  std::string_view mark, name;
};
// Longer marks first, as some begin with others.
constexpr std::array<PartOfSpeech, 17> kParts = {{{"prop. n. pl.", "proper noun"},
                                                  {"prop. n.", "proper noun"},
                                                  {"n. pl.", "plural noun"},
                                                  {"n. sing. & pl.", "noun"},
                                                  {"n.", "noun"},
                                                  {"v. t. & i.", "verb"},
                                                  {"v. i. & t.", "verb"},
                                                  {"v. t.", "verb"},
                                                  {"v. i.", "verb"},
                                                  {"v.", "verb"},
                                                  {"adv.", "adverb"},
                                                  {"adj.", "adjective"},
                                                  {"a.", "adjective"},
                                                  {"prep.", "preposition"},
                                                  {"conj.", "conjunction"},
                                                  {"pron.", "pronoun"},
                                                  {"interj.", "interjection"}}};

// The bracket that closes the one at `open`; npos: none does.
size_t closing_bracket(std::string_view text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

// " (b[^e]n), or Benefet \\Ben"e*fet\\, " behind the first pronunciation: further ones, and other
// spellings with theirs.
void skip_other_spellings(std::string_view& rest) {
  constexpr size_t kLongest = 60;
  for (;;) {
    while (!rest.empty() && std::string_view(",. ").find(rest.front()) != std::string_view::npos)
      rest.remove_prefix(1);
    size_t end = std::string_view::npos;
    if (rest.starts_with('(')) {
      end = rest.find(')');
    } else if (const size_t open = rest.substr(0, kLongest).find('\\');
               open != std::string_view::npos) {
      end = rest.find('\\', open + 1);
    }
    if (end == std::string_view::npos || end > 2 * kLongest) return;
    rest.remove_prefix(end + 1);
  }
}

struct Heading {
  std::string title;
  std::string_view part;  // of speech; empty: not told
  std::string rest;       // what the first paragraph explains
};

// "Benefit \Ben"e*fit\, n. [OE. benefet.] 1. An act of kindness."
Heading read_heading(const std::string& paragraph, std::string_view first_line) {
  Heading heading;
  const size_t open = paragraph.find('\\');
  const size_t close = open == std::string::npos ? open : paragraph.find('\\', open + 1);
  std::string_view rest;
  if (close == std::string::npos) {
    heading.title = tidy(first_line);
    rest = std::string_view(paragraph).substr(std::min(heading.title.size(), paragraph.size()));
  } else {
    heading.title = tidy(std::string_view(paragraph).substr(0, open));
    rest = std::string_view(paragraph).substr(close + 1);
  }
  skip_other_spellings(rest);
  for (const PartOfSpeech& part : kParts) {
    if (!rest.starts_with(part.mark)) continue;
    heading.part = part.name;
    rest.remove_prefix(part.mark.size());
    break;
  }
  for (rest = trim(rest);
       rest.starts_with("; pl.") || rest.starts_with("[") || rest.starts_with(";");
       rest = trim(rest)) {
    // The plural, then where the word comes from.
    const size_t end = rest[0] == '[' ? closing_bracket(rest, 0) : rest.find_first_of(".[", 5);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(rest[0] != '[' && rest[end] == '[' ? end : end + 1);
  }
  heading.rest = std::string(rest);
  return heading;
}

// "[1913 Webster]" and "[PJC]" go, "[Obs.]" and its like become words.
std::string without_marks(std::string text) {
  replace_all(text, "[Obs.]", "(obsolete)");
  replace_all(text, "[Archaic]", "(archaic)");
  replace_all(text, "[Colloq.]", "(colloquial)");
  replace_all(text, "[Slang]", "(slang)");
  for (size_t open = text.find('['); open != std::string::npos; open = text.find('[', open)) {
    const size_t close = closing_bracket(text, open);
    if (close == std::string::npos) break;
    text.erase(open, close - open + 1);
  }
  std::string out;
  for (const char c : text) {
    if (c != '{' && c != '}') out += c;
  }
  return tidy(out);
}

// "... his benefits. --Ps. ciii. 2." -> "... his benefits. (Ps. ciii. 2.)"
std::string with_author_in_brackets(std::string text) {
  constexpr size_t kLongestAuthor = 60;
  const size_t dashes = text.rfind("--");
  if (dashes == std::string::npos || text.size() - dashes > kLongestAuthor ||
      dashes + 2 >= text.size() || !is_upper(text[dashes + 2])) {
    return text;
  }
  std::string author = text.substr(dashes + 2);
  text.resize(dashes);
  return tidy(text) + " (" + author + ")";
}

// "-- Gain"ful*ly, adv." at the end: words made from this one, in syllables.
void drop_derived_words(std::string& text) {
  for (size_t dash = text.find("-- "); dash != std::string::npos;
       dash = text.find("-- ", dash + 1)) {
    const size_t end = std::min(text.find(' ', dash + 3), text.size());
    if (text.substr(dash, end - dash).find_first_of("\"`*") == std::string::npos) continue;
    text.resize(dash);
    return;
  }
}

std::string read_paragraph(std::string text) {
  drop_derived_words(text);
  text = with_author_in_brackets(without_marks(std::move(text)));
  if (text.starts_with("Syn: ")) text = "Synonyms: " + text.substr(5);
  return text;
}

}  // namespace

MadeEntry make_gcide_entry(std::string_view article) {
  MadeEntry entry;
  std::string text, paragraph, first_line;
  Heading heading;
  bool first = true;
  const auto end_paragraph = [&] {
    if (paragraph.empty()) return;
    if (first) {
      heading = read_heading(paragraph, first_line);
      paragraph = heading.rest;
      first = false;
    }
    const std::string read = read_paragraph(std::move(paragraph));
    if (std::any_of(read.begin(), read.end(), is_letter)) {
      if (!text.empty()) text += ends_sentence(text) ? " " : ". ";
      text += read;
    }
    paragraph.clear();
  };
  for (const std::string_view line : split_lines(article)) {
    if (trim(line).empty()) {
      end_paragraph();
      continue;
    }
    if (first_line.empty()) first_line = std::string(line);
    append_line(paragraph, line);
  }
  end_paragraph();
  constexpr size_t kLongestTitle = 80;  // what is longer is the preface's
  const bool titled = !heading.title.empty() && heading.title.size() <= kLongestTitle;
  if (!titled || text.empty()) {
    entry.skipped = titled ? "no text" : "no headword";
    return entry;
  }
  if (!ends_sentence(text)) text += '.';
  std::string told = heading.title;
  if (!heading.part.empty()) told += " (" + std::string(heading.part) + ")";
  entry.passages.push_back({0, std::move(heading.title), told + ": " + text, {}, {}, 0});
  return entry;
}

}  // namespace realm
