#include "app/view/word_diff.h"

#include <algorithm>
#include <string>
#include <vector>

#include "app/view/utf8.h"

namespace realm::view {
namespace {

constexpr size_t kMaxTable = 4'000'000;  // cells of the comparison

// A word with the spaces behind it.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    while (at < text.size() && !is_space(code_point_at(text, at).value))
      at += code_point_at(text, at).length;
    while (at < text.size() && is_space(code_point_at(text, at).value))
      at += code_point_at(text, at).length;
    words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

std::string_view trimmed(std::string_view word) {
  while (!word.empty() && (word.back() == ' ' || word.back() == '\n')) word.remove_suffix(1);
  return word;
}

enum class Change { kSame, kRemoved, kAdded };
struct Step {
  Change change = Change::kSame;
  std::string_view word;
};

// The longest common subsequence of words, walked from the front.
std::vector<Step> compare(const std::vector<std::string_view>& a,
                          const std::vector<std::string_view>& b) {
  std::vector<Step> steps;
  size_t head = 0;
  while (head < a.size() && head < b.size() && trimmed(a[head]) == trimmed(b[head])) {
    steps.push_back({Change::kSame, b[head++]});
  }
  size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         trimmed(a[a.size() - 1 - tail]) == trimmed(b[b.size() - 1 - tail])) {
    ++tail;
  }
  const size_t n = a.size() - head - tail, m = b.size() - head - tail;
  if (n * m <= kMaxTable) {
    std::vector<int> longest((n + 1) * (m + 1), 0);
    const auto at = [m](size_t i, size_t j) { return i * (m + 1) + j; };
    for (size_t i = n; i-- > 0;) {
      for (size_t j = m; j-- > 0;) {
        longest[at(i, j)] = trimmed(a[head + i]) == trimmed(b[head + j])
                                ? longest[at(i + 1, j + 1)] + 1
                                : std::max(longest[at(i + 1, j)], longest[at(i, j + 1)]);
      }
    }
    size_t i = 0, j = 0;
    while (i < n || j < m) {
      if (i < n && j < m && trimmed(a[head + i]) == trimmed(b[head + j])) {
        steps.push_back({Change::kSame, b[head + j]});
        ++i, ++j;
      } else if (j == m || (i < n && longest[at(i + 1, j)] >= longest[at(i, j + 1)])) {
        steps.push_back({Change::kRemoved, a[head + i++]});
      } else {
        steps.push_back({Change::kAdded, b[head + j++]});
      }
    }
  } else {
    for (size_t i = 0; i < n; ++i) steps.push_back({Change::kRemoved, a[head + i]});
    for (size_t j = 0; j < m; ++j) steps.push_back({Change::kAdded, b[head + j]});
  }
  for (size_t i = b.size() - tail; i < b.size(); ++i) steps.push_back({Change::kSame, b[i]});
  return steps;
}

}  // namespace

MarkedText diff_words(std::string_view before, std::string_view after, int context) {
  const std::vector<Step> steps = compare(split(before), split(after));
  const auto count = static_cast<int>(steps.size());
  std::vector<bool> shown(steps.size(), false);
  for (int i = 0; i < count; ++i) {
    if (steps[static_cast<size_t>(i)].change == Change::kSame) continue;
    for (int near = std::max(0, i - context); near <= std::min(count - 1, i + context); ++near) {
      shown[static_cast<size_t>(near)] = true;
    }
  }
  MarkedText marked;
  bool skipped = false;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (!shown[i]) {
      skipped = true;
      continue;
    }
    if (skipped) marked.text += "\u2026 ";
    skipped = false;
    const std::string_view word = trimmed(steps[i].word);
    const size_t begin = marked.text.size();
    marked.text += word;
    if (steps[i].change != Change::kSame) {
      const MarkKind kind =
          steps[i].change == Change::kRemoved ? MarkKind::kRemoved : MarkKind::kAdded;
      // Neighbouring words of one kind are one mark, with the space between them.
      if (!marked.marks.empty() && marked.marks.back().kind == kind &&
          marked.marks.back().range.end + 1 == begin) {
        marked.marks.back().range.end = marked.text.size();
      } else {
        marked.marks.push_back({{begin, marked.text.size()}, kind});
      }
    }
    marked.text += ' ';
  }
  if (skipped && !marked.text.empty()) {
    marked.text += "\u2026";
  } else if (!marked.text.empty()) {
    marked.text.pop_back();
  }
  return marked;
}

}  // namespace realm::view
