// realm-bench: what the parts cost on this machine (README.md beside this file). `realm bench`
// starts it; --benchmark_filter,
// --benchmark_format=json and the other options are Google Benchmark's.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <string>
#include <thread>

#include "engine/base/blas_environment.h"

int main(int argc, char** argv) {
  realm::choose_blas_kernels();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    if (const auto kernels = realm::blas_kernels()) {
      benchmark::AddCustomContext("blas_kernels", kernels->core);
      benchmark::AddCustomContext("blas_parallel_by",
                                  kernels->parallel_by_openmp ? "OpenMP" : "its own threads");
    }
    if (benchmark::RunSpecifiedBenchmarks() == 0) {
      std::fputs(
          "realm-bench: no benchmark has such a name; all of them: tests/benchmarks/README.md\n",
          stderr);
      return 1;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "realm-bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
