// Looking at the machine, with a /proc that the test writes and a stand-in for NVIDIA's library.
#include "app/services/machine_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "app/services/machine_reader.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::ElementsAre;

TEST(MachineReader, ReadsTheKernelsTicks) {
  const std::vector<CoreTime> times = core_times(
      "cpu  100 10 50 800 40 0 0 0 7 7\ncpu0 60 10 30 400 0 0 0 0 0 0\ncpu1 1 2\nintr 12 0\ncpu9 "
      "1");
  ASSERT_EQ(times.size(), 3U) << "what follows the cores is something else";
  EXPECT_EQ(times[0].busy, 160);
  EXPECT_EQ(times[0].total, 1000);
  EXPECT_EQ(times[2].total, 3);
  EXPECT_TRUE(core_times("").empty());
  EXPECT_TRUE(core_times("no such text").empty());
}

TEST(MachineReader, TellsShareOfTheTimeBetweenTwoLooks) {
  EXPECT_DOUBLE_EQ(busy_share({100, 200}, {130, 300}).value(), 0.3);
  EXPECT_FALSE(busy_share({100, 200}, {100, 200}));
  EXPECT_EQ(busy_share({100, 200}, {90, 300}), 0.0) << "a core's ticks may go back";
}

TEST(MachineReader, LooksAtProcessorMemoryAndDisk) {
  const testing::TempDirectory proc;
  proc.write("stat", "cpu  100 0 0 100\ncpu0 50 0 0 50\ncpu1 50 0 0 50\n");
  proc.write("meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:  250 kB\n");
  MachineReader reader(proc.path(), "no such library");
  const view::MachineSample first = reader.look(proc.path());
  EXPECT_FALSE(first.cpu) << "one look alone tells no share";
  EXPECT_EQ(first.cores.size(), 2U);
  EXPECT_EQ(first.memory_total, 1000 * 1024);
  EXPECT_EQ(first.memory_used, 750 * 1024);
  EXPECT_GT(first.disk_total.value(), first.disk_free.value());
  EXPECT_TRUE(first.gpus.empty());
  proc.write("stat", "cpu  150 0 0 150\ncpu0 100 0 0 50\ncpu1 50 0 0 100\n");
  const view::MachineSample second = reader.look({});
  EXPECT_EQ(second.cpu, 0.5);
  EXPECT_THAT(second.cores, ElementsAre(1.0, 0.0));
  EXPECT_FALSE(second.disk_total);
  EXPECT_FALSE(reader.look("/no/such/folder").disk_total);
  proc.write("stat", "nothing");
  proc.write("meminfo", "");
  const view::MachineSample broken = reader.look({});
  EXPECT_FALSE(broken.cpu);
  EXPECT_TRUE(broken.cores.empty());
  EXPECT_FALSE(broken.memory_total);
}

TEST(Nvml, TellsOfTheCards) {
  const auto nvml = Nvml::open(REALM_FAKE_NVML);
  ASSERT_NE(nvml, nullptr);
  const std::vector<view::GpuSample> cards = nvml->sample();
  ASSERT_EQ(cards.size(), 2U) << "one of three does not answer";
  EXPECT_EQ(cards[0].index, 0);
  EXPECT_EQ(cards[0].name, "Stand-in A100 %s");
  EXPECT_EQ(cards[0].utilisation, 0.87);
  EXPECT_EQ(cards[0].memory_used, 31'200'000'000);
  EXPECT_EQ(cards[0].memory_total, 80'000'000'000);
  EXPECT_EQ(cards[0].celsius, 63);
  EXPECT_EQ(cards[0].watts, 251.5);
  EXPECT_EQ(cards[0].most_watts, 400);
  ASSERT_EQ(cards[0].processes.size(), 20U) << "more than there was room for at first";
  EXPECT_EQ(cards[0].processes[0].pid, 1);
  EXPECT_FALSE(cards[0].processes[0].bytes);
  EXPECT_EQ(cards[0].processes[19].bytes, 20'000'000);
  EXPECT_EQ(cards[1].name, "Stand-in T4");
  EXPECT_FALSE(cards[1].utilisation);
  EXPECT_FALSE(cards[1].memory_total);
  EXPECT_FALSE(cards[1].watts);
  EXPECT_TRUE(cards[1].processes.empty());
}

TEST(Nvml, IsNotThereWithoutLibraryFunctionsOrDriver) {
  EXPECT_EQ(Nvml::open("/no/such/library.so"), nullptr);
  EXPECT_EQ(Nvml::open("libm.so.6"), nullptr) << "it has none of the functions";
  ASSERT_EQ(::setenv("FAKE_NVML", "no_driver", 1), 0);
  EXPECT_EQ(Nvml::open(REALM_FAKE_NVML), nullptr);
  ::unsetenv("FAKE_NVML");
}

TEST(MachineService, LooksOnlyWhileSomebodyWantsToSee) {
  const testing::TempDirectory proc;
  proc.write("stat", "cpu  100 0 0 100\ncpu0 100 0 0 100\n");
  proc.write("1/comm", "realm-train\n");
  std::mutex mutex;
  std::condition_variable changed;
  int looks = 0;
  MachineService service({.wake =
                              [&] {
                                const std::lock_guard lock(mutex);
                                ++looks;
                                changed.notify_all();
                              },
                          .look_every = std::chrono::milliseconds(5),
                          .proc = proc.path(),
                          .nvml = REALM_FAKE_NVML});
  EXPECT_EQ(service.snapshot(), nullptr);
  service.watch({true, proc.path()});
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return looks >= 3; }));
  }
  const auto seen = service.snapshot();
  ASSERT_GE(seen->samples.size(), 3U);
  ASSERT_EQ(seen->samples.back()->gpus.size(), 2U);
  EXPECT_EQ(seen->samples.back()->gpus[0].processes[0].name, "realm-train");
  EXPECT_EQ(seen->samples.back()->gpus[0].processes[1].name, "");
  service.watch({false, {}});
  service.watch({false, {}});  // and it ends while it sleeps
}

}  // namespace
}  // namespace realm
