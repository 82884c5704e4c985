#include "engine/base/gemm_rate.h"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/base/check.h"

namespace realm {
namespace {

constexpr int kRowMajor = 101, kNoTranspose = 111;  // of the C interface of BLAS

using Sgemm = void(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                   const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

template <typename Function>
Function* loaded_function(const char* name) noexcept {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// Sets OpenBLAS's threads within a scope; does nothing for another BLAS.
class BlasThreads {
 public:
  explicit BlasThreads(int threads) {
    auto* const get = loaded_function<int()>("openblas_get_num_threads");
    set_ = loaded_function<void(int)>("openblas_set_num_threads");
    if (get == nullptr || set_ == nullptr) return;
    before_ = get();
    set_(threads);
  }
  ~BlasThreads() {
    if (before_ > 0) set_(before_);
  }
  BlasThreads(const BlasThreads&) = delete;
  BlasThreads& operator=(const BlasThreads&) = delete;

 private:
  void (*set_)(int) = nullptr;
  int before_ = 0;
};

}  // namespace

std::optional<double> measure_gemm_rate(const GemmShape& shape, int threads, double seconds) {
  REALM_CHECK(shape.rows > 0 && shape.columns > 0 && shape.inner > 0);
  auto* const sgemm = loaded_function<Sgemm>("cblas_sgemm");
  if (sgemm == nullptr) return std::nullopt;
  const BlasThreads guard(threads);
  const auto m = static_cast<size_t>(shape.rows);
  const auto n = static_cast<size_t>(shape.columns);
  const auto k = static_cast<size_t>(shape.inner);
  const std::vector<float> a(m * k, 0.5F);
  const std::vector<float> b(k * n, 0.25F);
  std::vector<float> c(m * n);
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  double best = 0;
  do {
    const auto start = Clock::now();
    sgemm(kRowMajor, kNoTranspose, kNoTranspose, shape.rows, shape.columns, shape.inner, 1.0F,
          a.data(), shape.inner, b.data(), shape.columns, 0.0F, c.data(), shape.columns);
    const double spent =
        std::max(std::chrono::duration<double>(Clock::now() - start).count(), 1e-9);
    best = std::max(best, 2.0 * static_cast<double>(m) * static_cast<double>(n) *
                              static_cast<double>(k) / spent);
  } while (std::chrono::duration<double>(Clock::now() - began).count() < seconds);
  REALM_CHECK(c.front() == 0.125F * static_cast<float>(shape.inner));
  return best;
}

}  // namespace realm
