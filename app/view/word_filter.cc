#include "app/view/word_filter.h"

#include <algorithm>
#include <utility>

namespace realm::view {
namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

WordFilter::WordFilter(std::string_view filter) {
  std::string word;
  for (const char c : lowered(filter) + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words_.push_back(std::exchange(word, {}));
    }
  }
}

bool WordFilter::finds(std::string_view text) const {
  if (words_.empty()) return true;
  const std::string lower = lowered(text);
  return std::all_of(words_.begin(), words_.end(), [&](const std::string& word) {
    return lower.find(word) != std::string::npos;
  });
}

}  // namespace realm::view
