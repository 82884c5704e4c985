// One training run from its folder: runs/<id>/config.json says what to do, checkpoints/ where it
// was, runs.sqlite what it measured (DESIGN.md 5.4, 5.5). Killed at any moment and started again,
// it goes on from its newest checkpoint.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "storage/run_database.h"
#include "trainer/options.h"

namespace realm {

// Makes runs/<id>/ with config.json in the options' workspace, and its row. Returns the run's
// folder. Where the options name no initial model, see with_vocabulary in
// trainer/initial_model.h. Throws Error{kInvalidArgument, kNotFound, kIo}. Free of LibTorch.
std::filesystem::path create_run(const TrainOptions& options);

// Throws Error{kInvalidArgument} where a vocabulary would take the place of the one that a model's
// weights belong to; create_run does so too. Free of LibTorch.
void require_new_vocabulary(const TrainOptions& options);

struct TrainingProgress {
  int64_t step = 0, steps = 0;
  double loss = 0;
  std::string line;  // for a log
};
using TrainingReport = std::function<void(const TrainingProgress&)>;

// Trains until the end, a control or SIGTERM/SIGINT (both save a checkpoint), and returns the state
// that it ended in. Errors end the run as failed, with their sentence in the run database (as an
// event of kind "error" of the step, and as its exit message), and are thrown on.
RunState run_training(const std::filesystem::path& run_folder, const TrainingReport& report);

}  // namespace realm
