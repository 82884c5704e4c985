#include "engine/evaluation/answer_match.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <regex>
#include <unordered_map>
#include <vector>

#include "engine/base/utf8.h"

namespace realm {
namespace {

using CodePoint = utf8proc_int32_t;

constexpr CodePoint kCapitalSigma = 0x03A3, kFinalSigma = 0x03C2, kSigma = 0x03C3;

std::vector<CodePoint> decode(std::string_view text) {
  std::vector<CodePoint> points;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint point = decode_utf8(text, at);
    points.push_back(static_cast<CodePoint>(point.value));
    at += point.length;
  }
  return points;
}

std::string encode(const std::vector<CodePoint>& points) {
  std::string text;
  for (const CodePoint point : points) append_utf8(text, static_cast<char32_t>(point));
  return text;
}

// Canonical decomposition (NFD), marks in canonical order.
std::vector<CodePoint> decompose(const std::vector<CodePoint>& points) {
  std::vector<CodePoint> result;
  std::array<CodePoint, 32> parts;  // one code point has at most 18
  for (const CodePoint point : points) {
    int last_class = 0;
    const utf8proc_ssize_t count =
        utf8proc_decompose_char(point, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
                                UTF8PROC_DECOMPOSE, &last_class);
    if (count > 0) {
      result.insert(result.end(), parts.begin(), parts.begin() + count);
    } else {
      result.push_back(point);
    }
  }
  const auto combining_class = [](CodePoint p) {
    return utf8proc_get_property(p)->combining_class;
  };
  for (size_t i = 0; i < result.size();) {
    if (combining_class(result[i]) == 0) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < result.size() && combining_class(result[end]) != 0) ++end;
    std::stable_sort(
        result.begin() + static_cast<std::ptrdiff_t>(i),
        result.begin() + static_cast<std::ptrdiff_t>(end),
        [&](CodePoint a, CodePoint b) { return combining_class(a) < combining_class(b); });
    i = end;
  }
  return result;
}

bool is_cased(CodePoint point) {
  const utf8proc_category_t category = utf8proc_category(point);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT;
}

// What stands between letters without ending a word, as far as the final sigma is concerned.
bool is_case_ignorable(CodePoint point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return point == '\'' || point == '.' || point == ':' || point == 0xB7 || point == 0x2019;
  }
}

bool ends_word_with_sigma(const std::vector<CodePoint>& points, size_t at) {
  bool letter_before = false;
  for (size_t i = at; i-- > 0;) {
    if (is_case_ignorable(points[i])) continue;
    letter_before = is_cased(points[i]);
    break;
  }
  if (!letter_before) return false;
  for (size_t i = at + 1; i < points.size(); ++i) {
    if (!is_case_ignorable(points[i])) return !is_cased(points[i]);
  }
  return true;
}

void lower_case(std::vector<CodePoint>& points) {
  const std::vector<CodePoint> before = points;
  for (size_t i = 0; i < points.size(); ++i) {
    if (before[i] == kCapitalSigma) {
      points[i] = ends_word_with_sigma(before, i) ? kFinalSigma : kSigma;
    } else {
      points[i] = utf8proc_tolower(before[i]);
    }
  }
}

bool is_ascii_punctuation(CodePoint point) {
  return (point >= 33 && point <= 47) || (point >= 58 && point <= 64) ||
         (point >= 91 && point <= 96) || (point >= 123 && point <= 126);
}

// A letter or a number of any script, or the underscore (which is gone by the time words are looked
// for).
bool is_word_character(CodePoint point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return point == '_';
  }
}

bool is_space(CodePoint point) {
  if ((point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x20) || point == 0x85)
    return true;
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

bool is_article(const CodePoint* word, size_t length) {
  if (length == 1) return word[0] == 'a';
  if (length == 2) return word[0] == 'a' && word[1] == 'n';
  return length == 3 && word[0] == 't' && word[1] == 'h' && word[2] == 'e';
}

std::vector<std::string> split_words(const std::string& normalized) {
  std::vector<std::string> words;
  size_t begin = 0;
  while (begin < normalized.size()) {
    const size_t end = std::min(normalized.find(' ', begin), normalized.size());
    words.push_back(normalized.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

// Lower case, so that the match ignores the case of every script; what follows a backslash has a
// meaning of its own.
std::wstring lower_pattern(std::string_view pattern) {
  std::wstring lowered;
  bool escaped = false;
  for (const CodePoint point : decode(pattern)) {
    lowered.push_back(static_cast<wchar_t>(escaped ? point : utf8proc_tolower(point)));
    escaped = !escaped && point == '\\';
  }
  return lowered;
}

}  // namespace

std::string normalize_answer(std::string_view text) {
  std::vector<CodePoint> points = decompose(decode(text));
  lower_case(points);
  points.erase(std::remove_if(points.begin(), points.end(), is_ascii_punctuation), points.end());

  std::vector<CodePoint> result;
  bool wants_space = false;
  for (size_t i = 0; i < points.size();) {
    size_t end = i + 1;
    if (is_word_character(points[i])) {
      while (end < points.size() && is_word_character(points[end])) ++end;
    }
    if (is_space(points[i]) || is_article(points.data() + i, end - i)) {
      wants_space = !result.empty();
    } else {
      if (wants_space) result.push_back(' ');
      wants_space = false;
      result.insert(result.end(), points.begin() + static_cast<std::ptrdiff_t>(i),
                    points.begin() + static_cast<std::ptrdiff_t>(end));
    }
    i = end;
  }
  return encode(result);
}

bool exact_match(std::string_view prediction, std::string_view answer) {
  return normalize_answer(prediction) == normalize_answer(answer);
}

bool exact_match_any(std::string_view prediction, std::span<const std::string> answers) {
  const std::string normalized = normalize_answer(prediction);
  return std::any_of(answers.begin(), answers.end(), [&](const std::string& answer) {
    return normalize_answer(answer) == normalized;
  });
}

double token_f1(std::string_view prediction, std::string_view answer) {
  const std::vector<std::string> predicted = split_words(normalize_answer(prediction));
  const std::vector<std::string> wanted = split_words(normalize_answer(answer));
  if (predicted.empty() || wanted.empty()) return predicted.empty() && wanted.empty() ? 1.0 : 0.0;
  std::unordered_map<std::string, int> left;
  for (const std::string& word : wanted) ++left[word];
  int common = 0;
  for (const std::string& word : predicted) {
    if (left[word]-- > 0) ++common;
  }
  if (common == 0) return 0;
  const double precision = static_cast<double>(common) / static_cast<double>(predicted.size());
  const double recall = static_cast<double>(common) / static_cast<double>(wanted.size());
  return 2 * precision * recall / (precision + recall);
}

bool regex_match(std::string_view prediction, std::string_view pattern) {
  constexpr size_t kMaxPrediction =
      2000;  // the standard library's matcher recurses once a character
  std::wstring text;
  for (const CodePoint point : decode(prediction.substr(0, kMaxPrediction))) {
    text.push_back(static_cast<wchar_t>(utf8proc_tolower(point)));
  }
  try {
    const std::wregex expression(lower_pattern(pattern),
                                 std::regex::ECMAScript | std::regex::multiline);
    return std::regex_search(text, expression, std::regex_constants::match_continuous);
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace realm
