// Rng: a small deterministic random generator (xoshiro256**), the same on every platform and
// library version, whose whole state can be saved in a checkpoint. Not thread-safe: one owner each.
// Never for security.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace realm {

class Rng {
 public:
  using State = std::array<uint64_t, 4>;

  explicit Rng(uint64_t seed) noexcept;
  static Rng from_state(const State& state) noexcept;
  const State& state() const noexcept { return state_; }

  uint64_t next() noexcept;                 // uniform over all 64-bit values
  uint64_t below(uint64_t bound) noexcept;  // uniform in [0, bound); bound > 0
  double uniform() noexcept;                // uniform in [0, 1)
  bool chance(double probability) noexcept { return uniform() < probability; }

  template <typename T>
  void shuffle(std::vector<T>& values) noexcept {
    for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  Rng() noexcept = default;
  State state_{};
};

}  // namespace realm
