#include "engine/base/gemm_rate.h"

#include <vector>

#include "engine/base/check.h"
#include "engine/base/gemm_timing.h"

namespace realm {
namespace {

constexpr int kRowMajor = 101, kNoTranspose = 111;  // of the C interface of BLAS

using Sgemm = void(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                   const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

}  // namespace

std::optional<double> measure_gemm_rate(const GemmShape& shape, int threads, double seconds) {
  REALM_CHECK(shape.rows > 0 && shape.columns > 0 && shape.inner > 0);
  auto* const sgemm = loaded_function<Sgemm>("cblas_sgemm");
  if (sgemm == nullptr) return std::nullopt;
  const LibraryThreads guard("openblas_get_num_threads", "openblas_set_num_threads", threads);
  const auto m = static_cast<size_t>(shape.rows);
  const auto n = static_cast<size_t>(shape.columns);
  const auto k = static_cast<size_t>(shape.inner);
  const std::vector<float> a(m * k, 0.5F);
  const std::vector<float> b(k * n, 0.25F);
  std::vector<float> c(m * n);
  const double best = best_rate(shape, seconds, [&] {
    sgemm(kRowMajor, kNoTranspose, kNoTranspose, shape.rows, shape.columns, shape.inner, 1.0F,
          a.data(), shape.inner, b.data(), shape.columns, 0.0F, c.data(), shape.columns);
    return true;
  });
  REALM_CHECK(c.front() == 0.125F * static_cast<float>(shape.inner));
  return best;
}

}  // namespace realm
