// Database, Query, Transaction: SQLite as the rest of storage uses it, over SQLiteCpp. The one
// place where SQLite's error codes become realm::Error with a sentence that names the file.
//
// Thread rule: a Database and all that was made from it belong to one thread. Calls block on disk,
// and up to five seconds while another program holds the file: then Error{kBusy}.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace realm {

class Database;

// A prepared statement out of the database's cache, given back when it goes. Parameters are
// numbered in order of bind.
class Query {
 public:
  ~Query();
  Query(Query&& other) noexcept = default;
  Query& operator=(Query&&) = delete;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  template <typename... Values>
  Query& bind(const Values&... values) {
    (bind_one(values), ...);
    return *this;
  }
  Query& bind_blob(std::string_view bytes);
  Query& bind_null();

  bool step();   // true: there is a row to read
  void run();    // to the end; for statements without rows
  void reset();  // ready for the next bind and step

  int64_t int64(int column) const;
  double real(int column) const;
  std::string text(int column) const;  // also blobs
  bool is_null(int column) const;

 private:
  friend class Database;
  Query(Database& database, std::string sql, std::unique_ptr<SQLite::Statement> statement);
  void bind_one(int64_t value);
  void bind_one(int value) { bind_one(static_cast<int64_t>(value)); }
  void bind_one(bool value) { bind_one(static_cast<int64_t>(value)); }
  void bind_one(double value);
  void bind_one(std::string_view value);
  void bind_one(const std::string& value) { bind_one(std::string_view(value)); }
  void bind_one(const char* value) { bind_one(std::string_view(value)); }

  Database* database_;
  std::string sql_;
  std::unique_ptr<SQLite::Statement> statement_;  // null in a moved-from Query
  int bound_ = 0;
};

class Database {
 public:
  enum class Mode { kReadOnly, kReadWrite, kCreate };
  // How commits are kept apart: a write-ahead log, beside which others read on; or a rollback
  // journal, for which writer and readers wait for each other, where the file lies on a file
  // system that machines share (network_file_system.h).
  enum class Journal { kAsTheDiskWants, kLog, kRollback };
  struct Options {
    Mode mode = Mode::kReadWrite;
    std::string what;            // names the file in sentences: "Corpus database"
    int32_t application_id = 0;  // tells our kinds of file apart
    int format_version = 1;      // what this program writes and reads
    std::string create_sql;      // the schema, for kCreate
    // upgrades[i] brings format i + 1 to i + 2; done when an older file is opened for writing. For
    // reading only, a file stays as it is.
    std::vector<std::string> upgrades{};
    // true: a commit survives a power cut; false: it survives a kill, and a power cut may take the
    // last ones.
    bool durable_commits = true;
    int busy_timeout_ms = 5000;                  // how long to wait for another program
    Journal journal = Journal::kAsTheDiskWants;  // changed when the file is opened for writing
  };

  // Throws Error{kNotFound}, Error{kInvalidArgument} when kCreate finds a file, Error{kCorruptData}
  // for a file of another kind, Error{kUnsupported} for a newer format with both versions,
  // Error{kIo} for what cannot be written or read.
  Database(std::filesystem::path file, Options options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Query query(std::string_view sql);
  void exec(const char* sql);
  int64_t get_int64(std::string_view sql);  // of a statement that gives one number
  int64_t changes() const;                  // rows that the last statement wrote
  bool read_only() const { return options_.mode == Mode::kReadOnly; }
  const std::filesystem::path& file() const { return file_; }
  const std::string& what() const { return options_.what; }
  sqlite3* handle() const;
  // Of the StopGuard that lives now, for SQL functions of ours; else one that never stops.
  const std::stop_token& stop() const;

  // Throws what an SQLite result code means here. For the parts that use the C interface.
  [[noreturn]] void fail(int extended_code, const std::string& sqlite_message) const;
  [[noreturn]] void fail() const;  // the connection's last error

 private:
  friend class Query;
  friend class StopGuard;
  void open(bool immutable);
  void open_for_reading();
  void check_format();
  void set_pragmas();
  void set_journal();
  std::string journal_mode();  // "wal", "delete", ... as SQLite names it
  void upgrade();

  std::filesystem::path file_;
  Options options_;
  std::unique_ptr<SQLite::Database> database_;
  std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> idle_statements_;
  const std::stop_token* stop_ = nullptr;
};

// kRead: one consistent view until it ends. kWrite: takes the one writer's place at once, so that
// nothing fails half-way. Rolled back when it goes without commit.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database* database_;
  bool open_ = true;
};

// While it lives, statements of this connection end with Error{kCancelled} soon after a stop
// request.
class StopGuard {
 public:
  StopGuard(Database& database, std::stop_token stop);
  ~StopGuard();
  StopGuard(const StopGuard&) = delete;
  StopGuard& operator=(const StopGuard&) = delete;

 private:
  Database* database_;
  std::unique_ptr<std::stop_token> stop_;
};

}  // namespace realm
