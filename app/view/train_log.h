// The log of a run as the window shows it: the lines that are searched for, the errors among them,
// the way from one error to the next, and the lines as text.
//
// Plain values and pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/train_messages.h"

namespace realm::view {

// Lives no longer than the detail that it was made of.
struct ShownLog {
  std::vector<const RunEvent*> lines{};
  std::vector<size_t> errors{};  // of the lines, ascending
  // Why the run ended, where no event of its last trainer tells it: its last line.
  std::unique_ptr<const RunEvent> ending{};
};

// The lines that hold every word of the filter (ASCII case ignored).
ShownLog shown_log(const RunSummary& run, const RunDetail& detail, std::string_view filter);

bool is_error(const RunEvent& event);

// Tells one line from another.
std::string key_of(const RunEvent& event);
// The line of that key; nullopt: none of the lines has it.
std::optional<size_t> find_line(const ShownLog& log, std::string_view key);

// The error before (by -1) or after (by 1) the marked line, from the first on to the last and the
// other way around; without a mark the first, or the last. nullopt: no line is an error.
std::optional<size_t> next_error(const ShownLog& log, std::optional<size_t> marked, int by);
// "2 errors", "error 1 of 2" where that one is marked, "no errors".
std::string errors_text(const ShownLog& log, std::optional<size_t> marked);

// The time of day here, "14:05:09".
std::string clock_text(UnixMillis time);
// All the lines with tabs between their parts: time, step, kind, message.
std::string log_text(const ShownLog& log);

}  // namespace realm::view
