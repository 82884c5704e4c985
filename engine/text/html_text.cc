#include "engine/text/html_text.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/base/utf8.h"

namespace realm {
namespace {

// The references that occur in extracted encyclopedia and news text; the other two thousand are
// left as they stand.
constexpr std::pair<std::string_view, char32_t> kNamed[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},      {"apos", '\''},
    {"nbsp", 0xA0},    {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"lsquo", 0x2018},
    {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"laquo", 0xAB},    {"raquo", 0xBB},
    {"copy", 0xA9},    {"reg", 0xAE},     {"deg", 0xB0},     {"plusmn", 0xB1},   {"middot", 0xB7},
    {"times", 0xD7},   {"divide", 0xF7},  {"frac12", 0xBD},  {"frac14", 0xBC},   {"frac34", 0xBE},
    {"sect", 0xA7},    {"para", 0xB6},    {"euro", 0x20AC},  {"pound", 0xA3},    {"yen", 0xA5},
    {"minus", 0x2212}, {"prime", 0x2032}, {"Prime", 0x2033}, {"thinsp", 0x2009}, {"ensp", 0x2002},
    {"emsp", 0x2003},  {"shy", 0xAD},     {"bull", 0x2022},  {"dagger", 0x2020}, {"trade", 0x2122}};

constexpr size_t kLongestReference = 12;

std::optional<char32_t> numeric_reference(std::string_view digits) {
  const bool hexadecimal = !digits.empty() && (digits.front() == 'x' || digits.front() == 'X');
  if (hexadecimal) digits.remove_prefix(1);
  uint32_t value = 0;
  const auto [end, status] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
  if (digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (status != std::errc() || value == 0 || value > 0x10FFFF || surrogate)
    return kReplacementCharacter;
  return static_cast<char32_t>(value);
}

// `name` is what stands between '&' and ';'.
std::optional<char32_t> reference(std::string_view name) {
  if (!name.empty() && name.front() == '#') return numeric_reference(name.substr(1));
  for (const auto& [known, value] : kNamed) {
    if (name == known) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string unescape_html(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text.find('&', at);
    plain += text.substr(at, begin == std::string_view::npos ? begin : begin - at);
    if (begin == std::string_view::npos) break;
    const std::string_view rest = text.substr(begin + 1, kLongestReference);
    const size_t end = rest.find(';');
    const std::optional<char32_t> value =
        end == std::string_view::npos ? std::nullopt : reference(rest.substr(0, end));
    if (value) {
      append_utf8(plain, *value);
      at = begin + 1 + end + 1;
    } else {
      plain += '&';
      at = begin + 1;
    }
  }
  return plain;
}

}  // namespace realm
