#include "app/commands/command_search.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <utility>

namespace realm {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool starts_word(std::string_view text, size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return before == ' ' || before == '.' || before == '_' || before == '(';
}

// The letters of `typed` in order within `text`, each at the earliest place that keeps runs
// together; nullopt: not there. A letter scores 1, 4 more when it begins a word, and 3 more when it
// follows the letter before it.
std::optional<CommandMatch> match_letters(std::string_view typed, std::string_view text) {
  CommandMatch match;
  size_t at = 0;
  for (const char c : typed) {
    if (c == ' ') continue;
    const size_t after_last =
        match.matched.empty() ? text.size() : static_cast<size_t>(match.matched.back()) + 1;
    size_t found = text.size();
    if (after_last < text.size() && lower(text[after_last]) == lower(c)) found = after_last;
    for (size_t i = at; found == text.size() && i < text.size(); ++i) {
      if (lower(text[i]) == lower(c) && starts_word(text, i)) found = i;
    }
    for (size_t i = at; found == text.size() && i < text.size(); ++i) {
      if (lower(text[i]) == lower(c)) found = i;
    }
    if (found == text.size()) return std::nullopt;
    match.score += 1 + (starts_word(text, found) ? 4 : 0) + (found == after_last ? 3 : 0);
    match.matched.push_back(static_cast<int>(found));
    at = found + 1;
  }
  return match;
}

}  // namespace

std::vector<CommandMatch> filter_commands(std::string_view typed) {
  std::vector<CommandMatch> matches;
  for (const CommandInfo& command : command_table()) {
    if (!command.in_window) continue;
    if (std::optional<CommandMatch> by_title = match_letters(typed, command.title)) {
      by_title->command = &command;
      matches.push_back(std::move(*by_title));
    } else if (const std::optional<CommandMatch> by_id = match_letters(typed, command.id)) {
      // Nothing of the title is marked; the id is worth half.
      matches.push_back({.command = &command, .score = by_id->score / 2, .matched = {}});
    }
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const CommandMatch& a, const CommandMatch& b) { return a.score > b.score; });
  return matches;
}

}  // namespace realm
