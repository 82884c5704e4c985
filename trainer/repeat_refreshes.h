// Refreshes that a person asked for, repeated by a run that is resumed (DESIGN.md 5.5).
#pragma once

#include <filesystem>

#include "trainer/parallel/rank_group.h"
#include "trainer/training_task.h"

namespace realm {

// Gives the task every refresh-now of the run's record from step `first` on: with them the run is
// the same as one that was never killed. Those before it are in the checkpoint. The first rank
// reads them. Collective; blocks on disk.
void repeat_refreshes(const std::filesystem::path& run_folder, int64_t first, TrainingTask& task,
                      RankGroup& ranks);

}  // namespace realm
