// The machine in the Train workspace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/panels/train_panel.h"
#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;

view::GpuSample card(int index) {
  view::GpuSample gpu{.index = index, .name = "Card %s"};
  gpu.utilisation = 0.5;
  gpu.memory_used = 31'200'000'000;
  gpu.memory_total = 80'000'000'000;
  gpu.celsius = 63;
  gpu.watts = 250;
  gpu.most_watts = 400;
  gpu.processes = {{77, 1'000'000'000, "realm-train"}, {78, {}, ""}};
  return gpu;
}

std::shared_ptr<const view::MachineSnapshot> machine(int samples, int cards) {
  auto out = std::make_shared<view::MachineSnapshot>();
  for (int i = 0; i < samples; ++i) {
    view::MachineSample sample{.unix_ms = 1000 * i};
    if (i > 0) sample.cpu = 0.25;
    sample.cores = {0.5, 0.0};
    sample.memory_used = 3'000'000'000;
    sample.memory_total = 16'000'000'000;
    sample.disk_free = 1'000'000'000;
    sample.disk_total = 64'000'000'000;
    for (int k = 0; k < cards; ++k) sample.gpus.push_back(k == 1 ? view::GpuSample{} : card(k));
    out->samples.push_back(std::make_shared<const view::MachineSample>(std::move(sample)));
  }
  return out;
}

class TrainMachineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
    RunSummary run;
    run.id = "r";
    run.task = "pretrain";
    run.state = RunState::kRunning;
    run.pid = 77;
    run.output_model = "mine";
    view::TrainSnapshot snapshot;
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::vector{run});
    window_.show_runs(std::move(snapshot));
    window_.frames(2);
  }
  const view::WatchMachine* watched() const {
    const view::WatchMachine* last = nullptr;
    for (const view::Effect& effect : window_.effects()) {
      if (const auto* watch = std::get_if<view::WatchMachine>(&effect)) last = watch;
    }
    return last;
  }
  Headless window_;
};

TEST_F(TrainMachineTest, IsLookedAtOnlyWhileItIsOnScreen) {
  EXPECT_EQ(watched(), nullptr);
  window_.click("train.tab.machine");
  ASSERT_NE(watched(), nullptr);
  EXPECT_TRUE(watched()->on);
  EXPECT_EQ(watched()->folder, view::engine_of(window_.state()).folder);
  window_.apply(view::SetTab{view::Tab::kAsk});
  EXPECT_FALSE(watched()->on);
  window_.apply(view::SetTab{view::Tab::kTrain});
  EXPECT_TRUE(watched()->on);
  window_.click("train.tab.log");
  EXPECT_FALSE(watched()->on);
}

TEST_F(TrainMachineTest, DrawsWhatIsKnown) {
  window_.click("train.tab.machine");
  window_.frames(2);
  EXPECT_FALSE(window_.has("train.machine.host")) << "nothing is known yet";
  for (const int samples : {1, 2, 120}) {
    for (const int cards : {0, 1, 3}) {
      window_.bench().take(machine(samples, cards));
      window_.resize(cards == 3 ? 640.0F : 1280.0F, 800);
      window_.frames(2);
      EXPECT_TRUE(window_.has("train.machine.host"));
      EXPECT_EQ(window_.has("train.machine.card.0"), cards > 0);
    }
  }
}

TEST(MachineState, WritesBytesAsAPersonReadsThem) {
  EXPECT_EQ(view::format_bytes(0), "0 B");
  EXPECT_EQ(view::format_bytes(999), "999 B");
  EXPECT_EQ(view::format_bytes(1'500), "1.5 kB");
  EXPECT_EQ(view::format_bytes(128'000'000), "128 MB");
  EXPECT_EQ(view::format_bytes(79'960'000'000), "80.0 GB");
}

TEST(MachineState, NamesTheDevicesToTrainOn) {
  ASSERT_EQ(view::device_choices(nullptr).size(), 1U);
  EXPECT_EQ(view::device_choices(nullptr)[0].device, "cpu");
  const auto snapshot = machine(2, 2);
  const auto choices = view::device_choices(view::newest_sample(snapshot.get()));
  ASSERT_EQ(choices.size(), 3U);
  EXPECT_EQ(choices[0].text, "cpu: 2 cores, 13.0 GB free");
  EXPECT_EQ(choices[1].device, "cuda:0");
  EXPECT_EQ(choices[1].text, "cuda:0: Card %s, 48.8 GB of 80.0 GB free");
}

}  // namespace
}  // namespace realm::panels
