// BertBatch: a padded batch of packed sequences on a device (REALM_SPEC 3). A value; tensors are
// shared by reference.
#pragma once

#include <span>

#include "engine/model/torch.h"
#include "engine/text/bert_input.h"

namespace realm {

struct BertBatch {
  torch::Tensor ids;        // [B, L] int64, padded with the pad id
  torch::Tensor segments;   // [B, L] int64, padded with 0
  torch::Tensor attention;  // [B, L] float32, 1 for a piece and 0 for padding; undefined where
                            // nothing is padded
};

// Pads `inputs` (at least one, none empty) to the longest of them. Blocks; safe from any thread.
BertBatch make_batch(std::span<const BertInput> inputs, const SpecialIds& special,
                     torch::Device device);

}  // namespace realm
