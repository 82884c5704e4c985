// MIPS on the device that trains (REALM paper section 3.3): all embeddings as one matrix there, a
// search is a matrix product and a top-k. Exact, in fp32 (no TF32). Thread rule and errors: as
// MipsIndex.
#pragma once

#include <memory>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"
#include "engine/model/torch.h"

namespace realm {

inline constexpr const char* kDeviceIndexType = "device";

// Copies the vectors to `device`: n*D float32, and room for the scores of a search beside them (up
// to 1 GiB). nullptr where the device has no room for both. Blocks.
std::shared_ptr<const MipsIndex> make_device_index(VectorTable vectors, int64_t generation,
                                                   torch::Device device);

}  // namespace realm
