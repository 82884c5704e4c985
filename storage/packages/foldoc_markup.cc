#include "storage/packages/foldoc_markup.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "storage/packages/article_text.h"

namespace realm::markup {
namespace {

using namespace article;

constexpr size_t kLongestTag = 80;
constexpr size_t kDateBytes = 12;  // "(1995-04-10)"

bool is_date(std::string_view text) {
  if (text.size() != kDateBytes || text.front() != '(' || text.back() != ')') return false;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (i == 5 || i == 8 ? text[i] != '-' : !is_digit(text[i])) return false;
  }
  return true;
}

void strip_date(std::string& paragraph) {
  if (paragraph.size() >= kDateBytes &&
      is_date(std::string_view(paragraph).substr(paragraph.size() - kDateBytes))) {
    paragraph.resize(paragraph.size() - kDateBytes);
    paragraph = std::string(trim(paragraph));
  }
}

// "<language, humour>" at the beginning; 0: there is none.
size_t subject_length(std::string_view text) {
  if (text.empty() || text[0] != '<') return 0;
  const size_t end = text.find('>');
  if (end == std::string_view::npos || end > kLongestTag || end < 2) return 0;
  const bool words =
      std::all_of(text.begin() + 1, text.begin() + static_cast<ptrdiff_t>(end), [](char c) {
        return is_letter(c) || is_digit(c) ||
               std::string_view(" ,-/.'&").find(c) != std::string_view::npos;
      });
  return words ? end + 1 : 0;
}

// "/frob/", "/S-Q-L/ or /see'kwel/" at the beginning; 0: there is none.
size_t pronunciation_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '/' || is_space(text[1])) return 0;
  const size_t end = text.find('/', 1);
  if (end == std::string_view::npos || end > kLongestTag) return 0;
  if (end + 1 < text.size() && !is_space(text[end + 1]) &&
      std::string_view(",;.").find(text[end + 1]) == std::string_view::npos) {
    return 0;  // a path
  }
  size_t length = end + 1;
  std::string_view rest = text.substr(length);
  for (const std::string_view joint : {", or ", " or ", ", ", " "}) {
    if (!rest.starts_with(joint)) continue;
    const size_t more = pronunciation_length(rest.substr(joint.size()));
    if (more > 0) return length + joint.size() + more;
  }
  if (!rest.empty() && !is_space(rest[0])) ++length;  // the comma behind it
  return length;
}

// "[MIT]" or "[{MUD}]" at the beginning: where a word of jargon was used.
size_t origin_length(std::string_view text) {
  constexpr size_t kLongestOrigin = 60;
  if (!text.starts_with('[') || text.starts_with("[\"")) return 0;  // a quote: a source
  const size_t end = text.find(']');
  return end == std::string_view::npos || end > kLongestOrigin || end + 1 == text.size() ? 0
                                                                                         : end + 1;
}

bool is_address(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return true;
  for (const std::string_view begin : {"mailto:", "URL:", "http:", "ftp:", "telnet:", "rfc:"}) {
    if (text.starts_with(begin)) return true;
  }
  return text.ends_with(".html") || text.ends_with(".htm") || text.ends_with(".txt");
}

bool is_mail_address(std::string_view word) {
  const size_t at = word.find('@');
  return at != std::string_view::npos && at > 0 && word.find('.', at) != std::string_view::npos &&
         word.find(' ') == std::string_view::npos;
}

// Braces that belong to what is written: sets and pieces of programs.
bool is_literal(std::string_view inside) {
  return inside.empty() || inside.front() == ' ' || inside.size() > 120 ||
         inside.find_first_of("|=;") != std::string_view::npos ||
         inside.find(" : ") != std::string_view::npos;
}

void append_reference(std::string& out, std::string_view inside) {
  const size_t open = inside.rfind('(');
  if (inside.back() == ')' && open != std::string_view::npos &&
      is_address(inside.substr(open + 1, inside.size() - open - 2))) {
    out += kLink;
    out += trim(inside.substr(0, open));
  } else if (inside.starts_with("news:")) {
    out += kReference;
    out += inside.substr(5);
  } else if (inside.starts_with("rfc:")) {
    out += kReference;
    out += "RFC ";
    out += inside.substr(4);
  } else if (is_address(inside)) {
    out += kLink;
  } else {
    out += kReference;
    out += inside;
  }
  out += kEnd;
}

// *so* and __so__ -> so
std::string without_emphasis(std::string_view text) {
  constexpr size_t kLongest = 40;
  std::string out(text);
  for (const std::string_view mark : {"__", "*"}) {
    for (size_t open = out.find(mark); open != std::string::npos; open = out.find(mark, open)) {
      const size_t begin = open + mark.size();
      const size_t close = out.find(mark, begin);
      const bool word =
          (open == 0 || is_space(out[open - 1]) || out[open - 1] == '"') &&
          close != std::string::npos && close > begin && close - begin <= kLongest &&
          is_letter(out[begin]) && is_letter(out[close - 1]) &&
          (close + mark.size() == out.size() ||
           std::string_view(" .,;:!?)\"").find(out[close + mark.size()]) != std::string_view::npos);
      if (word) {
        out.erase(close, mark.size());
        out.erase(open, mark.size());
      } else {
        open = begin;
      }
    }
  }
  return out;
}

// The bytes of an address that begins here; 0: none does.
size_t address_length(std::string_view text, bool begins_word) {
  if (text[0] == '<') {
    const size_t end = text.find('>');
    if (end == std::string_view::npos || end > 120) return 0;
    const std::string_view inside = text.substr(1, end - 1);
    return is_address(inside) || is_mail_address(inside) ? end + 1 : 0;
  }
  if (!begins_word) return 0;
  size_t end = std::min(text.find_first_of(" \n\t()<>{}\","), text.size());
  while (end > 0 && std::string_view(".;:").find(text[end - 1]) != std::string_view::npos) --end;
  const std::string_view word = text.substr(0, end);
  for (const std::string_view scheme :
       {"http://", "https://", "ftp://", "gopher://", "telnet://"}) {
    if (word.starts_with(scheme)) return end;
  }
  return is_mail_address(word) ? end : 0;
}

}  // namespace

std::vector<std::string> paragraphs_of(const std::vector<std::string_view>& lines, size_t first) {
  std::vector<std::string> paragraphs;
  std::string paragraph;
  const auto unclosed = [&] {  // a long address is wrapped to a paragraph of its own
    return paragraph.rfind('{') != std::string::npos &&
           (paragraph.rfind('}') == std::string::npos ||
            paragraph.rfind('}') < paragraph.rfind('{')) &&
           paragraph.size() - paragraph.rfind('{') < 60;
  };
  const auto end_paragraph = [&] {
    strip_date(paragraph);
    if (!paragraph.empty()) paragraphs.push_back(std::move(paragraph));
    paragraph.clear();
  };
  for (size_t i = first; i < lines.size(); ++i) {
    if (trim(lines[i]).empty()) {
      if (!unclosed()) end_paragraph();
    } else {
      append_line(paragraph, lines[i]);
    }
  }
  end_paragraph();
  return paragraphs;
}

Opening strip_opening(std::string_view paragraph) {
  Opening opening;
  std::string_view rest = paragraph;
  for (;;) {
    rest = trim(rest);
    size_t length = subject_length(rest);
    if (length == 0) length = pronunciation_length(rest);
    if (length == 0) length = origin_length(rest);
    if (length == 0) {  // "(ISODE) /eye-so-dee-eee/ Software"
      constexpr size_t kLongestAbbreviation = 40;
      const size_t close = rest.starts_with('(') ? rest.find(')') : std::string_view::npos;
      const size_t spoken = close < kLongestAbbreviation && close + 2 < rest.size()
                                ? pronunciation_length(rest.substr(close + 2))
                                : 0;
      if (spoken > 0) {
        opening.rest =
            std::string(rest.substr(0, close + 1)) + std::string(rest.substr(close + 2 + spoken));
        return opening;
      }
    }
    if (length == 0 && opening.number.empty()) {
      size_t digits = 0;
      while (digits < rest.size() && is_digit(rest[digits])) ++digits;
      if (digits > 0 && digits <= 2 && rest.substr(digits).starts_with(". ")) {
        opening.number = std::string(rest.substr(0, digits)) + ". ";
        length = digits + 1;
      }
    }
    if (length == 0) break;
    rest.remove_prefix(length);
  }
  opening.rest = std::string(rest);
  return opening;
}

std::string strip_brackets(std::string paragraph, std::string& source) {
  constexpr size_t kShortestSource = 12;
  for (size_t open = paragraph.find('['); open != std::string::npos;) {
    const size_t close = paragraph.find(']', open);
    if (close == std::string::npos) break;
    const std::string inside = paragraph.substr(open + 1, close - open - 1);
    const bool alone = open == 0 && close + 2 >= paragraph.size();
    const bool quoted = inside.starts_with('"') && inside.size() >= kShortestSource;
    const bool asks = inside.ends_with('?');
    if (!alone && !quoted && !asks && inside.find("Jargon File") == std::string::npos) {
      open = paragraph.find('[', open + 1);
      continue;
    }
    // A source inside a sentence is a part of it; one that stands between sentences goes.
    const std::string_view before = trim(std::string_view(paragraph).substr(0, open));
    if (quoted && !before.empty() && !ends_sentence(before)) {
      paragraph.erase(close, 1);
      paragraph.erase(open, 1);
      open = paragraph.find('[', close - 1);
      continue;
    }
    if (quoted && source.empty()) source = tidy(without_marks(mark_references(inside)));
    const size_t length = close - open + 1;
    // The full stop behind it goes with it.
    const bool stop = close + 1 < paragraph.size() && paragraph[close + 1] == '.';
    paragraph.erase(open, length + (stop ? 1 : 0));
    open = paragraph.find('[', open);
  }
  return std::string(trim(paragraph));
}

std::string mark_references(std::string_view paragraph) {
  const std::string plain = without_emphasis(paragraph);
  paragraph = plain;
  std::string out;
  out.reserve(paragraph.size() + 16);
  for (size_t at = 0; at < paragraph.size();) {
    const std::string_view rest = paragraph.substr(at);
    const bool begins_word =
        at == 0 || !(is_letter(paragraph[at - 1]) || is_digit(paragraph[at - 1]));
    if (rest[0] == '{') {
      const size_t end = rest.find('}');
      const std::string_view inside =
          end == std::string_view::npos ? std::string_view{} : rest.substr(1, end - 1);
      // "{inherits {inheritance}}": the outer pair goes.
      if (!inside.empty() && is_letter(inside[0]) && inside.find('{') != std::string_view::npos) {
        ++at;
        continue;
      }
      if (!is_literal(inside)) {
        append_reference(out, trim(inside));
        at += end + 1;
        continue;
      }
    }
    if (rest[0] == '}' && !out.empty() && out.back() == kEnd) {
      ++at;
      continue;
    }
    const size_t address = address_length(rest, begins_word);
    if (address > 0) {
      out += kLink;
      out += kEnd;
      at += address;
    } else {
      out += rest[0];
      ++at;
    }
  }
  return out;
}

void drop_announced_address(std::string& marked, std::string_view announcement) {
  const std::string whole = std::string(announcement) + kLink + kEnd;
  replace_all(marked, whole, "");
}

std::string without_marks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != kReference && c != kLink && c != kEnd) out += c;
  }
  return out;
}

}  // namespace realm::markup
