// TrainingTask: what one kind of training does in a step; the loop around it
// (trainer/training_loop.h) is the same for all. Thread rule: one owner; a task may run threads of
// its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/torch.h"
#include "storage/run_database.h"
#include "trainer/optimizer.h"

namespace realm {

// Tensors and a JSON object that, with the parameters and the optimizer's moments, are all of a
// task's state.
struct TaskState {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  std::string json;
};

using Metrics = std::vector<std::pair<std::string, double>>;

class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  virtual std::vector<AdamWeightDecay::Group> parameter_groups() = 0;
  // Makes what a run that begins needs before its first step or measurement; one that goes on calls
  // restore instead. May block for as long as embedding the corpus takes.
  virtual void begin() {}
  // Leaves the gradients of step `step` in the parameters and returns what was measured on the way;
  // "loss" comes first.
  virtual Metrics step(int64_t step, RunWriter& run) = 0;
  // Measurements on held-out examples, names prefixed "held_out/". The same examples each time.
  virtual Metrics evaluate() = 0;
  // Measures the probe queries (options.probes) into the run's record. None: nothing to do.
  virtual void measure_probes(int64_t step, RunWriter& run) = 0;
  // A person asks for a refresh of the index before step `step`. A task that has none says so in
  // the run's record.
  virtual void refresh_now(int64_t step, RunWriter& run) {
    run.append_event({"control", step,
                      "A refresh of the index was asked for, but this task has no index.", "", 0});
  }
  // The same in a run that goes on from before `step`, where an earlier trainer was asked for it.
  virtual void repeat_refresh(int64_t /*step*/) {}
  // Writes the models as Hugging Face folders below `folder`, which exists.
  virtual void save_models(const std::filesystem::path& folder) const = 0;
  virtual TaskState state() const = 0;
  virtual void restore(const std::string& json,
                       const std::vector<std::pair<std::string, torch::Tensor>>& tensors) = 0;
};

}  // namespace realm
