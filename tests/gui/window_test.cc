// The whole window once, under a virtual display: it opens, answers, writes a picture of itself and
// ends.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/temp_directory.h"
#include "tests/support/virtual_display.h"

namespace realm {
namespace {

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

Outcome run(const std::string& command) {
  Outcome result;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer{};
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    result.output.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return result;
}

class WindowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (run("command -v Xvfb").exit_code != 0)
      GTEST_SKIP() << "Xvfb is not installed (package xvfb).";
  }
  std::string home() const {
    return "HOME=" + folder_.path().string() +
           " XDG_CONFIG_HOME= XDG_STATE_HOME= XDG_DATA_HOME= REALM_WORKSPACE= ";
  }
  Outcome in_display(const std::string& arguments) {
    const testing::VirtualDisplay display("1280x800x24");
    return run(home() + "DISPLAY=" + display.name() + " timeout 120 " + REALM_FAKE_WINDOW + " " +
               arguments);
  }
  testing::TempDirectory folder_;
};

TEST_F(WindowTest, AnswersAndWritesAPictureOfItself) {
  const std::filesystem::path picture = folder_ / "ask.png";
  const Outcome result = in_display(
      "/w --fresh --ask '3 is a [[Fermat]] prime.' --exit-after-screenshot --screenshot " +
      picture.string());
  EXPECT_EQ(result.exit_code, 0) << result.output;
  ASSERT_TRUE(std::filesystem::exists(picture)) << result.output;
  EXPECT_EQ(testing::read_file(picture).substr(1, 3), "PNG");
  EXPECT_GT(std::filesystem::file_size(picture), 20000U);  // an empty window packs far smaller
}

TEST_F(WindowTest, AQuestionThatFailsGivesAPictureAndExitCodeOne) {
  const std::filesystem::path picture = folder_ / "fails.png";
  const Outcome result =
      in_display("/w --fresh --ask 'nothing is hidden' --exit-after-screenshot --screenshot " +
                 picture.string());
  EXPECT_EQ(result.exit_code, 1) << result.output;
  EXPECT_NE(result.output.find("Click the word"), std::string::npos) << result.output;
  EXPECT_TRUE(std::filesystem::exists(picture));
}

TEST_F(WindowTest, KeepsItsStateInTheUsersFolders) {
  const std::filesystem::path picture = folder_ / "corpus.png";
  const Outcome result =
      in_display("/w --workspace-tab corpus --theme dark --exit-after-screenshot --screenshot " +
                 picture.string());
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_TRUE(std::filesystem::exists(folder_ / ".local/state/realm-workbench/state.json"));
}

TEST_F(WindowTest, ReportsWhatItsFramesCost) {
  const std::filesystem::path report = folder_ / "frames.jsonl";
  const Outcome result =
      in_display("/w --fresh --exit-after-screenshot --screenshot " + (folder_ / "x.png").string() +
                 " --frame-report " + report.string());
  EXPECT_EQ(result.exit_code, 0) << result.output;
  const std::string lines = testing::read_file(report);
  EXPECT_NE(lines.find("\"ui_cpu_us\": "), std::string::npos) << lines;
  EXPECT_NE(lines.find("\"settled\": true}\n"), std::string::npos) << lines;
}

TEST_F(WindowTest, TakesUpTheLastSession) {
  const std::filesystem::path first = folder_ / "first.png", second = folder_ / "second.png";
  EXPECT_EQ(in_display("/w --ask '3 is a [[Fermat]] prime.' --exit-after-screenshot --screenshot " +
                       first.string())
                .exit_code,
            0);
  const std::string state = testing::read_file(folder_ / ".local/state/realm-workbench/state.json");
  EXPECT_NE(state.find("[[Fermat]]"), std::string::npos) << state;
  const Outcome again =
      in_display("--exit-after-screenshot --screenshot " + second.string() + " /w");
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_GT(std::filesystem::file_size(second), 20000U);  // the answer is there again
}

TEST_F(WindowTest, AFreshWindowTakesUpAndKeepsNothing) {
  const std::filesystem::path picture = folder_ / "fresh.png";
  const Outcome result = in_display(
      "/w --fresh --read-only --workspace-tab corpus "
      "--exit-after-screenshot --screenshot " +
      picture.string());
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_TRUE(std::filesystem::exists(picture));
  EXPECT_FALSE(std::filesystem::exists(folder_ / ".local/state/realm-workbench/state.json"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / ".config/realm-workbench/settings.json"));
}

TEST_F(WindowTest, AWorkspaceThatCannotBeOpenedIsToldOfOnScreenAndInTheTerminal) {
  const std::filesystem::path picture = folder_ / "fails.png";
  ASSERT_EQ(::setenv("REALM_FAKE", "failing", 1), 0);
  const Outcome result =
      in_display("/w --fresh --exit-after-screenshot --screenshot " + picture.string());
  ::unsetenv("REALM_FAKE");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.output.find("format 9"), std::string::npos) << result.output;
  EXPECT_TRUE(std::filesystem::exists(picture));
}

TEST_F(WindowTest, WithoutADisplayItNamesTheCommandLine) {
  const Outcome result = run(home() + "env -u DISPLAY -u WAYLAND_DISPLAY timeout 60 " +
                             std::string(REALM_FAKE_WINDOW) + " /w --fresh");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.output.find("realm ask"), std::string::npos) << result.output;
}

TEST_F(WindowTest, HelpAndMistakesNeedNoDisplay) {
  const std::string program = "env -u DISPLAY " + std::string(REALM_FAKE_WINDOW);
  const Outcome help = run(program + " --help");
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.output.find("--screenshot"), std::string::npos);
  EXPECT_EQ(run(program + " --version").exit_code, 0);
  const Outcome unknown = run(program + " --screnshot x.png");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.output.find("--screenshot"), std::string::npos) << unknown.output;
  EXPECT_EQ(run(program + " --workspace-tab index").exit_code, 2);
}

}  // namespace
}  // namespace realm
