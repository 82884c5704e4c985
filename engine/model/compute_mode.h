// How the networks compute within a scope of the calling thread: for training only, where a network
// keeps its fp32 weights and one run differs from the next in precision and memory.
// Thread rule: the mode belongs to the thread; the way back through a checkpointed layer takes the
// mode of its way there along.
#pragma once

#include "engine/model/torch.h"

namespace realm {

struct ComputeMode {
  // Matrix products of fp32 tensors are computed in bf16 (sums within a product in fp32) and given
  // back in fp32; what lies between them stays fp32. Gradients arrive in fp32.
  bool bf16_products = false;
  // Layers keep their input and no activation, and are computed again on the way back, with the
  // same dropout (Chen et al. 2016, "Training deep nets with sublinear memory cost").
  bool checkpoint_layers = false;
};

const ComputeMode& compute_mode() noexcept;  // of this thread

class ComputeModeGuard {
 public:
  explicit ComputeModeGuard(ComputeMode mode) noexcept;
  ~ComputeModeGuard();  // the mode before comes back
  ComputeModeGuard(const ComputeModeGuard&) = delete;
  ComputeModeGuard& operator=(const ComputeModeGuard&) = delete;

 private:
  ComputeMode before_;
};

// x W^T + b, with [..., in], [out, in], [out]; in this thread's mode.
torch::Tensor linear_product(const torch::Tensor& x, const torch::Tensor& weight,
                             const torch::Tensor& bias);
// a b over the last two dimensions; in this thread's mode.
torch::Tensor matrix_product(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace realm
