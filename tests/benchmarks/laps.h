// Laps: the times of one benchmark's iterations. Rates and percentiles are taken from them, as a
// mean says little on a machine that does other things too.
#pragma once

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <utility>
#include <vector>

namespace realm::benchmarks {

class Laps {
 public:
  // Seconds that `body` took.
  template <typename Body>
  double time(Body&& body) {
    const auto began = std::chrono::steady_clock::now();
    std::forward<Body>(body)();
    return add(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  }
  double add(double seconds) {
    seconds_.push_back(seconds);
    return seconds;
  }
  // The smallest time that at least `share` of the laps kept within.
  double percentile(double share) const {
    if (seconds_.empty()) return 0;
    std::vector<double> sorted = seconds_;
    std::sort(sorted.begin(), sorted.end());
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<size_t>(std::max(1.0, rank)) - 1];
  }
  size_t count() const { return seconds_.size(); }
  double best() const { return percentile(0); }
  double median() const { return percentile(0.5); }

 private:
  std::vector<double> seconds_;
};

// Processor time of this process so far, all threads.
inline double process_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Runs a benchmark's body; what it throws becomes the benchmark's error, and the others still run.
template <typename Body>
void guarded(benchmark::State& state, Body&& body) {
  try {
    std::forward<Body>(body)();
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

}  // namespace realm::benchmarks
