// launch.json in a run's folder: the process or the cluster's job that was started for the run, so
// that another window and `realm runs` find it after a restart. Of a process of this machine it
// tells no more once its trainer stands in the run database.
//
// Pure functions of the disk; any thread.
#pragma once

#include <filesystem>
#include <optional>

#include "app/services/launch/trainer_launcher.h"

namespace realm {

// In place of what stood there before. Throws Error{kIo}.
void write_launch(const std::filesystem::path& run_folder, const Launch& launch);
// nullopt: there is none, or none that can be read.
std::optional<Launch> read_launch(const std::filesystem::path& run_folder);
// The same of a cluster's job alone.
std::optional<Launch> read_job(const std::filesystem::path& run_folder);

}  // namespace realm
