#include "app/cli/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

namespace realm {
namespace {

using Clock = std::chrono::steady_clock;

// Draws one stage after another; lives as long as the callback that holds it.
class ProgressLine {
 public:
  explicit ProgressLine(bool is_terminal) : is_terminal_(is_terminal) {}
  ~ProgressLine() {
    if (drawn_) fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress) {
    const Clock::time_point now = Clock::now();
    const bool begins = progress.stage != stage_;
    const bool ends = progress.total > 0 && progress.done >= progress.total;
    const auto pause =
        is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(3000);
    if (!begins && !ends && now - last_ < pause) return;
    if (begins) {
      stage_ = progress.stage;
      said_end_ = false;
    }
    if (ends && said_end_) return;
    said_end_ = ends;
    last_ = now;
    if (is_terminal_) {
      draw(progress);
    } else {
      fmt::print(stderr, "{}\n", describe(progress));
    }
    std::fflush(stderr);
  }

 private:
  static std::string describe(const Progress& progress) {
    if (progress.total <= 0) {
      return progress.done > 0 ? fmt::format("{}: {}", progress.stage, progress.done)
                               : progress.stage;
    }
    return fmt::format("{}: {} of {}", progress.stage, progress.done, progress.total);
  }

  void draw(const Progress& progress) {
    constexpr int64_t kCells = 24;
    std::string bar;
    if (progress.total > 0) {
      const int64_t full = std::clamp<int64_t>(progress.done * kCells / progress.total, 0, kCells);
      bar = fmt::format("[{}{}] {:3d} %  ", std::string(static_cast<size_t>(full), '='),
                        std::string(static_cast<size_t>(kCells - full), ' '),
                        progress.done * 100 / progress.total);
    }
    fmt::print(stderr, "\r\x1b[K{}{}", bar, describe(progress));
    drawn_ = true;
  }

  bool is_terminal_;
  bool drawn_ = false, said_end_ = false;
  std::string stage_;
  Clock::time_point last_;
};

}  // namespace

void Console::text(std::string_view lines) const {
  if (!json) fmt::print("{}\n", lines);
}

void Console::document(std::string_view document) const { fmt::print("{}\n", document); }

void Console::note(std::string_view sentence) const {
  if (!quiet) fmt::print(stderr, "{}\n", sentence);
}

ProgressCallback Console::progress() const {
  if (quiet) return {};
  const auto line = std::make_shared<ProgressLine>(isatty(STDERR_FILENO) == 1);
  return [line](const Progress& progress) { line->show(progress); };
}

}  // namespace realm
