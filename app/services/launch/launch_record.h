// launch.json in a run's folder: the job that a cluster trains the run in, so that another window
// and `realm runs` find it after a restart. A run of this machine has none: its process stands in
// the run database.
//
// Pure functions of the disk; any thread.
#pragma once

#include <filesystem>
#include <optional>

#include "app/services/launch/trainer_launcher.h"

namespace realm {

// Of a process of this machine it removes what stood there before. Throws Error{kIo}.
void write_launch(const std::filesystem::path& run_folder, const Launch& launch);
// nullopt: there is none, or none that can be read.
std::optional<Launch> read_launch(const std::filesystem::path& run_folder);

}  // namespace realm
