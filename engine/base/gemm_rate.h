// How fast this machine multiplies fp32 matrices at this moment, measured. It takes the BLAS that
// the program has loaded; see blas_environment.h. Thread rule: one caller at a time, as the number
// of BLAS threads is the process's. Blocks for `seconds`.
#pragma once

#include <optional>

namespace realm {

struct GemmShape {
  int rows = 0, columns = 0, inner = 0;  // [rows, inner] x [inner, columns]
};

// Floating-point operations a second (2 * rows * columns * inner each product), the best of as many
// products as `seconds` hold, one at least. nullopt: the program has loaded no BLAS.
std::optional<double> measure_gemm_rate(const GemmShape& shape, int threads, double seconds);

}  // namespace realm
