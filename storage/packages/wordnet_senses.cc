#include "storage/packages/wordnet_senses.h"

#include <algorithm>
#include <utility>

#include "storage/packages/article_text.h"

namespace realm::wordnet {
namespace {

using namespace article;

constexpr size_t kSenseIndent = 4;

// "n 1: " or "2: " at the beginning of a line. `part` is "n", "v" and so on, or empty.
struct SenseStart {
  std::string_view part, rest;
  bool found = false;
};
SenseStart find_start(std::string_view line) {
  SenseStart start;
  if (indent_of(line) != kSenseIndent) return start;
  std::string_view rest = trim(line);
  for (const std::string_view part : {"n ", "v ", "adj ", "adv "}) {
    if (!rest.starts_with(part)) continue;
    start.part = trim(part);
    rest.remove_prefix(part.size());
    break;
  }
  size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[digits])) ++digits;
  if (digits == 0 || !rest.substr(digits).starts_with(": ")) return {};
  start.rest = rest.substr(digits + 2);
  start.found = true;
  return start;
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (size_t open = list.find('{'); open != std::string_view::npos; open = list.find('{', open)) {
    const size_t close = list.find('}', open);
    if (close == std::string_view::npos) break;
    std::string name = tidy(list.substr(open + 1, close - open - 1));
    if (!name.empty()) names.push_back(std::move(name));
    open = close;
  }
  return names;
}

// Takes "[syn: {a}, {b}]" out of the text.
std::vector<std::string> take_list(std::string& text, std::string_view label) {
  const size_t open = text.find(label);
  if (open == std::string::npos) return {};
  const size_t close = text.find(']', open);
  const size_t end = close == std::string::npos ? text.size() : close + 1;
  std::vector<std::string> names = names_in(std::string_view(text).substr(open, end - open));
  text.erase(open, end - open);
  return names;
}

// Everything behind the gloss is "example"; "example"- author; ...
void part_examples(std::string_view text, Sense& sense) {
  size_t quote = text.starts_with('"') ? 0 : text.find("; \"");
  sense.gloss = std::string(trim(text.substr(0, quote)));
  if (quote == std::string_view::npos) return;
  while ((quote = text.find('"', quote)) != std::string_view::npos) {
    const size_t close = text.find('"', quote + 1);
    if (close == std::string_view::npos) break;
    std::string example = "\"";
    example += tidy(text.substr(quote + 1, close - quote - 1));
    example += '"';
    const size_t end = std::min(text.find(';', close), text.size());
    std::string_view author = trim(text.substr(close + 1, end - close - 1));
    while (!author.empty() && (author.front() == '-' || is_space(author.front())))
      author.remove_prefix(1);
    if (author.size() > 2 && is_upper(author.front())) example += " (" + std::string(author) + ")";
    if (close > quote + 1) sense.examples.push_back(std::move(example));
    quote = end;
  }
}

Sense read_sense(std::string text) {
  Sense sense;
  sense.synonyms = take_list(text, "[syn:");
  sense.opposites = take_list(text, "[ant:");
  part_examples(tidy(text), sense);
  while (!sense.gloss.empty() &&
         std::string_view(" ;:,").find(sense.gloss.back()) != std::string_view::npos) {
    sense.gloss.pop_back();
  }
  return sense;
}

}  // namespace

Nouns read_nouns(std::string_view article) {
  Nouns nouns;
  std::string text;
  bool noun = false;
  const auto end_sense = [&] {
    if (noun && !text.empty()) {
      Sense sense = read_sense(std::move(text));
      if (!sense.gloss.empty()) nouns.senses.push_back(std::move(sense));
    }
    text.clear();
  };
  for (const std::string_view line : split_lines(article)) {
    if (trim(line).empty()) continue;
    if (nouns.headword.empty()) {
      nouns.headword = tidy(line);
      continue;
    }
    const SenseStart start = find_start(line);
    if (start.found) {
      end_sense();
      if (!start.part.empty()) noun = start.part == "n";
      text = std::string(start.rest);
    } else {
      append_line(text, line);
    }
  }
  end_sense();
  return nouns;
}

}  // namespace realm::wordnet
