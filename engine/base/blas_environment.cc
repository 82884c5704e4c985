#include "engine/base/blas_environment.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace realm {
namespace {

template <typename Function>
Function* loaded_function(const char* name) noexcept {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

bool cpu_has_avx512() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

// OpenBLAS's names of its kernels that use AVX-512.
bool uses_avx512(std::string_view core) noexcept {
  constexpr std::array<std::string_view, 3> kCores = {"SkylakeX", "Cooperlake", "SapphireRapids"};
  return std::find(kCores.begin(), kCores.end(), core) != kCores.end();
}

}  // namespace

void choose_blas_kernels() noexcept {
  auto* const core_name = loaded_function<const char*()>("openblas_get_corename");
  if (core_name == nullptr || std::getenv("OPENBLAS_CORETYPE") != nullptr) return;
  if (!cpu_has_avx512() || uses_avx512(core_name())) return;
  auto* const forget = loaded_function<void()>("gotoblas_dynamic_quit");
  auto* const choose = loaded_function<void()>("gotoblas_dynamic_init");
  if (forget == nullptr || choose == nullptr)
    return;  // a build for one kind of CPU has nothing to choose from
  if (setenv("OPENBLAS_CORETYPE", "SkylakeX", /*overwrite=*/0) != 0) return;
  forget();
  choose();
}

std::optional<BlasKernels> blas_kernels() {
  auto* const config = loaded_function<const char*()>("openblas_get_config");
  auto* const core_name = loaded_function<const char*()>("openblas_get_corename");
  auto* const threads = loaded_function<int()>("openblas_get_num_threads");
  auto* const parallel = loaded_function<int()>("openblas_get_parallel");
  if (config == nullptr || core_name == nullptr || threads == nullptr || parallel == nullptr) {
    return std::nullopt;
  }
  constexpr int kOpenMp = 2;  // 0: no threads, 1: its own
  return BlasKernels{.library = config(),
                     .core = core_name(),
                     .threads = threads(),
                     .parallel_by_openmp = parallel() == kOpenMp};
}

}  // namespace realm
