// SlurmLauncher: realm-train as a job of a Slurm cluster, through sbatch, squeue and scancel, which
// are started with their arguments as they are (no shell). The nodes must see the run's folder, its
// workspace and the program under the same paths.
//
// Thread-safe. Every call asks a program of Slurm's and blocks until that has answered, at most
// `patience`; a controller that hangs is Error{kIo}, what Slurm refuses Error{kIo} in its own
// words, Slurm's absence Error{kNotFound}.
#pragma once

#include <chrono>

#include "app/services/launch/trainer_launcher.h"

namespace realm {

class SlurmLauncher : public TrainerLauncher {
 public:
  explicit SlurmLauncher(std::chrono::milliseconds patience = std::chrono::seconds(10))
      : patience_(patience) {}

  const char* name() const override { return "Slurm"; }
  // Writes trainer.sbatch into the run's folder and sends it.
  Launch start(const LaunchRequest& request) const override;
  std::vector<LaunchState> ask(std::span<const Launch> launches,
                               const std::stop_token& stop = {}) const override;
  void cancel(const Launch& launch) const override;

 private:
  std::chrono::milliseconds patience_;
};

// Why no job can be sent from here, in a sentence; empty: the programs are on the PATH.
std::string slurm_missing();

}  // namespace realm
