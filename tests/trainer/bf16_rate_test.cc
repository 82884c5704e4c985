#include "trainer/bf16_rate.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(Bf16Rate, IsMeasuredWhereOneDnnIsLoaded) {
  const auto rate = measure_bf16_rate({64, 128, 32}, 1, 0.01);
  if (!rate) GTEST_SKIP() << "this LibTorch shows no bf16 product of oneDNN, or has none";
  EXPECT_GT(*rate, 1e6);
}

}  // namespace
}  // namespace realm
