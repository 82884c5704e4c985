#include "storage/packages/article_text.h"

#include <algorithm>
#include <array>
#include <string>

namespace realm::article {

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    lines.push_back(line);
    at = end + 1;
  }
  return lines;
}

size_t indent_of(std::string_view line) {
  size_t indent = 0;
  for (const char c : line) {
    if (c == ' ') {
      ++indent;
    } else if (c == '\t') {
      indent = (indent / 8 + 1) * 8;
    } else {
      break;
    }
  }
  return indent;
}

void append_line(std::string& paragraph, std::string_view line) {
  line = trim(line);
  if (line.empty()) return;
  const size_t size = paragraph.size();
  const bool parted = size >= 2 && paragraph[size - 1] == '-' && is_letter(paragraph[size - 2]) &&
                      (is_letter(line.front()) || is_digit(line.front()));
  bool waits = false;
  for (const std::string_view word : {"and ", "or ", "to "})
    waits = waits || line.starts_with(word);
  if (size > 0 && (!parted || waits)) paragraph += ' ';
  paragraph += line;
}

std::string tidy(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_space(c)) {
      if (!out.empty() && out.back() != ' ' && out.back() != '(') out += ' ';
      continue;
    }
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  // ".NET" and ":-)" keep their space: only what ends something is drawn to the word before it.
  std::string tight;
  tight.reserve(out.size());
  for (size_t i = 0; i < out.size(); ++i) {
    const bool closes = out[i] == ' ' && i + 1 < out.size() &&
                        std::string_view(",.;!?)").find(out[i + 1]) != std::string_view::npos &&
                        (i + 2 == out.size() || out[i + 2] == ' ' || out[i + 2] == ')');
    if (!closes) tight += out[i];
  }
  return tight;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string join_words(const std::vector<std::string>& words, std::string_view last_joint) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " " + std::string(last_joint) + " " : ", ";
    out += words[i];
  }
  return out;
}

std::string with_capital(std::string_view text) {
  std::string out(text);
  if (out.empty() || !is_lower(out[0])) return out;
  const std::string_view word = std::string_view(out).substr(0, out.find(' '));
  if (std::any_of(word.begin(), word.end(), is_upper)) return out;
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

bool ends_sentence(std::string_view text) {
  while (!text.empty() && std::string_view("\"')]").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return !text.empty() && std::string_view(".!?").find(text.back()) != std::string_view::npos;
}

const char* article_for(std::string_view word) {
  // Vowels that are spoken as consonants, and an h that is not spoken.
  constexpr std::array<std::string_view, 15> kConsonants = {"uni",   "use", "usa", "usu",  "util",
                                                            "eu",    "ewe", "one", "ubiq", "uran",
                                                            "ureth", "uri", "u-",  "u.s.", "uk"};
  constexpr std::array<std::string_view, 4> kVowels = {"hour", "honest", "honor", "heir"};
  std::string lower(word.substr(0, std::min<size_t>(word.size(), 8)));
  for (char& c : lower) c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view begin : kVowels) {
    if (lower.starts_with(begin)) return "an";
  }
  const bool negated = lower.starts_with("unin") || lower.starts_with("unim");  // not "uni-"
  for (const std::string_view begin : kConsonants) {
    if (lower.starts_with(begin) && !negated) return "a";
  }
  return !lower.empty() && std::string_view("aeiou8").find(lower[0]) != std::string_view::npos
             ? "an"
             : "a";
}

}  // namespace realm::article
