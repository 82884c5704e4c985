// Which checkpoints of a run are on disk: runs/<id>/checkpoints/step-<n>/, written by
// trainer/checkpoint.h. Free of LibTorch. Functions without state; they read the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace realm {

// The parameters and moments that a run goes on from, beside the models of a checkpoint.
inline constexpr const char* kCheckpointTensors = "state.safetensors";

struct CheckpointFolder {
  int64_t step = 0;  // steps done
  std::filesystem::path folder;
  bool can_go_on = false;  // false: the models alone were kept, to be asked
};

// The whole ones, oldest first. A run without checkpoints, or without a folder, has none.
std::vector<CheckpointFolder> saved_checkpoints(const std::filesystem::path& run_folder);

// The newest whole checkpoint of a run, or nullopt.
std::optional<std::filesystem::path> newest_checkpoint(const std::filesystem::path& run_folder);

// The newest that a run can go on from; nullopt where there is no checkpoint at all. Throws
// Error{kNotFound} where only such are left as hold the models alone.
std::optional<std::filesystem::path> checkpoint_to_resume(const std::filesystem::path& run_folder);

// Removes all but the two newest; those whose step is a multiple of `keep_every_steps` stay as
// models alone. 0: none stays. What cannot be removed is left.
void thin_checkpoints(const std::filesystem::path& run_folder, int64_t keep_every_steps);

// The newest at or before `step`; without a step the newest of all. Throws Error{kNotFound} that
// names the steps there are.
CheckpointFolder checkpoint_at(const std::filesystem::path& run_folder,
                               std::optional<int64_t> step);

}  // namespace realm
