#include "engine/checkpoint/tensor_view.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "engine/base/check.h"

namespace realm {
namespace {

static_assert(std::endian::native == std::endian::little,
              "checkpoints are little-endian and are read in place");

template <typename T>
T load(const std::byte* bytes) noexcept {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

// Converts one run of whole elements.
void convert(ScalarType type, const std::byte* bytes, size_t count, float* out) noexcept {
  switch (type) {
    case ScalarType::kF32:
      std::memcpy(out, bytes, count * sizeof(float));
      return;
    case ScalarType::kF64:
      for (size_t i = 0; i < count; ++i) out[i] = static_cast<float>(load<double>(bytes + 8 * i));
      return;
    case ScalarType::kF16:
      for (size_t i = 0; i < count; ++i) out[i] = float_from_half(load<uint16_t>(bytes + 2 * i));
      return;
    case ScalarType::kBF16:
      for (size_t i = 0; i < count; ++i)
        out[i] = float_from_bfloat16(load<uint16_t>(bytes + 2 * i));
      return;
    case ScalarType::kI64:
      for (size_t i = 0; i < count; ++i) out[i] = static_cast<float>(load<int64_t>(bytes + 8 * i));
      return;
    case ScalarType::kI32:
      for (size_t i = 0; i < count; ++i) out[i] = static_cast<float>(load<int32_t>(bytes + 4 * i));
      return;
    case ScalarType::kI16:
      for (size_t i = 0; i < count; ++i) out[i] = static_cast<float>(load<int16_t>(bytes + 2 * i));
      return;
    case ScalarType::kI8:
      for (size_t i = 0; i < count; ++i) out[i] = static_cast<float>(load<int8_t>(bytes + i));
      return;
    case ScalarType::kU8:
      for (size_t i = 0; i < count; ++i) out[i] = static_cast<float>(load<uint8_t>(bytes + i));
      return;
    case ScalarType::kBool:
      for (size_t i = 0; i < count; ++i) out[i] = load<uint8_t>(bytes + i) != 0 ? 1.0F : 0.0F;
      return;
  }
}

}  // namespace

size_t scalar_size(ScalarType type) noexcept {
  switch (type) {
    case ScalarType::kF64:
    case ScalarType::kI64:
      return 8;
    case ScalarType::kF32:
    case ScalarType::kI32:
      return 4;
    case ScalarType::kF16:
    case ScalarType::kBF16:
    case ScalarType::kI16:
      return 2;
    case ScalarType::kI8:
    case ScalarType::kU8:
    case ScalarType::kBool:
      return 1;
  }
  return 0;
}

std::string_view scalar_name(ScalarType type) noexcept {
  switch (type) {
    case ScalarType::kF64:
      return "F64";
    case ScalarType::kF32:
      return "F32";
    case ScalarType::kF16:
      return "F16";
    case ScalarType::kBF16:
      return "BF16";
    case ScalarType::kI64:
      return "I64";
    case ScalarType::kI32:
      return "I32";
    case ScalarType::kI16:
      return "I16";
    case ScalarType::kI8:
      return "I8";
    case ScalarType::kU8:
      return "U8";
    case ScalarType::kBool:
      return "BOOL";
  }
  return "?";
}

int64_t element_count(std::span<const int64_t> shape) noexcept {
  // A zero anywhere makes the tensor empty, however large the other axes are said to be.
  for (const int64_t axis : shape) {
    if (axis < 0) return -1;
  }
  int64_t product = 1;
  bool overflow = false;
  for (const int64_t axis : shape) {
    if (axis == 0) return 0;
    overflow = overflow || __builtin_mul_overflow(product, axis, &product);
  }
  return overflow ? -1 : product;
}

int64_t TensorView::count() const noexcept { return element_count(shape); }

bool TensorView::is_contiguous() const noexcept {
  int64_t expected = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] == 0) return true;
    if (shape[axis] != 1 && strides[axis] != expected) return false;
    expected *= shape[axis];
  }
  return true;
}

bool TensorView::is_alias_of(const TensorView& other) const noexcept {
  return data == other.data && storage == other.storage && type == other.type &&
         shape == other.shape && strides == other.strides;
}

std::vector<int64_t> contiguous_strides(const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t step = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = step;
    // An empty tensor may claim any extent on its other axes; no stride of it is ever used.
    if (__builtin_mul_overflow(step, shape[axis] > 0 ? shape[axis] : 1, &step)) step = 1;
  }
  return strides;
}

std::string shape_text(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

void copy_float32(const TensorView& tensor, std::span<float> out) {
  REALM_CHECK(static_cast<int64_t>(out.size()) == tensor.count());
  const size_t size = scalar_size(tensor.type);
  float* next = out.data();
  for_each_run(tensor, [&](const std::byte* bytes, size_t length) {
    const size_t count = length / size;
    convert(tensor.type, bytes, count, next);
    next += count;
  });
}

std::vector<float> to_float32(const TensorView& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.count()));
  copy_float32(tensor, values);
  return values;
}

float float_from_bfloat16(uint16_t bits) noexcept {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

float float_from_half(uint16_t bits) noexcept {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000U) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1FU;
  const uint32_t fraction = bits & 0x3FFU;
  if (exponent == 0x1F) return std::bit_cast<float>(sign | 0x7F800000U | (fraction << 13));
  if (exponent != 0)
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
  // Subnormal: fraction * 2^-24 is exact in float32.
  const float magnitude = static_cast<float>(fraction) * 0x1.0p-24F;
  return sign != 0 ? -magnitude : magnitude;
}

uint16_t half_from_float(float value) noexcept {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000U);
  const uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return static_cast<uint16_t>(sign | 0x7E00U);  // a quiet NaN
  if (magnitude >= 0x477FF000U)
    return static_cast<uint16_t>(sign | 0x7C00U);  // 65520 and more round to infinity
  if (magnitude < 0x38800000U) {
    // Below 2^-14 the half is subnormal, a multiple of 2^-24; scaling is exact and lrint rounds to
    // even.
    const float scaled = std::bit_cast<float>(magnitude) * 0x1.0p24F;
    return static_cast<uint16_t>(sign | static_cast<uint16_t>(std::lrint(scaled)));
  }
  const uint32_t round = ((magnitude >> 13) & 1U) + 0xFFFU;
  return static_cast<uint16_t>(sign | (((magnitude + round) >> 13) - (112U << 10)));
}

}  // namespace realm
