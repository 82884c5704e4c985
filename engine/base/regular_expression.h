// RegularExpression: whether and where a text matches, in time that grows with the text alone: an
// automaton is built state by state as texts need it (Thompson's construction), so no expression
// can hang a search or overflow a stack, as backtracking matchers do.
//
//   abc  .  [a-z]  [^a-z]  \d \w \s \D \W \S  ^ $  \b \B  (...)  (?:...)  a|b  * + ? {m} {m,} {m,n}
//   \t \n \x41 \x{20AC}  \. \\ and so on;  (?i) at the beginning: case does not count.
//
// Characters are code points of UTF-8. `.` is any but a line end; ^ and $ are the ends of the text.
// \w is an ASCII letter, digit or underscore, and in other scripts any character of the blocks that
// hold letters. (?i) knows the Latin, Greek and Cyrillic alphabets. No back references, no looking
// around; groups are not captured. A `?` after a repetition (the shortest match) is read and makes
// no difference.
//
// One owner: matching builds the automaton (at most a few MB). Does not block.
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
  // Throws Error{kInvalidArgument} with one sentence that says what is wrong and where, the
  // characters of the expression counted from 1.
  explicit RegularExpression(std::string_view expression);
  ~RegularExpression();
  RegularExpression(RegularExpression&&) noexcept;
  RegularExpression& operator=(RegularExpression&&) noexcept;

  // The expression that finds a text as it stands, case left out.
  static std::string of_text(std::string_view text);

  // Whether any part of the text matches. A few nanoseconds a character. Ends early, with any
  // answer, soon after a request to stop.
  bool found_in(std::string_view text, const std::stop_token& stop = {});

  // The first matches that are not empty, longest at their place, as [begin, end) in bytes,
  // ascending and apart. For texts on screen: in the worst case quadratic, so only the first 64 KiB
  // are looked through.
  std::vector<std::pair<size_t, size_t>> find(std::string_view text, size_t most);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace realm
