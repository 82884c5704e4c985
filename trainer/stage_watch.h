// StageWatch: a long stage before a run's first step tells how far it has come, and heeds controls
// and signals, which the training loop does later (trainer/training_loop.h). Nothing is trained
// yet, so that stop-and-save has nothing to save. Thread rule: one owner.
#pragma once

#include <chrono>

#include "engine/base/progress.h"
#include "storage/run_database.h"
#include "trainer/stop_signals.h"

namespace realm {

class StageWatch {
 public:
  // Both must live as long as the watch.
  StageWatch(RunWriter& run, const StopSignals& signals) : run_(run), signals_(signals) {}

  // Cheap: it looks ten times a second at most. While the run is paused it waits. False: the run is
  // to stop.
  bool goes_on(const Progress& stage);

 private:
  bool obey();  // false: the run is to stop

  RunWriter& run_;
  const StopSignals& signals_;
  std::chrono::steady_clock::time_point next_look_{};
  bool paused_ = false, stops_ = false;
};

}  // namespace realm
