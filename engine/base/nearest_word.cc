#include "engine/base/nearest_word.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace realm {
namespace {

char lower_ascii(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

}  // namespace

std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  const size_t allowed = word.size() <= 4 ? 1 : 2;
  size_t best = allowed + 1;
  std::optional<std::string_view> nearest;
  for (const std::string_view candidate : candidates) {
    // Damerau-Levenshtein distance with three rows: a swap of neighbours counts as one edit.
    std::vector<size_t> before_last(candidate.size() + 1), last(candidate.size() + 1),
        row(candidate.size() + 1);
    std::iota(last.begin(), last.end(), size_t{0});
    for (size_t i = 1; i <= word.size(); ++i) {
      row[0] = i;
      for (size_t j = 1; j <= candidate.size(); ++j) {
        const size_t replaced =
            last[j - 1] + (lower_ascii(word[i - 1]) == lower_ascii(candidate[j - 1]) ? 0 : 1);
        row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
        if (i > 1 && j > 1 && word[i - 1] == candidate[j - 2] && word[i - 2] == candidate[j - 1]) {
          row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
      }
      before_last.swap(last);
      last.swap(row);
    }
    if (last[candidate.size()] < best) {
      best = last[candidate.size()];
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace realm
