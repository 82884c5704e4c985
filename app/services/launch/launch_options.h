// Where a run is to be trained, as a person chooses it. Plain values; no thread rule.
#pragma once

#include <string>
#include <vector>

namespace realm {

enum class LaunchPlace { kThisMachine, kSlurm };

// Texts as sbatch takes them. An empty one leaves the choice to the cluster.
struct SlurmOptions {
  std::string partition{};
  std::string time_limit{};          // minutes, "2:30:00" or "1-12"
  std::string gpus{};                // of each node: "2", or with their kind "a100:2"
  std::vector<std::string> lines{};  // further options, "--account=me"; each over those above
  friend bool operator==(const SlurmOptions&, const SlurmOptions&) = default;
};

struct LaunchOptions {
  LaunchPlace place = LaunchPlace::kThisMachine;
  int ranks = 1;  // processes that train the run together; Slurm calls them tasks
  SlurmOptions slurm{};
  friend bool operator==(const LaunchOptions&, const LaunchOptions&) = default;
};

}  // namespace realm
