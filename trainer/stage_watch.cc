#include "trainer/stage_watch.h"

#include <thread>

#include "engine/base/progress_text.h"

namespace realm {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{100};

}  // namespace

bool StageWatch::goes_on(const Progress& stage) {
  return std::chrono::steady_clock::now() < next_look_ ? !stops_ : goes_on_now(stage);
}

bool StageWatch::goes_on_now(const Progress& stage) {
  next_look_ = std::chrono::steady_clock::now() + kBetweenLooks;
  while (obey()) {
    run_.heartbeat(step_, progress_text(stage));
    if (!paused_) return true;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return false;
}

bool StageWatch::obey() {
  for (const Control& control : run_.take_controls()) {
    switch (control.command) {
      case ControlCommand::kStopAndSave:
      case ControlCommand::kStopNow:
        stops_ = true;
        break;
      case ControlCommand::kPause:
      case ControlCommand::kResume:
        paused_ = control.command == ControlCommand::kPause;
        run_.set_paused(paused_);
        break;
      case ControlCommand::kCheckpointNow:
      case ControlCommand::kRefreshNow:
        run_.append_event({"control", step_,
                           control.command == ControlCommand::kCheckpointNow
                               ? "A checkpoint was asked for, but nothing new is trained yet."
                               : "A refresh of the index was asked for, but it is yet to be made.",
                           "", 0});
        break;
    }
  }
  stops_ = stops_ || signals_.arrived();
  return !stops_;
}

}  // namespace realm
