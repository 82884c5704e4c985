#include "storage/text_cleaning.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace realm {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

}  // namespace

bool clean_text(std::string& text) {
  bool replaced = false;
  size_t out = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      c = '\n';
    } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') || c == 0x7F) {
      c = ' ';
      replaced = true;
    }
    text[out++] = c;
  }
  text.resize(out);
  size_t first = 0;
  while (first < text.size() && is_space(text[first])) ++first;
  size_t last = text.size();
  while (last > first && is_space(text[last - 1])) --last;
  text.erase(last);
  text.erase(0, first);
  return replaced;
}

bool clean_line(std::string& text) {
  const bool replaced = clean_text(text);
  for (char& c : text) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return replaced;
}

std::string first_words(std::string_view text, size_t bytes) {
  std::string line;
  bool space = false;
  for (const char c : text) {
    if (is_space(c)) {
      space = !line.empty();
      continue;
    }
    if (space) line += ' ';
    space = false;
    line += c;
    if (line.size() > bytes) {
      const size_t blank = line.rfind(' ');
      if (blank != std::string::npos && blank > bytes / 2) {
        line.resize(blank);
      } else {
        size_t end = bytes;
        while (!is_code_point_border(line, end)) --end;
        line.resize(end);
      }
      return line + "…";
    }
  }
  return line;
}

std::string words_around(std::string_view text, size_t begin, size_t end, size_t bytes) {
  const auto on_border = [&](size_t at) {
    while (!is_code_point_border(text, at)) --at;
    return at;
  };
  end = on_border(std::min(end, begin + bytes / 2));
  size_t first = begin > bytes / 3 ? on_border(begin - bytes / 3) : 0;
  while (first > 0 && first < begin && !is_space(text[first - 1])) ++first;
  std::string part(text.substr(first, begin - first));
  part.append("\x02").append(text.substr(begin, end - begin)).append("\x03");
  part.append(text.substr(end, on_border(std::min(text.size(), end + 2 * bytes)) - end));
  return (first > 0 ? "…" : "") + first_words(part, bytes);
}

int64_t count_words(std::string_view text) {
  int64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = is_space(c);
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

}  // namespace realm
