#include "storage/search_query.h"

#include <optional>
#include <vector>

#include "engine/base/utf8.h"

namespace realm {
namespace {

struct Term {
  std::string words;
  bool excluded = false;
};

// Blank where a search cannot mean anything: FTS5 reads up to a NUL, and invalid bytes match
// nothing.
std::string printable(std::string_view search) {
  std::string text(search);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  size_t checked = 0;
  while (true) {
    const std::optional<size_t> bad = find_invalid_utf8(std::string_view(text).substr(checked));
    if (!bad) break;
    checked += *bad;
    text[checked] = ' ';
  }
  return text;
}

std::vector<Term> split_terms(const std::string& text) {
  std::vector<Term> terms;
  size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ') {
      ++i;
      continue;
    }
    Term term;
    if (text[i] == '-' && i + 1 < text.size() && text[i + 1] != ' ' && text[i + 1] != '-') {
      term.excluded = true;
      ++i;
    }
    if (text[i] == '"') {
      const size_t close = text.find('"', i + 1);
      term.words = text.substr(i + 1, close == std::string::npos ? close : close - i - 1);
      i = close == std::string::npos ? text.size() : close + 1;
    } else {
      // A word ends at a blank or at the quote that begins a phrase.
      const size_t end = text.find_first_of(" \"", i);
      term.words = text.substr(i, end == std::string::npos ? end : end - i);
      i = end == std::string::npos ? text.size() : end;
    }
    if (term.words.find_first_not_of(' ') != std::string::npos) terms.push_back(std::move(term));
  }
  return terms;
}

void append(std::string& expression, const char* joint, const std::string& words) {
  if (!expression.empty()) expression += joint;
  expression.append("\"").append(words).append("\"");
}

}  // namespace

std::string SearchExpression::fts() const {
  return exclude.empty() ? match : "(" + match + ") NOT (" + exclude + ")";
}

SearchExpression parse_search(std::string_view search) {
  SearchExpression expression;
  for (const Term& term : split_terms(printable(search))) {
    if (term.excluded) {
      append(expression.exclude, " OR ", term.words);
    } else {
      // Strings side by side, not AND: so a string without word characters is left out instead of
      // matching nothing.
      append(expression.match, " ", term.words);
    }
  }
  return expression;
}

std::string any_word_expression(std::string_view text) {
  std::string words = printable(text);
  for (char& c : words) {
    if (c == '"') c = ' ';
  }
  std::string expression;
  for (const Term& term : split_terms(words)) append(expression, " OR ", term.words);
  return expression;
}

}  // namespace realm
