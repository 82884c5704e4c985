// The kernels of OpenBLAS, which LibTorch and FAISS multiply with.
//
// OpenBLAS chooses its kernels by the CPU's model number when it is loaded, and a release that is
// older than the CPU falls back on kernels of long ago (0.3.21 on an Emerald Rapids: SSE3, a fifth
// of the speed). Where the CPU has AVX-512 and kernels without it were chosen,
// choose_blas_kernels() has OpenBLAS choose again in place, as OPENBLAS_CORETYPE=SkylakeX would
// have made it. Starting the program anew with that variable would do the same and cost the load of
// LibTorch twice (half a second); choosing again costs nothing that can be measured.
//
// Thread rule: choose_blas_kernels() is the first call of main(), before any thread or any
// multiplication. The rest is thread-safe. Nothing blocks. Nothing here links to OpenBLAS: without
// it, all of this does nothing.
#pragma once

#include <optional>
#include <string>

namespace realm {

struct BlasKernels {
  std::string
      library;       // as OpenBLAS describes itself: "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..."
  std::string core;  // the kernels in use: "SkylakeX"
  int threads = 0;
  bool parallel_by_openmp = false;  // false: its own threads, which fight with LibTorch's
};

// Also sets OPENBLAS_CORETYPE, for the programs that this one starts. Does nothing where that is
// set already.
void choose_blas_kernels() noexcept;

// nullopt: the program has not loaded OpenBLAS.
std::optional<BlasKernels> blas_kernels();

}  // namespace realm
