// How a database keeps its commits, by the file system that it lies on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <linux/magic.h>

#include <atomic>
#include <thread>

#include "engine/base/error.h"
#include "storage/database.h"
#include "storage/network_file_system.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Journal = Database::Journal;
using Mode = Database::Mode;

class DatabaseJournal : public ::testing::Test {
 protected:
  static Database::Options options(Mode mode, Journal journal) {
    Database::Options out;
    out.mode = mode;
    out.what = "Test database";
    out.application_id = 7;
    out.create_sql = "CREATE TABLE t(x INTEGER)";
    out.journal = journal;
    return out;
  }
  std::unique_ptr<Database> open(Mode mode, Journal journal = Journal::kAsTheDiskWants) const {
    return std::make_unique<Database>(file_, options(mode, journal));
  }
  static std::string mode_of(Database& database) {
    Query query = database.query("PRAGMA journal_mode");
    query.step();
    return query.text(0);
  }
  static int64_t rows(Database& database) { return database.get_int64("SELECT count(*) FROM t"); }
  bool has(const char* suffix) const { return fs::exists(file_.string() + suffix); }

  testing::TempDirectory folder_;
  const fs::path file_ = folder_ / "test.sqlite";
};

TEST_F(DatabaseJournal, IsALogOnADiskOfThisMachine) {
  const auto database = open(Mode::kCreate);
  EXPECT_EQ(mode_of(*database), "wal");
  EXPECT_TRUE(has("-shm"));
}

TEST_F(DatabaseJournal, NeedsNoSharedMemoryOnANetwork) {
  const auto database = open(Mode::kCreate, Journal::kRollback);
  database->exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(mode_of(*database), "delete");
  EXPECT_FALSE(has("-shm"));
  EXPECT_FALSE(has("-wal"));
  const auto reader = open(Mode::kReadOnly);
  EXPECT_EQ(rows(*reader), 1);
}

// A workspace that is copied to or from a network.
TEST_F(DatabaseJournal, ChangesWhereTheFileIsOpenedAlone) {
  open(Mode::kCreate)->exec("INSERT INTO t VALUES (1)");
  {
    const auto moved = open(Mode::kReadWrite, Journal::kRollback);
    EXPECT_EQ(mode_of(*moved), "delete");
    EXPECT_EQ(rows(*moved), 1);
    EXPECT_FALSE(has("-wal"));
  }
  const auto back = open(Mode::kReadWrite, Journal::kLog);
  EXPECT_EQ(mode_of(*back), "wal");
  EXPECT_EQ(rows(*back), 1);
}

TEST_F(DatabaseJournal, StaysWhileAnotherProgramHasTheFile) {
  const auto first = open(Mode::kCreate);
  first->exec("INSERT INTO t VALUES (1)");
  const auto second = open(Mode::kReadWrite, Journal::kRollback);
  EXPECT_EQ(mode_of(*second), "wal");
  second->exec("INSERT INTO t VALUES (2)");
  EXPECT_EQ(rows(*first), 2);
}

// Readers see whole transactions only, and wait for a commit instead of failing.
TEST_F(DatabaseJournal, AWriterAndReadersTakeTurnsWithARollbackJournal) {
  const auto writer = open(Mode::kCreate, Journal::kRollback);
  std::atomic<bool> done = false;
  std::thread reading([&] {
    const auto reader = open(Mode::kReadOnly);
    int64_t last = 0;
    while (!done) {
      const int64_t now = rows(*reader);
      EXPECT_EQ(now % 10, 0) << "half a transaction";
      EXPECT_GE(now, last);
      last = now;
    }
  });
  for (int i = 0; i < 50; ++i) {
    Transaction transaction(*writer, Transaction::Kind::kWrite);
    for (int k = 0; k < 10; ++k) writer->exec("INSERT INTO t VALUES (1)");
    transaction.commit();
  }
  done = true;
  reading.join();
  EXPECT_EQ(rows(*writer), 500);
}

TEST(NetworkFileSystem, IsToldByTheKernelsNumbers) {
  for (const int64_t shared : {NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CODA_SUPER_MAGIC, V9FS_MAGIC,
                               AFS_SUPER_MAGIC, AFS_FS_MAGIC, OCFS2_SUPER_MAGIC})
    EXPECT_TRUE(is_shared_among_machines(shared)) << fmt::format("{:#x}", shared);
  // statfs(2) and the file systems' own sources: SMB 2, CIFS, Lustre, GPFS, Ceph, BeeGFS, FUSE.
  for (const int64_t shared :
       {0xfe534d42L, 0xff534d42L, 0x0bd00bd0L, 0x47504653L, 0x00c36400L, 0x19830326L, 0x65735546L})
    EXPECT_TRUE(is_shared_among_machines(shared)) << fmt::format("{:#x}", shared);
  EXPECT_TRUE(is_shared_among_machines(static_cast<int32_t>(0xff534d42))) << "a negative number";
  for (const int64_t local : {EXT4_SUPER_MAGIC, static_cast<int>(BTRFS_SUPER_MAGIC), TMPFS_MAGIC,
                              OVERLAYFS_SUPER_MAGIC, XFS_SUPER_MAGIC})
    EXPECT_FALSE(is_shared_among_machines(local)) << fmt::format("{:#x}", local);
  EXPECT_FALSE(lies_on_network("/proc"));
  EXPECT_FALSE(lies_on_network("/no/such/file"));
}

}  // namespace
}  // namespace realm
