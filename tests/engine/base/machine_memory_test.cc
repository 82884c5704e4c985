#include "engine/base/machine_memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace realm {
namespace {

TEST(MachineMemory, ReadsAFieldOfTheKernelsText) {
  const char* const text = "Name:\tx\nVmHWM:\t     84 kB\nVmRSS:\t   1025 kB\nMyVmRSS:\t 7 kB\n";
  EXPECT_EQ(memory_field(text, "VmHWM"), 84 * 1024);
  EXPECT_EQ(memory_field(text, "VmRSS"), 1025 * 1024);
  EXPECT_EQ(memory_field(text, "Vm"), std::nullopt);
  EXPECT_EQ(memory_field(text, "Name"), std::nullopt);
  EXPECT_EQ(memory_field("VmHWM:", "VmHWM"), std::nullopt);
  EXPECT_EQ(memory_field("", "VmHWM"), std::nullopt);
}

TEST(MachineMemory, SeesWhatThisProcessTakes) {
  const int64_t before = resident_memory().value();
  constexpr size_t kBytes = 64U << 20U;
  const std::vector<char> taken(kBytes, 1);
  EXPECT_GE(resident_memory().value(), before + static_cast<int64_t>(kBytes) / 2) << taken.back();
  EXPECT_GE(peak_resident_memory().value(), resident_memory().value());
  EXPECT_GT(available_memory().value(), 0);
}

}  // namespace
}  // namespace realm
