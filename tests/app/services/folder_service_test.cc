#include "app/services/folder_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using view::FolderKind;

class Folders : public ::testing::Test {
 protected:
  void file(const std::string& name) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << "x";
  }
  static std::vector<std::string> names(const view::FolderListing& listing) {
    std::vector<std::string> out;
    for (const view::FolderEntry& entry : listing.entries)
      out.push_back(entry.name + (entry.is_folder ? "/" : ""));
    return out;
  }
  const testing::TempDirectory folder_;
};

TEST_F(Folders, AreListedFoldersFirstWithoutRegardToCase) {
  file("b.txt");
  file("A.txt");
  file("Zed/x");
  file("alpha/x");
  const view::FolderListing listing = read_folder(folder_.path(), 100);
  EXPECT_THAT(names(listing), ElementsAre("alpha/", "Zed/", "A.txt", "b.txt"));
  EXPECT_EQ(listing.folder, folder_.path());
  EXPECT_FALSE(listing.is_cut);
  EXPECT_EQ(listing.problem, "");
}

TEST_F(Folders, AreCutWhereTheyHoldTooMuch) {
  for (const char* name : {"a", "b", "c"}) file(name);
  const view::FolderListing listing = read_folder(folder_.path(), 2);
  EXPECT_EQ(listing.entries.size(), 2U);
  EXPECT_TRUE(listing.is_cut);
}

TEST_F(Folders, OfferNothingThatWouldBeWaitedFor) {
  file("a.txt");
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink(folder_ / "a.txt", folder_ / "link.txt");
  EXPECT_THAT(names(read_folder(folder_.path(), 10)), ElementsAre("a.txt", "link.txt"));
}

TEST_F(Folders, SayWhyTheyCannotBeRead) {
  EXPECT_THAT(read_folder(folder_ / "none", 10).problem, HasSubstr("cannot be read"));
  EXPECT_TRUE(read_folder(folder_ / "none", 10).is_missing);
  file("plain");
  EXPECT_FALSE(read_folder(folder_ / "plain", 10).is_missing);
  EXPECT_THAT(read_folder(folder_ / "plain", 10).problem, HasSubstr("cannot be read"));
}

TEST_F(Folders, AreToldByWhatIsInThem) {
  file("workspace/workspace.json");
  file("workspace/config.json");
  file("a-bert/config.json");
  file("bundle/embedder/config.json");
  file("plain/x");
  std::filesystem::create_directory_symlink(folder_ / "a-bert", folder_ / "linked");
  std::filesystem::create_directory_symlink(folder_ / "gone", folder_ / "dangling");
  EXPECT_EQ(kind_of_folder(folder_ / "workspace"), FolderKind::kWorkspace);
  EXPECT_EQ(kind_of_folder(folder_ / "a-bert"), FolderKind::kModel);
  EXPECT_EQ(kind_of_folder(folder_ / "bundle"), FolderKind::kModel);
  EXPECT_EQ(kind_of_folder(folder_ / "plain"), FolderKind::kPlain);
  const view::FolderListing listing = read_folder(folder_.path(), 10);
  EXPECT_THAT(names(listing), ElementsAre("a-bert/", "bundle/", "linked/", "plain/", "workspace/"));
  EXPECT_EQ(read_folder(folder_ / "a-bert", 10).kind, FolderKind::kModel);
  EXPECT_EQ(listing.kind, FolderKind::kPlain);
  EXPECT_EQ(listing.entries[2].kind, FolderKind::kModel);
  EXPECT_EQ(listing.entries[4].kind, FolderKind::kWorkspace);
}

TEST_F(Folders, AreReadByAThreadThatWakesWhoAsked) {
  file("a/x");
  file("b/y");
  std::mutex mutex;
  std::condition_variable changed;
  int wakes = 0;
  FolderService service([&] {
    const std::lock_guard lock(mutex);
    ++wakes;
    changed.notify_all();
  });
  EXPECT_EQ(service.newest(), nullptr);
  for (const char* name : {"a", "b"}) {
    service.look_at({folder_ / name});
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] {
      const auto now = service.newest();
      return now && now->folder == folder_ / name;
    });
  }
  EXPECT_EQ(service.newest()->entries[0].name, "y");
  EXPECT_GE(wakes, 2);
}

}  // namespace
}  // namespace realm
