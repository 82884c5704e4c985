// How fast this machine multiplies bf16 matrices at this moment, measured with what LibTorch's CPU
// products use: the oneDNN that the program has loaded. engine/base/gemm_rate.h is the same of
// fp32. Thread rule: one caller at a time, as the number of threads is the process's. Blocks for
// `seconds`, and longer where one product takes longer.
#pragma once

#include <optional>

#include "engine/base/gemm_rate.h"

namespace realm {

// Floating-point operations a second, the best of as many products as `seconds` hold. nullopt: the
// program has loaded no oneDNN, or one that does not show this function.
std::optional<double> measure_bf16_rate(const GemmShape& shape, int threads, double seconds);

}  // namespace realm
