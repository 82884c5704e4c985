// Training checkpoints: runs/<id>/checkpoints/step-<n>/ with the models as Hugging Face folders,
// the optimizer's moments and the task's tensors in state.safetensors, and state.json. Written
// whole or not at all: into a temporary folder that is renamed when everything in it is on disk
// (DESIGN.md sections 4 and 5.5). Functions without state; they block.
#pragma once

#include <filesystem>
#include <string>

#include "trainer/optimizer.h"
#include "trainer/training_task.h"

namespace realm {

struct SavedCheckpoint {
  int64_t step = 0;  // steps done
  std::filesystem::path folder;
  std::string fingerprint;  // SHA-256 over the parameters
};

// Writes checkpoint `step` and thins out the older ones (saved_checkpoints.h). Throws Error{kIo},
// with what was there before still whole.
SavedCheckpoint save_checkpoint(const std::filesystem::path& run_folder, int64_t step,
                                TrainingTask& task, const AdamWeightDecay& optimizer,
                                int64_t keep_every_steps);

// Puts parameters, moments and task state back; returns the number of steps done. Throws
// Error{kCorruptData, kMismatch}.
int64_t load_checkpoint(const std::filesystem::path& checkpoint, TrainingTask& task,
                        const AdamWeightDecay& optimizer);

}  // namespace realm
