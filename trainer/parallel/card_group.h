// CardGroup: the ranks of a run that train on CUDA cards, each on one of its own, and sum there
// through NCCL. Only where LibTorch and NCCL's headers are of CUDA's build; elsewhere tensors go
// through the host's memory (trainer/parallel/rank_group.h). Thread rule as RankGroup's.
#pragma once

#include <memory>
#include <span>

#include "engine/model/torch.h"

namespace c10d {
class Store;
}

namespace realm {

// A number for the card of this machine; 0 for the CPU. Equal for the same card alone, but for one
// chance in 2^52.
double place_of(const torch::Device& device);
// Whether all are cards, no two the same: NCCL refuses a card that two ranks share.
bool each_has_its_own(std::span<const double> places);

class CardGroup {
 public:
  // nullptr where the program was built without NCCL.
  static std::unique_ptr<CardGroup> make(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                         int size);
  virtual ~CardGroup() = default;
  // In place, a tensor of this rank's card. Blocks until it is there. Throws LibTorch's error when
  // a rank is gone.
  virtual void sum(torch::Tensor tensor) = 0;
};

}  // namespace realm
