// Names of devices: "cpu", "cuda", "cuda:N". Pure function of the name and of what this LibTorch
// has; thread-safe.
#pragma once

#include <string>

#include "engine/model/torch.h"

namespace realm {

// Throws Error{kInvalidArgument} for a name that is none, Error{kUnsupported} for a CUDA device
// where there is none.
torch::Device parse_device(const std::string& name);

}  // namespace realm
