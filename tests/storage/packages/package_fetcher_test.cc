#include "storage/packages/package_fetcher.h"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "engine/base/digest.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::error_code_of;
using testing::error_of;
using ::testing::HasSubstr;
using testing::read_file;

// Stand-ins for the programs; a "package" is a tar file. Each call of apt-get or npm adds a line to
// calls.txt.
class PackageFetcherTest : public ::testing::Test {
 protected:
  PackageFetcherTest() {
    temp.write("tree/package/data.txt", "some data\n");
    program("apt-get", pack("tool_1.0_all.deb", "package"));
    program("npm", "echo \"$@\" > " + (temp / "npm.txt").string() + "\n" +
                       pack("tool-2.0.tgz", "package"));
    program("dpkg-deb", "tar -xzf \"$2\" -C \"$3\"\n");
  }

  std::string pack(const std::string& archive, const std::string& folder) const {
    return "echo got it\ntar -czf " + archive + " -C " + (temp / "tree").string() + " " + folder +
           "\n";
  }

  void program(const std::string& name, const std::string& script) {
    const fs::path file =
        temp.write("bin/" + name, "#!/bin/sh\necho " + name + " \"$@\" >> " +
                                      (temp / "calls.txt").string() + "\n" + script);
    fs::permissions(file, fs::perms::owner_all);
    const std::string path = file.string();
    if (name == "apt-get") programs.apt_get = path;
    if (name == "npm") programs.npm = path;
    if (name == "dpkg-deb") programs.dpkg_deb = path;
  }

  FetchedPackage fetch(const PackageRequest& request, std::stop_token stop = {}) {
    SystemPackageFetcher fetcher(cache, programs, time_limit);
    return fetcher.fetch(request, stop);
  }
  std::string error_of_fetch(const PackageRequest& request) {
    return error_of([&] { fetch(request); });
  }
  std::string calls() const {
    return fs::exists(temp / "calls.txt") ? read_file(temp / "calls.txt") : "";
  }

  testing::TempDirectory temp;
  fs::path cache = temp / "cache";
  PackagePrograms programs;
  std::chrono::milliseconds time_limit = std::chrono::minutes(1);
  const PackageRequest debian{PackageRequest::Kind::kDebian, "tool", {}, {}};
  const PackageRequest npm{PackageRequest::Kind::kNpm, "@x/tool", "2.0", {}};
};

TEST_F(PackageFetcherTest, DownloadsAndUnpacksADebianPackage) {
  const FetchedPackage package = fetch(debian);
  EXPECT_EQ(package.archive, "tool_1.0_all.deb");
  EXPECT_FALSE(package.from_cache);
  EXPECT_EQ(package.content, cache / "tool/content");
  EXPECT_EQ(read_file(package.content / "package/data.txt"), "some data\n");
  EXPECT_EQ(package.archive_sha256, sha256_of_file(cache / "tool/tool_1.0_all.deb"));
  EXPECT_THAT(read_file(cache / "tool.log"), HasSubstr("got it"));
  EXPECT_FALSE(fs::exists(cache / "tool.partial"));
}

TEST_F(PackageFetcherTest, UnpacksAnNpmPackageWithoutItsOuterFolder) {
  const FetchedPackage package = fetch(npm);
  EXPECT_EQ(read_file(package.content / "data.txt"), "some data\n");
  EXPECT_EQ(package.content, cache / "@x+tool@2.0/content");
  EXPECT_EQ(read_file(temp / "npm.txt"), "pack --ignore-scripts @x/tool@2.0\n");
}

TEST_F(PackageFetcherTest, DoesNotFetchWhatIsComplete) {
  const FetchedPackage first = fetch(debian);
  const std::string before = calls();
  const FetchedPackage second = fetch(debian);
  EXPECT_TRUE(second.from_cache);
  EXPECT_EQ(second.archive_sha256, first.archive_sha256);
  EXPECT_EQ(second.content, first.content);
  EXPECT_EQ(calls(), before);
}

TEST_F(PackageFetcherTest, FetchesAnewWhatIsNotAsItWas) {
  fetch(debian);
  fs::remove(cache / "tool/content/package/data.txt");
  EXPECT_FALSE(fetch(debian).from_cache);
  EXPECT_TRUE(fs::exists(cache / "tool/content/package/data.txt"));
  temp.write("cache/tool/tool_1.0_all.deb", "changed");
  EXPECT_FALSE(fetch(debian).from_cache);
  temp.write("cache/tool/complete.json", "{\"archive\": 5}");
  EXPECT_FALSE(fetch(debian).from_cache);
  fs::remove(cache / "tool/complete.json");
  EXPECT_FALSE(fetch(debian).from_cache);
  EXPECT_TRUE(fetch(debian).from_cache);
}

TEST_F(PackageFetcherTest, ThrowsAwayHalfADownload) {
  temp.write("cache/tool.partial/half_1_all.deb", "half");
  temp.write("cache/tool.partial/content/old.txt", "old");
  const FetchedPackage package = fetch(debian);
  EXPECT_EQ(package.archive, "tool_1.0_all.deb");
  EXPECT_FALSE(fs::exists(package.content / "old.txt"));
}

TEST_F(PackageFetcherTest, ChecksExpectedFilesAndDeletesWhatDiffers) {
  PackageRequest request = debian;
  request.expected = {{"package/data.txt", sha256_hex("some data\n")}};
  EXPECT_EQ(error_of_fetch(request), "");
  request.expected[0].sha256 = sha256_hex("other data\n");
  EXPECT_EQ(error_code_of([&] { fetch(request); }), ErrorCode::kMismatch);
  EXPECT_FALSE(fs::exists(cache / "tool"));
  EXPECT_THAT(error_of_fetch(request),
              ::testing::AllOf(HasSubstr("package/data.txt"), HasSubstr(sha256_hex("some data\n")),
                               HasSubstr(sha256_hex("other data\n"))));
  request.expected[0].path = "package/none.txt";
  EXPECT_THAT(error_of_fetch(request), HasSubstr("does not hold the file package/none.txt"));
}

TEST_F(PackageFetcherTest, SaysWhyAPackageCannotBeHad) {
  program("apt-get", "echo 'E: Unable to locate package tool' >&2\nexit 100\n");
  EXPECT_EQ(error_code_of([&] { fetch(debian); }), ErrorCode::kIo);
  EXPECT_EQ(error_of_fetch(debian),
            "The package tool cannot be had: '" + programs.apt_get +
                "' ended with code 100 and said \"E: Unable to locate package tool\"; this "
                "system's package lists do not have it: run 'apt-get update' as root, then this "
                "again (log: " +
                (cache / "tool.log").string() + ").");
  program("apt-get", "echo 'E: Could not resolve host' >&2\nexit 100\n");
  EXPECT_THAT(error_of_fetch(debian), HasSubstr("check the network and the package sources"));
  program("npm", "echo 'npm ERR! code ENOSPC' >&2\nexit 1\n");
  EXPECT_THAT(error_of_fetch(npm),
              ::testing::AllOf(HasSubstr("@x/tool@2.0"), HasSubstr("the disk is full: make room")));
  program("npm", "exit 0\n");
  EXPECT_THAT(error_of_fetch(npm), HasSubstr("the download left no .tgz file"));
  EXPECT_FALSE(fs::exists(cache / "tool"));
}

TEST_F(PackageFetcherTest, SaysThatAProgramIsNotThere) {
  programs.npm = (temp / "bin/none").string();
  EXPECT_EQ(error_code_of([&] { fetch(npm); }), ErrorCode::kNotFound);
  EXPECT_THAT(error_of_fetch(npm),
              ::testing::AllOf(HasSubstr("The package @x/tool@2.0 cannot be had"),
                               HasSubstr("install the Debian package npm")));
}

TEST_F(PackageFetcherTest, EndsTheProgramWhenCancelled) {
  // It tells its process id, then does not end by itself.
  program("apt-get", "echo half > tool_1.0_all.deb\necho $$ > " + (temp / "pid.tmp").string() +
                         "\nmv " + (temp / "pid.tmp").string() + " " + (temp / "pid").string() +
                         "\nexec tail -f /dev/null\n");
  std::stop_source source;
  std::jthread stopper([&] {
    while (!fs::exists(temp / "pid")) std::this_thread::yield();
    source.request_stop();
  });
  EXPECT_EQ(error_code_of([&] { fetch(debian, source.get_token()); }), ErrorCode::kCancelled);
  stopper.join();
  const pid_t pid = std::stoi(read_file(temp / "pid"));
  EXPECT_NE(kill(pid, 0), 0);
  // The next run begins anew.
  program("apt-get", pack("tool_1.0_all.deb", "package"));
  EXPECT_EQ(read_file(fetch(debian).content / "package/data.txt"), "some data\n");
}

TEST_F(PackageFetcherTest, EndsAProgramThatTakesTooLong) {
  program("apt-get", "exec tail -f /dev/null\n");
  time_limit = std::chrono::milliseconds(100);
  EXPECT_EQ(error_code_of([&] { fetch(debian); }), ErrorCode::kIo);
  EXPECT_THAT(error_of_fetch(debian), HasSubstr("took longer than"));
}

TEST_F(PackageFetcherTest, TakesNoNameThatIsAnOptionOrAPath) {
  for (const char* name : {"", "-o", "../x", "a b", "a;b"}) {
    EXPECT_EQ(error_code_of([&] {
                fetch({PackageRequest::Kind::kDebian, name, {}, {}});
              }),
              ErrorCode::kInvalidArgument)
        << name;
  }
  EXPECT_EQ(calls(), "");
}

TEST_F(PackageFetcherTest, TellsThatTheCacheCannotBeWritten) {
  temp.write("cache", "a file");
  EXPECT_EQ(error_code_of([&] { fetch(debian); }), ErrorCode::kIo);
  EXPECT_THAT(error_of_fetch(debian), HasSubstr("The package tool cannot be kept in"));
}

}  // namespace
}  // namespace realm
