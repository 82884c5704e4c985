// The batch script that Slurm is sent for a run. It is the same for every run of those options, as
// it is sent from the run's folder and names no folder itself: what is shown is what is sent.
//
// Pure functions.
#pragma once

#include <string>

#include "app/services/launch/trainer_launcher.h"

namespace realm {

// The name of the script in a run's folder.
inline constexpr char kSlurmScript[] = "trainer.sbatch";

// Throws Error{kInvalidArgument} naming an option that no line of a script can hold; whether the
// cluster has such a partition only sbatch can tell.
std::string slurm_script(const LaunchRequest& request);

}  // namespace realm
