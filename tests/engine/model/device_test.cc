#include "engine/model/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"

namespace realm {
namespace {

void expect_refused(const std::string& name, ErrorCode code) {
  try {
    parse_device(name);
    FAIL() << "not refused: " << name;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << name;
    EXPECT_THAT(error.what(), ::testing::HasSubstr(name));
  }
}

TEST(Device, IsReadFromItsName) { EXPECT_TRUE(parse_device("cpu").is_cpu()); }

TEST(Device, IsRefusedWhereTheNameIsNone) {
  for (const char* name : {"gpu", "cuda:x", "meta"})
    expect_refused(name, ErrorCode::kInvalidArgument);
}

TEST(Device, IsRefusedWhereThereIsNone) {
  if (torch::cuda::is_available()) GTEST_SKIP() << "this machine has a CUDA device";
  expect_refused("cuda:0", ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace realm
