// What a launched trainer runs as. The stand-in is a script that writes down what it sees.
#include "app/services/launch/local_launcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Phase = LaunchState::Phase;

class LocalLauncherTest : public ::testing::Test {
 protected:
  // The script gets --run FOLDER.
  fs::path program(const std::string& script) const {
    const fs::path file = folder_.write("trainer", "#!/bin/sh\n" + script);
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }
  Launch start(const fs::path& trainer) const {
    return launcher_.start({.program = trainer, .run_folder = folder_.path()});
  }
  LaunchState state(const Launch& launch) const {
    return launcher_.ask(std::span(&launch, 1)).front();
  }
  std::string ending(const Launch& launch) const {
    for (int i = 0; i < 1000; ++i) {
      const LaunchState now = state(launch);
      if (now.phase == Phase::kGone) return now.detail;
      std::this_thread::sleep_for(10ms);
    }
    return "still there";
  }
  const LocalLauncher launcher_{};
  testing::TempDirectory folder_;
};

TEST_F(LocalLauncherTest, GivesWayToTheWindow) {
  const fs::path trainer = program(
      "cut -d' ' -f19 /proc/self/stat > \"$2/niceness\"\n"
      "cat /proc/self/autogroup > \"$2/group\" 2>/dev/null\nexit 3\n");
  EXPECT_EQ(ending(start(trainer)), "exit code 3");
  EXPECT_GE(std::stoi(testing::read_file(folder_ / "niceness")), 10);
  // "/autogroup-25 nice 10", where the system groups sessions.
  if (!fs::exists("/proc/self/autogroup")) return;
  EXPECT_NE(testing::read_file(folder_ / "group").find("nice 10"), std::string::npos);
}

TEST_F(LocalLauncherTest, NamesAProgramThatCannotBeStarted) {
  try {
    start(folder_ / "nothing");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("nothing"), std::string::npos);
  }
}

TEST_F(LocalLauncherTest, CancelsWithASignalThatCanBeHeeded) {
  const Launch launch =
      start(program("trap 'exit 7' TERM\necho > \"$2/ready\"\nwhile true; do sleep 0.02; done\n"));
  for (int i = 0; i < 1000 && !fs::exists(folder_ / "ready"); ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(state(launch).phase, Phase::kRunning);
  launcher_.cancel(launch);
  EXPECT_EQ(ending(launch), "exit code 7");
}

}  // namespace
}  // namespace realm
