// Throughput: what the updates of a run get done in a second. It counts the time of the updates
// alone (examples, forward, backward, weights): not measurements, checkpoints, pauses, or the wait
// for an index. A plain value.
#pragma once

#include "trainer/training_task.h"

namespace realm {

// What a task's step says beside its measurements, which is not recorded by itself: the word pieces
// that went through a network and the examples, of all ranks; and how long the step stood still
// until an index was there.
inline constexpr const char* kTokens = "tokens";
inline constexpr const char* kExamples = "examples";
inline constexpr const char* kWaitedSeconds = "waited_seconds";

class Throughput {
 public:
  // Whether a metric is one of those above.
  static bool takes(const std::string& metric) {
    return metric == kTokens || metric == kExamples || metric == kWaitedSeconds;
  }

  // One update, from its beginning to its end.
  void add(const Metrics& metrics, double seconds) {
    seconds_ += seconds;
    for (const auto& [name, value] : metrics) {
      if (name == kTokens) tokens_ += value;
      if (name == kExamples) examples_ += value;
      if (name == kWaitedSeconds) seconds_ -= value;
    }
  }
  // At least one update must have been added.
  double tokens_per_second() const { return tokens_ / seconds_; }
  double examples_per_second() const { return examples_ / seconds_; }

 private:
  double tokens_ = 0, examples_ = 0, seconds_ = 0;
};

}  // namespace realm
