// What the command line understands, and what it says where it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/commands/command_table.h"
#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::run_realm;
using testing::RunOptions;
using testing::TempDirectory;

TEST(CliUsage, SaysWhatIsMissingWithoutACommand) {
  const Outcome outcome = run_realm({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("a command is missing"));
}

TEST(CliUsage, HintsAtTheNearestWordForAnUnknownOne) {
  const Outcome command = run_realm({"improt", "file"});
  EXPECT_EQ(command.code, 2);
  EXPECT_THAT(command.err, HasSubstr("unknown word improt (did you mean import?)"));

  const Outcome sub = run_realm({"doc", "serach", "x"});
  EXPECT_EQ(sub.code, 2);
  EXPECT_THAT(sub.err, HasSubstr("did you mean search?"));

  const Outcome option = run_realm({"doc", "add", "--titel", "x", "--text", "y"});
  EXPECT_EQ(option.code, 2);
  EXPECT_THAT(option.err, HasSubstr("--title"));
}

TEST(CliUsage, RefusesValuesThatCannotBe) {
  EXPECT_EQ(run_realm({"ask", "x [MASK]", "--k", "0"}).code, 2);
  EXPECT_EQ(run_realm({"ask", "x [MASK]", "--k", "many"}).code, 2);
  EXPECT_EQ(run_realm({"retrieve", "x", "--mode", "sparse"}).code, 2);
  EXPECT_EQ(run_realm({"--precision", "fp8", "check"}).code, 2);
  EXPECT_EQ(run_realm({"doc", "edit", "3"}).code, 2);
  EXPECT_EQ(run_realm({"ask"}).code, 2);
}

TEST(CliUsage, NamesTheWaysToAWorkspaceWhereThereIsNone) {
  const TempDirectory folder;
  const Outcome outcome =
      run_realm({"check"}, RunOptions{.folder = folder.path(), .environment = {}});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--workspace"));
  EXPECT_THAT(outcome.err, HasSubstr("REALM_WORKSPACE"));
}

TEST(CliUsage, FailsOnAFolderThatIsNoWorkspace) {
  const TempDirectory folder;
  const Outcome outcome = run_realm({"--workspace", folder.path().string(), "check"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("workspace.json"));
}

TEST(CliUsage, HelpShowsEveryCommandOfTheTable) {
  const Outcome help = run_realm({"--help-all"});
  EXPECT_EQ(help.code, 0);
  for (const CommandInfo& command : command_table()) {
    if (!command.in_cli) continue;
    EXPECT_NE(help.out.find(command.help), std::string::npos) << command.id << ": " << command.help;
  }
}

TEST(CliUsage, HelpOfACommandExplainsItsOptions) {
  const Outcome help = run_realm({"ask", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("--watch"));
  EXPECT_THAT(help.out, HasSubstr("[[word]]"));
  EXPECT_THAT(help.out,
              HasSubstr("Usage: realm " + std::string(find_command("ask.run")->cli_usage)));
}

TEST(CliUsage, VersionNamesTheLibrariesTheKernelsAndTheDevices) {
  const auto json = run_realm({"--version", "--json"}).json();
  EXPECT_EQ(json.at("realm"), REALM_VERSION);
  for (const char* name : {"libtorch", "faiss", "sqlite"}) {
    EXPECT_THAT(json.at(name).get<std::string>(), Not(::testing::IsEmpty())) << name;
  }
  EXPECT_EQ(json.at("devices").at(0), "cpu");
  const Outcome text = run_realm({"--version"});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("LibTorch " + json.at("libtorch").get<std::string>()));
}

TEST(CliUsage, VersionSaysThatTheOpenMpBuildOfOpenBlasIsInUse) {
  const auto blas = run_realm({"--version", "--json"}).json().at("blas");
  if (blas.is_null()) GTEST_SKIP() << "this LibTorch multiplies with another library than OpenBLAS";
  EXPECT_TRUE(blas.at("openmp").get<bool>());
}

TEST(CliUsage, LeavesTheKernelsAloneThatTheUserChose) {
  const auto chosen =
      run_realm({"--version", "--json"},
                RunOptions{.folder = {}, .environment = {{"OPENBLAS_CORETYPE", "Haswell"}}})
          .json()
          .at("blas");
  if (chosen.is_null())
    GTEST_SKIP() << "this LibTorch multiplies with another library than OpenBLAS";
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2"))
    GTEST_SKIP() << "this CPU has no AVX2, so the kernels cannot be chosen";
  EXPECT_EQ(chosen.at("kernels"), "Haswell");
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) {
    const auto automatic =
        run_realm({"--version", "--json"}).json().at("blas").at("kernels").get<std::string>();
    EXPECT_THAT(automatic, ::testing::AnyOf("SkylakeX", "Cooperlake", "SapphireRapids"));
  }
#endif
}

}  // namespace
}  // namespace realm
