#include "engine/model/layer_checkpoint.h"

#include <mutex>

#include "engine/model/compute_mode.h"

namespace realm {
namespace {

torch::Tensor generator_state(torch::Device device) {
  torch::Generator generator = at::globalContext().defaultGenerator(device);
  const std::lock_guard lock(generator.mutex());
  return generator.get_state();
}

void set_generator_state(torch::Device device, const torch::Tensor& state) {
  torch::Generator generator = at::globalContext().defaultGenerator(device);
  const std::lock_guard lock(generator.mutex());
  generator.set_state(state);
}

// The generator stands at `state` within the scope, and where it stood before after it.
class GeneratorReplay {
 public:
  GeneratorReplay(torch::Device device, const torch::Tensor& state)
      : device_(device), before_(generator_state(device)) {
    set_generator_state(device, state);
  }
  ~GeneratorReplay() { set_generator_state(device_, before_); }
  GeneratorReplay(const GeneratorReplay&) = delete;
  GeneratorReplay& operator=(const GeneratorReplay&) = delete;

 private:
  torch::Device device_;
  torch::Tensor before_;
};

class LayerFunction : public torch::autograd::Function<LayerFunction> {
 public:
  // The layer travels as a number, as an autograd context keeps no pointers; no mask as an empty
  // one, as a function's inputs must be defined.
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& hidden, const torch::Tensor& mask,
                               int64_t layer) {
    context->saved_data["layer"] = layer;
    context->saved_data["bf16"] = compute_mode().bf16_products;
    context->saved_data["generator"] = generator_state(hidden.device());
    context->save_for_backward({hidden, mask});
    return run(layer, hidden, mask);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const ComputeModeGuard mode({context->saved_data["bf16"].toBool(), false});
    const torch::AutoGradMode with_gradients(true);
    const torch::Tensor hidden = saved[0].detach().requires_grad_(true);
    torch::Tensor again;
    {
      const GeneratorReplay replay(hidden.device(), context->saved_data["generator"].toTensor());
      again = run(context->saved_data["layer"].toInt(), hidden, saved[1]);
    }
    // Also adds to the gradients of the layer's own parameters.
    torch::autograd::backward({again}, {gradients[0]});
    return {hidden.grad(), torch::Tensor(), torch::Tensor()};
  }

 private:
  static torch::Tensor run(int64_t layer, const torch::Tensor& hidden, const torch::Tensor& mask) {
    return reinterpret_cast<BertLayerImpl*>(layer)->forward(
        hidden, mask.numel() > 0 ? mask : torch::Tensor());
  }
};

}  // namespace

torch::Tensor checkpointed(BertLayer& layer, const torch::Tensor& hidden,
                           const torch::Tensor& additive_mask) {
  const torch::Tensor mask =
      additive_mask.defined() ? additive_mask : torch::empty({0}, hidden.options());
  return LayerFunction::apply(hidden, mask, reinterpret_cast<int64_t>(layer.get()));
}

}  // namespace realm
