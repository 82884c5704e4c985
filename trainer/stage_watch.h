// StageWatch: the stages before a run's first step tell how far they have come, and heed controls
// and signals, which the training loop does later (trainer/training_loop.h). Nothing new is trained
// yet, so that stop-and-save has nothing to save. Thread rule: one owner.
#pragma once

#include <chrono>
#include <cstdint>

#include "engine/base/progress.h"
#include "storage/run_database.h"
#include "trainer/stop_signals.h"

namespace realm {

class StageWatch {
 public:
  // Both must live as long as the watch. `step` is what the run has done before.
  StageWatch(RunWriter& run, const StopSignals& signals, int64_t step = 0)
      : run_(run), signals_(signals), step_(step) {}

  // Cheap: it looks ten times a second at most. While the run is paused it waits. False: the run is
  // to stop.
  bool goes_on(const Progress& stage);
  // The same without that limit, for places that are passed once.
  bool goes_on_now(const Progress& stage);
  bool stops() const { return stops_; }  // it was told to

 private:
  bool obey();  // false: the run is to stop

  RunWriter& run_;
  const StopSignals& signals_;
  int64_t step_;
  std::chrono::steady_clock::time_point next_look_{};
  bool paused_ = false, stops_ = false;
};

}  // namespace realm
