// The questions asked before, for going back and forward. A value; not thread-safe beyond that.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace realm::view {

class History {
 public:
  static constexpr size_t kMaxEntries = 200;

  History() = default;
  explicit History(std::vector<std::string> entries);

  // A question was asked: what lay forward is forgotten, an immediate repetition is not kept twice.
  void add(std::string_view question);

  bool can_go_back() const { return at_ > 0; }
  bool can_go_forward() const { return at_ + 1 < entries_.size(); }
  std::optional<std::string> back();
  std::optional<std::string> forward();

  const std::vector<std::string>& entries() const { return entries_; }  // oldest first

 private:
  std::vector<std::string> entries_;
  size_t at_ = 0;  // the question on screen
};

}  // namespace realm::view
