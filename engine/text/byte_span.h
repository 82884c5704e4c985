// ByteSpan: a half-open range of bytes of a text.
#pragma once

#include <cstddef>

namespace realm {

struct ByteSpan {
  size_t begin = 0;
  size_t end = 0;

  size_t size() const noexcept { return end - begin; }
  bool contains(const ByteSpan& other) const noexcept {
    return other.begin >= begin && other.end <= end;
  }
  bool overlaps(const ByteSpan& other) const noexcept {
    return other.begin < end && other.end > begin;
  }
  bool operator==(const ByteSpan&) const = default;
};

}  // namespace realm
