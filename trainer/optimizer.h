// AdamWeightDecay and its schedule as BERT and REALM use them (REALM_SPEC 5.5): no bias correction,
// decoupled decay that spares layer norms and biases, clipping by the global norm, linear warm-up
// and linear decay of the full schedule. Thread rule: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/named_parameter.h"
#include "engine/model/torch.h"

namespace realm {

struct OptimizerSettings {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6;
  double weight_decay = 0.01;
  double clip_norm = 1.0;
};

// initial * step / warmup below `warmup`, then initial * (1 - step / total): 0 at step 0 and at the
// end; the decay is that of the full schedule and not restarted after the warm-up, so that the rate
// jumps down where it sets in. With `decay_to` > 0 the decay ends at that share of `initial`
// instead of 0.
double scheduled_rate(double initial, int64_t step, int64_t total, int64_t warmup,
                      double decay_to = 0.0);

class AdamWeightDecay {
 public:
  struct Group {
    NamedParameters parameters;
    double rate_scale = 1.0;  // times the rate given to step()
  };

  AdamWeightDecay(std::vector<Group> groups, const OptimizerSettings& settings);

  // One update from the gradients that are there; returns the global gradient norm before clipping
  // (NaN or infinity when a gradient holds one: then nothing was changed). Parameters without a
  // gradient stay as they are.
  double step(double rate);
  void zero_gradients();
  // The name of a parameter whose gradient is not finite; empty when all are.
  std::string non_finite_gradient() const;
  std::string non_finite_parameter() const;  // likewise of the parameters themselves

  // Moments by name ("m.<name>", "v.<name>"), for checkpoints; they share storage with the
  // optimizer.
  std::vector<std::pair<std::string, torch::Tensor>> state() const;

 private:
  struct Slot {
    std::string name;
    torch::Tensor parameter, m, v;
    double decay = 0, rate_scale = 1;
  };
  std::vector<Slot> slots_;
  OptimizerSettings settings_;
};

}  // namespace realm
