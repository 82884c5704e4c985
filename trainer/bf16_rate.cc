#include "trainer/bf16_rate.h"

#include <cstdint>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/gemm_timing.h"

namespace realm {
namespace {

// oneDNN's own: row-major, as its dnnl_sgemm. Numbers of type bf16 are the upper half of a float's
// bits.
using BfloatGemm = int(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k,
                       float alpha, const uint16_t* a, int64_t lda, const uint16_t* b, int64_t ldb,
                       float beta, float* c, int64_t ldc);
constexpr uint16_t kHalf = 0x3F00, kQuarter = 0x3E80;  // 0.5 and 0.25
constexpr int kSuccess = 0;

}  // namespace

std::optional<double> measure_bf16_rate(const GemmShape& shape, int threads, double seconds) {
  REALM_CHECK(shape.rows > 0 && shape.columns > 0 && shape.inner > 0);
  auto* const gemm = loaded_function<BfloatGemm>("dnnl_gemm_bf16bf16f32");
  if (gemm == nullptr) return std::nullopt;
  const LibraryThreads guard("omp_get_max_threads", "omp_set_num_threads", threads);
  const int64_t m = shape.rows, n = shape.columns, k = shape.inner;
  const std::vector<uint16_t> a(static_cast<size_t>(m * k), kHalf);
  const std::vector<uint16_t> b(static_cast<size_t>(k * n), kQuarter);
  std::vector<float> c(static_cast<size_t>(m * n));
  const double best = best_rate(shape, seconds, [&] {
    // It is unimplemented on some processors.
    return gemm('N', 'N', m, n, k, 1.0F, a.data(), k, b.data(), n, 0.0F, c.data(), n) == kSuccess;
  });
  // Another library's function of that name would give something else.
  if (best == 0 || c.front() != 0.125F * static_cast<float>(k)) return std::nullopt;
  return best;
}

}  // namespace realm
