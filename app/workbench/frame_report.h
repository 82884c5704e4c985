// FrameReport: what each frame costs the GUI thread, a JSON object a line, as --frame-report asks
// and the benchmarks read:
//   {"shown_us": 81234567, "thread_cpu_us": 431000, "ui_us": 812, "ui_cpu_us": 790, "settled":
//   true}
// shown_us: when its buffer swap had ended, CLOCK_MONOTONIC; thread_cpu_us: the thread's processor
// time since the program started; ui_us: from the end of the wait for events until the next wait,
// without the swap, which may wait for the display; ui_cpu_us: the thread's processor time of the
// same stretch; settled: everything that was asked for is on screen.
//
// GUI thread only. Lines are written between frames, outside what is measured.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace realm::workbench {

class FrameReport {
 public:
  static constexpr int kSettledFrames = 100;  // drawn once everything is on screen

  // The first frame begins here. Throws Error{kIo}.
  explicit FrameReport(const std::filesystem::path& file);

  void begin_frame();  // the wait for events is over
  void begin_swap();
  void end_swap();
  // The frame is on screen and its actions are done. True: draw another at once, as too few settled
  // ones were seen to tell what one costs.
  bool end_frame(bool settled);

 private:
  struct Moment {
    int64_t clock_us = 0, cpu_us = 0;
  };
  static Moment now();

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  Moment begin_{}, swap_begin_{}, swap_end_{};
  int settled_frames_ = 0;
};

}  // namespace realm::workbench
