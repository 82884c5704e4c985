#include "app/workbench/frame_report.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "engine/base/error.h"

namespace realm::workbench {
namespace {

int64_t microseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

}  // namespace

FrameReport::FrameReport(const std::filesystem::path& file)
    : file_(std::fopen(file.c_str(), "w"), &std::fclose) {
  if (!file_) {
    throw Error(ErrorCode::kIo, fmt::format("The frame report {} cannot be written: {}.",
                                            file.string(), std::strerror(errno)));
  }
  begin_frame();
}

FrameReport::Moment FrameReport::now() {
  return {microseconds(CLOCK_MONOTONIC), microseconds(CLOCK_THREAD_CPUTIME_ID)};
}

void FrameReport::begin_frame() { begin_ = now(); }
void FrameReport::begin_swap() { swap_begin_ = now(); }
void FrameReport::end_swap() { swap_end_ = now(); }

bool FrameReport::end_frame(bool settled) {
  const Moment end = now();
  const auto without_swap = [&](int64_t Moment::*time) {
    return (swap_begin_.*time - begin_.*time) + (end.*time - swap_end_.*time);
  };
  const std::string line = fmt::format(
      "{{\"shown_us\": {}, \"thread_cpu_us\": {}, \"ui_us\": {}, \"ui_cpu_us\": {}, \"settled\": "
      "{}}}\n",
      swap_end_.clock_us, swap_end_.cpu_us, without_swap(&Moment::clock_us),
      without_swap(&Moment::cpu_us), settled);
  std::fputs(line.c_str(), file_.get());
  std::fflush(file_.get());
  if (settled) ++settled_frames_;
  return settled && settled_frames_ < kSettledFrames;
}

}  // namespace realm::workbench
