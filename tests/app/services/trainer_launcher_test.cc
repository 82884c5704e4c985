// What a launched trainer runs as. The stand-in is a script that writes down what it sees.
#include "app/services/trainer_launcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class TrainerLauncher : public ::testing::Test {
 protected:
  // The script gets --run FOLDER.
  fs::path program(const std::string& script) const {
    const fs::path file = folder_.write("trainer", "#!/bin/sh\n" + script);
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }
  int run(const fs::path& trainer) const {
    const int64_t pid = launch_trainer(trainer, folder_.path());
    for (int i = 0; i < 1000; ++i) {
      if (const std::optional<int> code = trainer_exit(pid)) return *code;
      std::this_thread::sleep_for(10ms);
    }
    return -1;
  }
  testing::TempDirectory folder_;
};

TEST_F(TrainerLauncher, GivesWayToTheWindow) {
  const fs::path trainer = program(
      "cut -d' ' -f19 /proc/self/stat > \"$2/niceness\"\n"
      "cat /proc/self/autogroup > \"$2/group\" 2>/dev/null\nexit 3\n");
  EXPECT_EQ(run(trainer), 3);
  EXPECT_GE(std::stoi(testing::read_file(folder_ / "niceness")), 10);
  // "/autogroup-25 nice 10", where the system groups sessions.
  if (!fs::exists("/proc/self/autogroup")) return;
  EXPECT_NE(testing::read_file(folder_ / "group").find("nice 10"), std::string::npos);
}

TEST_F(TrainerLauncher, NamesAProgramThatCannotBeStarted) {
  try {
    launch_trainer(folder_ / "nothing", folder_.path());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("nothing"), std::string::npos);
  }
}

}  // namespace
}  // namespace realm
