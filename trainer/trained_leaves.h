// The tensors that a run trains, for what is done to each of them once: summing gradients over
// ranks. Function without state.
#pragma once

#include <span>
#include <vector>

#include "trainer/optimizer.h"

namespace realm {

// The leaves behind the groups' parameters, in order, each once: several names may be windows onto
// one of them (engine/model/named_parameter.h). They are those that AdamWeightDecay updates.
std::vector<torch::Tensor> trained_leaves(std::span<const AdamWeightDecay::Group> groups);

}  // namespace realm
