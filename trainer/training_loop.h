// TrainingLoop: the steps of one run, the same for every task: schedule, update, numbers,
// measurements, checkpoints, controls (DESIGN.md 5.4; REALM_SPEC 5.5). Thread rule: one owner; it
// blocks until the run ends.
#pragma once

#include <filesystem>

#include "trainer/parallel/rank_group.h"
#include "trainer/stop_signals.h"
#include "trainer/training_run.h"
#include "trainer/training_task.h"

namespace realm {

class TrainingLoop {
 public:
  // What a run lends to its loop, for as long as the loop lives.
  struct Parts {
    const TrainOptions& options;
    std::filesystem::path folder;  // of the run
    RunWriter& run;
    TrainingTask& task;
    const TrainingReport& report;  // may be empty
    const StopSignals& signals;
    RankGroup& ranks;  // the first alone measures, records and saves
  };
  explicit TrainingLoop(Parts parts);

  AdamWeightDecay& optimizer() { return optimizer_; }

  // Steps `first` (0: all) to options.steps. Ends early, with kStopped, when a control or a signal
  // asks for it. Throws Error{kCorruptData} naming step and tensor when a number is not finite: the
  // newest checkpoint is then the last good one; and all errors of save_checkpoint.
  RunState go(int64_t first);

 private:
  struct Window;  // what was done since the last row of numbers
  struct Update {
    Metrics metrics;
    double rate = 0, norm = 0;  // the learning rate; of the gradient before clipping
  };
  Update update(int64_t step);
  std::optional<RunState> obey_controls(int64_t step);
  std::vector<ControlCommand> take_commands();
  [[noreturn]] void fail_at(int64_t step, double loss) const;
  void log(int64_t step, const Update& last, const Window& window);
  void evaluate(int64_t step);
  void checkpoint(int64_t step);

  Parts parts_;
  const TrainOptions& o_;
  std::vector<torch::Tensor> parameters_;  // of the optimizer, in the same order at every rank
  AdamWeightDecay optimizer_;
  int64_t saved_step_ = -1;
  bool stop_and_save_ = false;  // a control asked for it
};

}  // namespace realm
