// RegularExpression: whether and where a text matches, in time that grows with the text alone, so
// that no expression can hang a search (RE2). The syntax is RE2's, Perl's without back references
// and looking around: (?i) at the beginning leaves case out; `.` is any character but a line end; ^
// and $ are the ends of the text; \w, \d, \s and \b know ASCII, \p{L} the letters of all scripts.
// Characters are code points of UTF-8.
//
// Thread-safe. Does not block.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace realm {

class RegularExpression {
 public:
  // Throws Error{kInvalidArgument} with one sentence that says what is wrong.
  explicit RegularExpression(std::string_view expression);
  ~RegularExpression();
  RegularExpression(RegularExpression&&) noexcept;
  RegularExpression& operator=(RegularExpression&&) noexcept;

  // The expression that finds a text as it stands, case left out.
  static std::string of_text(std::string_view text);

  // Whether any part of the text matches. After a request to stop: false, without a look.
  bool found_in(std::string_view text, const std::stop_token& stop = {}) const;

  // The first matches that are not empty, longest at their place, as [begin, end) in bytes,
  // ascending and apart. For texts on screen: only the first 64 KiB are looked through.
  std::vector<std::pair<size_t, size_t>> find(std::string_view text, size_t most) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace realm
