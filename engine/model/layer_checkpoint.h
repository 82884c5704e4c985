// A layer of the body that keeps its input and no activation (ComputeMode::checkpoint_layers).
#pragma once

#include "engine/model/bert_body.h"

namespace realm {

// layer(hidden, mask), the same values and the same gradients to the bit on the CPU, computed again
// on the way back from `hidden` and the state that the random generator had. The layer must live
// until then. Thread rule: as BertBody.
torch::Tensor checkpointed(BertLayer& layer, const torch::Tensor& hidden,
                           const torch::Tensor& additive_mask);

}  // namespace realm
