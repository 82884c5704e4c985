// Which checkpoints of a run are on disk: runs/<id>/checkpoints/step-<n>/, written by
// trainer/checkpoint.h. Free of LibTorch. Functions without state; they read the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace realm {

struct CheckpointFolder {
  int64_t step = 0;  // steps done
  std::filesystem::path folder;
};

// The whole ones, oldest first. A run without checkpoints, or without a folder, has none.
std::vector<CheckpointFolder> saved_checkpoints(const std::filesystem::path& run_folder);

// The newest whole checkpoint of a run, or nullopt.
std::optional<std::filesystem::path> newest_checkpoint(const std::filesystem::path& run_folder);

// The newest at or before `step`; without a step the newest of all. Throws Error{kNotFound} that
// names the steps there are.
CheckpointFolder checkpoint_at(const std::filesystem::path& run_folder,
                               std::optional<int64_t> step);

}  // namespace realm
