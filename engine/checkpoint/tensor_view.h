// TensorView: a tensor's type, shape and strides over bytes that somebody else owns, usually a
// memory-mapped checkpoint (REALM_SPEC 10). Free of LibTorch. A plain value: copy it freely; the
// bytes must outlive it. The bytes are little-endian and need not be aligned. Nothing here blocks,
// except that touching mapped bytes may read the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace realm {

enum class ScalarType { kF64, kF32, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };

size_t scalar_size(ScalarType type) noexcept;  // in bytes: 1, 2, 4 or 8
std::string_view scalar_name(
    ScalarType type) noexcept;  // as safetensors spells it: "F32", "BF16", "BOOL"

struct TensorView {
  ScalarType type = ScalarType::kF32;
  std::vector<int64_t> shape;  // empty: a single value
  std::vector<int64_t>
      strides;  // in elements, one an axis, never negative; 0 where an axis is expanded
  const std::byte* data = nullptr;  // the first element
  const std::byte* storage =
      nullptr;  // start of the bytes that it is a window onto: equal for tensors that share storage

  int64_t count() const noexcept;       // number of elements: the product of the shape
  bool is_contiguous() const noexcept;  // row-major without gaps
  // The same bytes seen as the same window: what two aliases of one tensor have in common.
  bool is_alias_of(const TensorView& other) const noexcept;
};

// Strides of a row-major tensor of this shape.
std::vector<int64_t> contiguous_strides(const std::vector<int64_t>& shape);
// For messages: "[2, 3]".
std::string shape_text(std::span<const int64_t> shape);
// The number of elements of a shape, or -1 when an axis is negative or the product does not fit.
int64_t element_count(std::span<const int64_t> shape) noexcept;

// The values in row-major order as float32, from every type (integers and F64 are rounded to
// nearest; booleans are 0 and 1).
std::vector<float> to_float32(const TensorView& tensor);
// The same into `out`, whose size must be tensor.count().
void copy_float32(const TensorView& tensor, std::span<float> out);

// The row-major raw bytes, handed out in pieces of whole elements; `sink(const std::byte*, size_t)`
// is called in order. Used where the type must not matter (fingerprints, copies).
template <typename Sink>
void for_each_run(const TensorView& tensor, Sink&& sink);

// IEEE 754 half and bfloat16, round to nearest even. A finite value beyond the range of half
// becomes infinite.
float float_from_half(uint16_t bits) noexcept;
uint16_t half_from_float(float value) noexcept;
float float_from_bfloat16(uint16_t bits) noexcept;

// --- implementation of the template ---

template <typename Sink>
void for_each_run(const TensorView& tensor, Sink&& sink) {
  const size_t size = scalar_size(tensor.type);
  if (tensor.count() == 0) return;
  if (tensor.is_contiguous()) {
    sink(tensor.data, static_cast<size_t>(tensor.count()) * size);
    return;
  }
  // An odometer over all axes; a non-contiguous tensor has at least one.
  std::vector<int64_t> index(tensor.shape.size(), 0);
  int64_t offset = 0;  // in elements
  for (;;) {
    sink(tensor.data + offset * static_cast<int64_t>(size), size);
    size_t axis = index.size();
    while (axis > 0) {
      --axis;
      offset += tensor.strides[axis];
      if (++index[axis] < tensor.shape[axis]) break;
      offset -= tensor.strides[axis] * tensor.shape[axis];
      index[axis] = 0;
      if (axis == 0) return;
    }
  }
}

}  // namespace realm
