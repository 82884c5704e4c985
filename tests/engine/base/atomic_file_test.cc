#include "engine/base/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::read_file;

int entries_in(const std::filesystem::path& folder) {
  return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(AtomicFile, ReplacesTheContent) {
  const testing::TempDirectory folder;
  const auto target = folder.write("data", "old content");

  write_file_atomically(target, "new");

  EXPECT_EQ(read_file(target), "new");
  EXPECT_EQ(entries_in(folder.path()), 1);
}

TEST(AtomicFile, ShowsNothingBeforeTheCommit) {
  const testing::TempDirectory folder;
  const auto target = folder.write("data", "old");

  AtomicFile file(target);
  file.write("half of the");

  EXPECT_EQ(read_file(target), "old");
}

TEST(AtomicFile, LeavesNoTraceWhenItIsNotCommitted) {
  const testing::TempDirectory folder;
  const auto target = folder.write("data", "old");
  {
    AtomicFile file(target);
    file.write("new");
    EXPECT_EQ(entries_in(folder.path()), 2);
  }
  EXPECT_EQ(read_file(target), "old");
  EXPECT_EQ(entries_in(folder.path()), 1);
}

TEST(AtomicFile, TwoWritersOfOnePathDoNotMix) {
  const testing::TempDirectory folder;
  const auto target = folder / "data";
  AtomicFile first(target);
  AtomicFile second(target);
  first.write("first");
  second.write("second, longer");

  second.commit();
  first.commit();

  EXPECT_EQ(read_file(target), "first");
}

TEST(AtomicFile, KeepsThePermissionsOfTheFileThatItReplaces) {
  const testing::TempDirectory folder;
  const auto target = folder.write("data", "old");
  ASSERT_EQ(::chmod(target.c_str(), 0640), 0);

  write_file_atomically(target, "new");

  struct stat status {};
  ASSERT_EQ(::stat(target.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST(AtomicFile, NamesAFolderThatIsNotThere) {
  const testing::TempDirectory folder;
  try {
    write_file_atomically(folder / "absent" / "data", "x");
    FAIL() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("absent"), std::string::npos);
  }
}

TEST(AtomicFile, RefusesToReplaceAFolderAndLeavesIt) {
  const testing::TempDirectory folder;
  folder.write("target/inside", "kept");

  try {
    write_file_atomically(folder / "target", "x");
    FAIL() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
  }
  EXPECT_EQ(read_file(folder / "target/inside"), "kept");
  EXPECT_EQ(entries_in(folder.path()), 1);
}

TEST(AtomicFile, ReportsTheReasonOfTheSystem) {
  const testing::TempDirectory folder;
  try {
    write_file_atomically(folder / std::string(300, 'n'), "x");
    FAIL() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_NE(std::string(error.what()).find("File name too long"), std::string::npos);
  }
}

}  // namespace
}  // namespace realm
