// The parts of a RunEstimate that both its refusals and its sentences need. Private to
// trainer/run_room.cc and trainer/run_estimate_text.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trainer/run_estimate.h"

namespace realm {

// A card that the run uses, as "cuda:1"; `processes`: how many train on it.
struct UsedCard {
  std::string name;
  int processes = 0;
  CudaCard card;
};
// Those of the run's devices that are there.
std::vector<UsedCard> used_cards(const RunPlace& place);

std::string size_text(int64_t bytes);  // "6.2 GB"
// "weights 6.0 GB, ...": those that the holder has.
enum class Holder { kMachine, kCards };
std::string items_text(const std::vector<EstimatedBytes>& items, Holder holder);

}  // namespace realm
