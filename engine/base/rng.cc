#include "engine/base/rng.h"

namespace realm {
namespace {

uint64_t rotate_left(uint64_t value, int count) {
  return (value << count) | (value >> (64 - count));
}

// SplitMix64, which spreads a seed over the whole state.
uint64_t split_mix(uint64_t& x) {
  x += 0x9e3779b97f4a7c15ULL;
  uint64_t z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(uint64_t seed) noexcept {
  for (uint64_t& word : state_) word = split_mix(seed);
}

Rng Rng::from_state(const State& state) noexcept {
  Rng rng;
  rng.state_ = state;
  return rng;
}

uint64_t Rng::next() noexcept {
  const uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

uint64_t Rng::below(uint64_t bound) noexcept {
  // Rejection, so that every value is equally likely.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = next();
  while (value >= limit) value = next();
  return value % bound;
}

double Rng::uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

}  // namespace realm
