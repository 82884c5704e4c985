#include "trainer/optimizer.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace realm {

double scheduled_rate(double initial, int64_t step, int64_t total, int64_t warmup,
                      double decay_to) {
  if (step < warmup) return initial * static_cast<double>(step) / static_cast<double>(warmup);
  const double left = 1.0 - static_cast<double>(std::min(step, total)) / static_cast<double>(total);
  return initial * (decay_to + (1.0 - decay_to) * left);
}

AdamWeightDecay::AdamWeightDecay(std::vector<Group> groups, const OptimizerSettings& settings)
    : settings_(settings) {
  std::set<const void*> seen;
  for (Group& group : groups) {
    for (NamedParameter& named : group.parameters) {
      // Several checkpoint names may be windows onto one parameter; it is updated once.
      if (!seen.insert(named.parameter.unsafeGetTensorImpl()).second) continue;
      const bool spared = named.name.find("LayerNorm") != std::string::npos ||
                          named.name.find("layer_norm") != std::string::npos ||
                          named.name.ends_with("bias") || named.name.ends_with("score_scale");
      slots_.push_back({named.name, named.parameter, torch::zeros_like(named.parameter.detach()),
                        torch::zeros_like(named.parameter.detach()),
                        spared ? 0.0 : settings.weight_decay, group.rate_scale});
    }
  }
}

double AdamWeightDecay::step(double rate) {
  const torch::NoGradGuard no_grad;
  double squares = 0;
  for (const Slot& slot : slots_) {
    if (slot.parameter.grad().defined()) {
      const auto norm = slot.parameter.grad().norm().item<double>();
      squares += norm * norm;
    }
  }
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm)) return norm;
  const double scale = norm > settings_.clip_norm ? settings_.clip_norm / norm : 1.0;
  for (Slot& slot : slots_) {
    torch::Tensor gradient = slot.parameter.grad();
    if (!gradient.defined()) continue;
    if (scale != 1.0) gradient.mul_(scale);
    slot.m.mul_(settings_.beta1).add_(gradient, 1.0 - settings_.beta1);
    slot.v.mul_(settings_.beta2).addcmul_(gradient, gradient, 1.0 - settings_.beta2);
    const double lr = rate * slot.rate_scale;
    torch::Tensor parameter = slot.parameter;
    const torch::Tensor denominator = slot.v.sqrt().add_(settings_.epsilon);
    // Decoupled decay: both terms from the parameter's value before the update.
    if (slot.decay > 0) parameter.mul_(1.0 - lr * slot.decay);
    parameter.addcdiv_(slot.m, denominator, -lr);
  }
  return norm;
}

void AdamWeightDecay::zero_gradients() {
  for (Slot& slot : slots_) slot.parameter.mutable_grad() = torch::Tensor();
}

std::string AdamWeightDecay::non_finite_gradient() const {
  for (const Slot& slot : slots_) {
    const torch::Tensor& gradient = slot.parameter.grad();
    if (gradient.defined() && !torch::isfinite(gradient).all().item<bool>()) return slot.name;
  }
  return {};
}

std::string AdamWeightDecay::non_finite_parameter() const {
  for (const Slot& slot : slots_) {
    if (!torch::isfinite(slot.parameter.detach()).all().item<bool>()) return slot.name;
  }
  return {};
}

std::vector<std::pair<std::string, torch::Tensor>> AdamWeightDecay::state() const {
  std::vector<std::pair<std::string, torch::Tensor>> out;
  for (const Slot& slot : slots_) {
    out.emplace_back("m." + slot.name, slot.m);
    out.emplace_back("v." + slot.name, slot.v);
  }
  return out;
}

}  // namespace realm
