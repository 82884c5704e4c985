#include "app/view/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

namespace realm::view {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void append(std::string& out, char32_t value) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(value), bytes);
  for (utf8proc_ssize_t i = 0; i < length; ++i) out += static_cast<char>(bytes[i]);
}

bool is_mark(char32_t c) {
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

}  // namespace

CodePoint code_point_at(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  utf8proc_int32_t value = 0;
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                       static_cast<utf8proc_ssize_t>(text.size() - at), &value);
  if (length <= 0 || value < 0) return {kReplacement, 1};
  return {static_cast<char32_t>(value), static_cast<size_t>(length)};
}

size_t snap_to_border(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  // A code point has at most three continuation bytes; more of them are invalid bytes, each a
  // border of its own.
  size_t back = at;
  while (back > 0 && at - back < 3 && (static_cast<unsigned char>(text[back]) & 0xC0) == 0x80)
    --back;
  return back + code_point_at(text, back).length > at ? back : at;
}

size_t next_stop(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  at += code_point_at(text, at).length;
  while (at < text.size()) {
    const CodePoint next = code_point_at(text, at);
    if (!is_mark(next.value)) break;
    at += next.length;
  }
  return at;
}

size_t previous_stop(std::string_view text, size_t at) {
  at = std::min(at, text.size());
  while (at > 0) {
    at = snap_to_border(text, at - 1);
    if (!is_mark(code_point_at(text, at).value)) break;
  }
  return at;
}

bool is_word_character(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

bool is_space(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' ||
         utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_ZS;
}

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    append(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c.value))));
    at += c.length;
  }
  return out;
}

std::string match_key(std::string_view word) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                   static_cast<utf8proc_ssize_t>(word.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                  UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK));
  if (length < 0) return fold_case(word);  // invalid UTF-8
  std::string key(reinterpret_cast<const char*>(mapped), static_cast<size_t>(length));
  std::free(mapped);
  return key;
}

std::string clean_input(std::string_view text, bool keep_newlines) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.length;
    if (c.value == U'\r' && at < text.size() && text[at] == '\n') continue;
    if (c.value == U'\n' || c.value == U'\r') {
      out += keep_newlines ? '\n' : ' ';
    } else if (c.value == U'\t') {
      out += ' ';
    } else if (c.value >= 0x20 && !(c.value >= 0x7F && c.value < 0xA0)) {
      append(out, c.value);
    }
  }
  return out;
}

std::string shorten(std::string_view text, size_t max_characters) {
  size_t count = 0;
  size_t cut = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    if (count + 1 == max_characters) cut = at;
    if (count == max_characters) return std::string(text.substr(0, cut)) + "\u2026";
    at = next_stop(text, at);
  }
  return std::string(text);
}

}  // namespace realm::view
