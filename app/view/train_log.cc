#include "app/view/train_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/view/word_filter.h"

namespace realm::view {
namespace {

// Whether the trainer that ran last has told an error itself.
bool tells_its_error(const std::vector<RunEvent>& events) {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (is_error(*event)) return true;
    if (event->kind == "resume") return false;  // what is before it is of another trainer
  }
  return false;
}

}  // namespace

bool is_error(const RunEvent& event) { return event.kind == "error"; }

ShownLog shown_log(const RunSummary& run, const RunDetail& detail, std::string_view filter) {
  const WordFilter words(filter);
  ShownLog log;
  const auto add = [&](const RunEvent& event) {
    if (!words.is_empty() && !words.finds(event.kind + " " + event.message)) return;
    if (is_error(event)) log.errors.push_back(log.lines.size());
    log.lines.push_back(&event);
  };
  for (const RunEvent& event : *detail.events) add(event);
  const bool went_wrong = run.state == RunState::kFailed || run.state == RunState::kLost;
  if (went_wrong && !tells_its_error(*detail.events)) {
    log.ending = std::make_unique<const RunEvent>(
        RunEvent{"error", run.step, state_sentence(run, /*unix_seconds=*/0), "",
                 run.ended > 0 ? run.ended : run.heartbeat});
    add(*log.ending);
  }
  return log;
}

std::string key_of(const RunEvent& event) {
  return fmt::format("{} {} {}: {}", event.time, event.step, event.kind, event.message);
}

std::optional<size_t> find_line(const ShownLog& log, std::string_view key) {
  if (key.empty()) return std::nullopt;
  // Only errors are marked.
  for (const size_t line : log.errors) {
    if (key_of(*log.lines[line]) == key) return line;
  }
  return std::nullopt;
}

std::optional<size_t> next_error(const ShownLog& log, std::optional<size_t> marked, int by) {
  const std::vector<size_t>& errors = log.errors;
  if (errors.empty()) return std::nullopt;
  if (by > 0) {
    const auto after =
        marked ? std::upper_bound(errors.begin(), errors.end(), *marked) : errors.begin();
    return after == errors.end() ? errors.front() : *after;
  }
  const auto from = marked ? std::lower_bound(errors.begin(), errors.end(), *marked) : errors.end();
  return from == errors.begin() ? errors.back() : *(from - 1);
}

std::string errors_text(const ShownLog& log, std::optional<size_t> marked) {
  if (log.errors.empty()) return "no errors";
  const auto count = static_cast<int64_t>(log.errors.size());
  const auto at =
      marked ? std::find(log.errors.begin(), log.errors.end(), *marked) : log.errors.end();
  if (at == log.errors.end()) return format_counted(count, "error");
  return fmt::format("error {} of {}", format_count(at - log.errors.begin() + 1),
                     format_count(count));
}

std::string clock_text(UnixMillis time) {
  const auto seconds = static_cast<std::time_t>(time / 1000);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string log_text(const ShownLog& log) {
  std::string text;
  for (const RunEvent* event : log.lines) {
    text += fmt::format("{}\t{}\t{}\t{}\n", clock_text(event->time), event->step, event->kind,
                        event->message);
  }
  return text;
}

}  // namespace realm::view
