// The only way in which our code includes LibTorch: the order of includes below is what clang 14
// needs to parse it as C++20.
#pragma once

#include <ATen/core/ivalue.h>
//
#include <torch/torch.h>
