// WarmPairs: masked sentences beside the passage that they name, which pre-training mixes in so
// that its reader keeps what its warm-up taught (TRAINING.md 1; options.warm_pair_fraction). Thread
// rule: one owner. The inputs must outlive it.
#pragma once

#include <optional>
#include <vector>

#include "trainer/data/reading_sampler.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

class WarmPairs {
 public:
  explicit WarmPairs(const TaskInputs& inputs);

  // The pairs of training step `step`, warm_pair_fraction of a batch; steps in order.
  std::vector<ReadingExample> draw(int64_t step);

  struct Learned {
    double loss = 0;     // a mean over the masked pieces of all ranks
    int64_t tokens = 0;  // word pieces that went through the network, of all ranks
  };
  // Draws, and adds warm_pair_fraction times the gradient of their loss to the encoder's. nullopt:
  // no pairs are mixed in. Collective.
  std::optional<Learned> learn(KnowledgeAugmentedEncoder& encoder, int64_t step);

  ReadingSampler::State state() const { return sampler_.state(); }
  void restore(const ReadingSampler::State& state) { sampler_.restore(state); }

 private:
  const TaskInputs& inputs_;
  const TrainOptions options_;  // the run's, whose batch is the pairs of a step
  ReadingSampler sampler_;
};

}  // namespace realm
