// This process's place among those that train one run: torchrun's variables, else those that srun
// sets, read and checked. A plain value; no thread rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace realm {

struct RankEnvironment {
  int rank = 0, size = 1;
  std::string address;     // of the first rank's machine
  uint16_t port = 0;       // where its store listens
  bool has_store = false;  // torchrun itself keeps the store there
};

// nullopt where WORLD_SIZE, or without it SLURM_STEP_NUM_TASKS, is not set or 1. Slurm names no
// port; MASTER_ADDR and MASTER_PORT go before what is made of its variables. Throws
// Error{kInvalidArgument} naming a variable that is missing or wrong.
std::optional<RankEnvironment> rank_environment();

// The number of this process on its machine, by which it takes a card: LOCAL_RANK, or
// SLURM_LOCALID under srun. nullopt: neither is set.
std::optional<int> local_rank();

// The first of a list of machines as Slurm writes it: "node[07-09,12],other" gives "node07".
std::string first_host(const std::string& list);

}  // namespace realm
