#include "engine/checkpoint/tensor_view.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace realm {
namespace {

TensorView view_of(const std::vector<float>& values, std::vector<int64_t> shape,
                   std::vector<int64_t> strides) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(values.data());
  return {ScalarType::kF32, std::move(shape), std::move(strides), bytes, bytes};
}

TEST(TensorView, ReadsATransposedTensorInRowMajorOrder) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};  // [2, 3]
  const TensorView transposed = view_of(values, {3, 2}, {1, 3});
  EXPECT_FALSE(transposed.is_contiguous());
  EXPECT_EQ(to_float32(transposed), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(TensorView, RepeatsTheValuesOfAnExpandedAxis) {
  const std::vector<float> values = {7, 8};
  EXPECT_EQ(to_float32(view_of(values, {2, 2}, {0, 1})), (std::vector<float>{7, 8, 7, 8}));
}

TEST(TensorView, ReadsAScalarAndAnEmptyTensor) {
  const std::vector<float> values = {3.5F};
  EXPECT_EQ(to_float32(view_of(values, {}, {})), std::vector<float>{3.5F});
  EXPECT_TRUE(to_float32(view_of(values, {0, 4}, {4, 1})).empty());
  EXPECT_TRUE(to_float32(view_of(values, {4, 0}, {7, 1})).empty());
}

TEST(TensorView, ReadsUnalignedBytes) {
  std::vector<std::byte> bytes(1 + 2 * sizeof(double));
  const double values[] = {0.25, -2.0};
  std::memcpy(bytes.data() + 1, values, sizeof(values));
  const TensorView view = {ScalarType::kF64, {2}, {1}, bytes.data() + 1, bytes.data()};
  EXPECT_EQ(to_float32(view), (std::vector<float>{0.25F, -2.0F}));
}

TEST(TensorView, IgnoresTheStrideOfAnAxisOfOne) {
  const std::vector<float> values = {1, 2, 3};
  EXPECT_TRUE(view_of(values, {1, 3}, {99, 1}).is_contiguous());
}

TEST(ElementCount, IsMinusOneWhenTheProductDoesNotFit) {
  EXPECT_EQ(element_count(std::vector<int64_t>{2, 3, 4}), 24);
  EXPECT_EQ(element_count(std::vector<int64_t>{int64_t{1} << 40, int64_t{1} << 40}), -1);
  EXPECT_EQ(element_count(std::vector<int64_t>{int64_t{1} << 40, int64_t{1} << 40, 0}), 0);
  EXPECT_EQ(element_count(std::vector<int64_t>{-1}), -1);
  EXPECT_EQ(element_count(std::vector<int64_t>{0, -1}), -1);
}

TEST(HalfPrecision, EveryHalfSurvivesTheWayToFloatAndBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = float_from_half(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(float_from_half(half_from_float(value))));
    } else {
      EXPECT_EQ(half_from_float(value), half);
    }
  }
}

TEST(HalfPrecision, HasTheKnownValues) {
  EXPECT_EQ(float_from_half(0x3C00), 1.0F);
  EXPECT_EQ(float_from_half(0xC000), -2.0F);
  EXPECT_EQ(float_from_half(0x7BFF), 65504.0F);
  EXPECT_EQ(float_from_half(0x0001), 0x1.0p-24F);
  EXPECT_EQ(float_from_half(0x0400), 0x1.0p-14F);
  EXPECT_EQ(float_from_half(0x7C00), std::numeric_limits<float>::infinity());
}

TEST(HalfPrecision, RoundsToNearestEven) {
  EXPECT_EQ(half_from_float(1.0F + 0x1.0p-11F), 0x3C00);               // half way: to even
  EXPECT_EQ(half_from_float(1.0F + 0x1.0p-11F + 0x1.0p-20F), 0x3C01);  // above half way
  EXPECT_EQ(half_from_float(1.0F + 0x1.8p-10F), 0x3C02);  // half way between odd and even
  EXPECT_EQ(half_from_float(65519.0F), 0x7BFF);
  EXPECT_EQ(half_from_float(65520.0F), 0x7C00);
  EXPECT_EQ(half_from_float(0x1.0p-25F), 0x0000);  // half way to the smallest subnormal
  EXPECT_EQ(half_from_float(0x1.8p-25F), 0x0001);
  EXPECT_EQ(half_from_float(-0.0F), 0x8000);
}

}  // namespace
}  // namespace realm
