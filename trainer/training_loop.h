// TrainingLoop: the steps of one run, the same for every task: schedule, update, numbers,
// measurements, checkpoints, controls (DESIGN.md 5.4; REALM_SPEC 5.5). Thread rule: one owner; it
// blocks until the run ends.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "trainer/parallel/rank_group.h"
#include "trainer/stop_signals.h"
#include "trainer/throughput.h"
#include "trainer/training_run.h"
#include "trainer/training_task.h"

namespace realm {

double steady_seconds();  // since some moment; never goes back

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
    int64_t& reached;  // the steps that are done, for whoever tells how the run ended
    std::function<double()> clock = steady_seconds;
  };
  explicit TrainingLoop(Parts parts);

  AdamWeightDecay& optimizer() { return optimizer_; }

  // Steps `first` (0: all) to options.steps. Ends early, with kStopped, when a control or a signal
  // asks for it. Throws Error{kCorruptData} naming step and tensor when a number is not finite: the
  // newest checkpoint is then the last good one; and all errors of save_checkpoint.
  RunState go(int64_t first);

  // To be called, as often as one likes, by what takes its time within a measurement or while it
  // waits for an index: says that the run lives and does `stage`, waits while it is paused, and
  // throws Error{kCancelled} where it is to stop, which the loop then does. Where ranks train
  // together, only a measurement ends early: it is the first rank's alone, a step is not.
  void look(const std::string& stage);

 private:
  struct Update {
    Metrics metrics;
    double rate = 0, norm = 0;  // the learning rate; of the gradient before clipping
  };
  std::optional<Update> update(
      int64_t step);  // nullopt: a look ended it before it changed anything
  template <typename Work>
  bool completes(const Work& work);  // false: a look ended it
  bool is_to_stop() const;
  std::optional<RunState> obey_controls(int64_t step);
  std::vector<ControlCommand> take_commands();
  [[noreturn]] void fail_at(int64_t step, double loss) const;
  void log(int64_t step, const Update& last, const Throughput& throughput);
  void evaluate(int64_t step);
  void measure(int64_t step);
  void checkpoint(int64_t step);

  Parts parts_;
  const TrainOptions& o_;
  std::vector<torch::Tensor> leaves_;  // of the optimizer, each once; at every rank in that order
  AdamWeightDecay optimizer_;
  int64_t saved_step_ = -1;
  bool stop_and_save_ = false;  // a control asked for it
  // Of looks.
  std::vector<ControlCommand> asked_;  // taken, and not obeyed yet
  std::chrono::steady_clock::time_point next_look_{};
  bool measures_ = false;   // the first rank, by itself
  bool has_ended_ = false;  // a look threw
};

}  // namespace realm
