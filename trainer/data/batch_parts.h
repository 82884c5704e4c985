// A batch cut into parts that are computed one after another (options.accumulate_steps).
#pragma once

#include <cstddef>
#include <vector>

namespace realm {

struct BatchPart {
  size_t begin = 0, size = 0;  // in examples
};

// `parts` (at least 1) runs of consecutive examples whose sizes differ by one at most, the longer
// ones first; fewer where there are fewer examples, so that none is empty.
inline std::vector<BatchPart> parts_of(size_t examples, int parts) {
  std::vector<BatchPart> out;
  const auto count = static_cast<size_t>(parts);
  for (size_t i = 0, begin = 0; i < count; ++i) {
    const size_t size = examples / count + (i < examples % count ? 1 : 0);
    if (size > 0) out.push_back({begin, size});
    begin += size;
  }
  return out;
}

// The same within a run of examples.
inline std::vector<BatchPart> parts_of(const BatchPart& whole, int parts) {
  std::vector<BatchPart> out = parts_of(whole.size, parts);
  for (BatchPart& part : out) part.begin += whole.begin;
  return out;
}

}  // namespace realm
