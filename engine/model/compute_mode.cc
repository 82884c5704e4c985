#include "engine/model/compute_mode.h"

namespace realm {
namespace {

thread_local ComputeMode current;

bool in_bf16(const torch::Tensor& x) {
  return current.bf16_products && x.scalar_type() == torch::kFloat32;
}

}  // namespace

const ComputeMode& compute_mode() noexcept { return current; }

ComputeModeGuard::ComputeModeGuard(ComputeMode mode) noexcept : before_(current) { current = mode; }

ComputeModeGuard::~ComputeModeGuard() { current = before_; }

torch::Tensor linear_product(const torch::Tensor& x, const torch::Tensor& weight,
                             const torch::Tensor& bias) {
  if (!in_bf16(x)) return torch::linear(x, weight, bias);
  return torch::linear(x.to(torch::kBFloat16), weight.to(torch::kBFloat16),
                       bias.to(torch::kBFloat16))
      .to(torch::kFloat32);
}

torch::Tensor matrix_product(const torch::Tensor& a, const torch::Tensor& b) {
  if (!in_bf16(a)) return torch::matmul(a, b);
  return torch::matmul(a.to(torch::kBFloat16), b.to(torch::kBFloat16)).to(torch::kFloat32);
}

}  // namespace realm
