#include "app/view/history.h"

#include <utility>

namespace realm::view {

History::History(std::vector<std::string> entries) : entries_(std::move(entries)) {
  if (entries_.size() > kMaxEntries) {
    entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(kMaxEntries));
  }
  at_ = entries_.empty() ? 0 : entries_.size() - 1;
}

void History::add(std::string_view question) {
  if (!entries_.empty() && entries_[at_] == question) return;
  if (!entries_.empty()) entries_.resize(at_ + 1);
  entries_.emplace_back(question);
  if (entries_.size() > kMaxEntries) entries_.erase(entries_.begin());
  at_ = entries_.size() - 1;
}

std::optional<std::string> History::back() {
  if (!can_go_back()) return std::nullopt;
  return entries_[--at_];
}

std::optional<std::string> History::forward() {
  if (!can_go_forward()) return std::nullopt;
  return entries_[++at_];
}

}  // namespace realm::view
