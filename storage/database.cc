#include "storage/database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "storage/network_file_system.h"

namespace realm {
namespace {

constexpr int kStepsBetweenStopChecks = 20'000;  // of SQLite's virtual machine: about a millisecond

// The URI form of a path, in which SQLite gives ? # and % a meaning.
std::string file_uri(const std::filesystem::path& file, std::string_view parameters) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri.append("?").append(parameters);
}

}  // namespace

// ---- Query

Query::Query(Database& database, std::string sql, std::unique_ptr<SQLite::Statement> statement)
    : database_(&database), sql_(std::move(sql)), statement_(std::move(statement)) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  try {
    statement_->reset();
    statement_->clearBindings();
    database_->idle_statements_.insert_or_assign(std::move(sql_), std::move(statement_));
  } catch (...) {
    // A statement that failed tells its error again when it is reset: it is not kept then.
  }
}

void Query::bind_one(int64_t value) {
  try {
    statement_->bind(++bound_, value);
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
}

void Query::bind_one(double value) {
  try {
    statement_->bind(++bound_, value);
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
}

void Query::bind_one(std::string_view value) {
  try {
    statement_->bind(++bound_, std::string(value));
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
}

Query& Query::bind_blob(std::string_view bytes) {
  try {
    // A null pointer would bind NULL: an empty blob needs an address too.
    statement_->bind(++bound_, bytes.empty() ? "" : static_cast<const void*>(bytes.data()),
                     static_cast<int>(bytes.size()));
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
  return *this;
}

Query& Query::bind_null() {
  try {
    statement_->bind(++bound_);
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
  return *this;
}

bool Query::step() {
  try {
    return statement_->executeStep();
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
}

void Query::run() {
  while (step()) {
  }
  reset();
}

void Query::reset() {
  try {
    statement_->reset();
  } catch (const SQLite::Exception& error) {
    database_->fail(error.getExtendedErrorCode(), error.what());
  }
  bound_ = 0;
}

int64_t Query::int64(int column) const { return statement_->getColumn(column).getInt64(); }
double Query::real(int column) const { return statement_->getColumn(column).getDouble(); }
bool Query::is_null(int column) const { return statement_->getColumn(column).isNull(); }

std::string Query::text(int column) const {
  const SQLite::Column value = statement_->getColumn(column);
  const auto* data = static_cast<const char*>(value.getBlob());
  return data == nullptr ? std::string() : std::string(data, static_cast<size_t>(value.getBytes()));
}

// ---- Database

Database::Database(std::filesystem::path file, Options options)
    : file_(std::move(file)), options_(std::move(options)) {
  std::error_code ignored;
  const bool exists = std::filesystem::exists(file_, ignored);
  if (options_.mode == Mode::kCreate && exists) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} '{}' exists already.", what(), file_.string()));
  }
  if (options_.mode != Mode::kCreate && !exists) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("{} '{}' does not exist.", what(), file_.string()));
  }
  if (options_.mode == Mode::kReadOnly) {
    open_for_reading();
  } else {
    open(false);
    if (sqlite3_db_readonly(handle(), "main") != 0) {
      throw Error(ErrorCode::kIo, fmt::format("{} '{}' cannot be written: it is read-only.", what(),
                                              file_.string()));
    }
  }
  if (options_.mode == Mode::kCreate) {
    set_journal();
    Transaction transaction(*this, Transaction::Kind::kWrite);
    exec(fmt::format("PRAGMA application_id = {}", options_.application_id).c_str());
    exec(fmt::format("PRAGMA user_version = {}", options_.format_version).c_str());
    exec(options_.create_sql.c_str());
    transaction.commit();
    options_.mode = Mode::kReadWrite;
  }
  check_format();
  set_pragmas();
  if (options_.mode == Mode::kReadWrite) upgrade();
}

Database::~Database() = default;

void Database::open(bool immutable) {
  try {
    const int flags = options_.mode == Mode::kReadOnly ? SQLite::OPEN_READONLY
                      : options_.mode == Mode::kReadWrite
                          ? SQLite::OPEN_READWRITE
                          : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    database_ = std::make_unique<SQLite::Database>(
        file_uri(file_, immutable ? "immutable=1" : "immutable=0"), flags | SQLite::OPEN_URI,
        options_.busy_timeout_ms);
    sqlite3_extended_result_codes(handle(), 1);
  } catch (const SQLite::Exception& error) {
    fail(error.getErrorCode(), error.what());
  }
}

void Database::open_for_reading() {
  try {
    open(false);
    get_int64("PRAGMA user_version");
  } catch (const Error& error) {
    // Reading a WAL database needs a shared-memory file beside it. Where that cannot be made (a
    // read-only folder or medium) and no log waits to be read, the file is complete and may be read
    // as it is.
    std::error_code ignored;
    bool log_waits = false;
    for (const char* suffix : {"-wal", "-journal"}) {
      const std::filesystem::path log = file_.string() + suffix;
      if (std::filesystem::exists(log, ignored) && std::filesystem::file_size(log, ignored) > 0)
        log_waits = true;
    }
    const bool writable =
        ::euidaccess(std::filesystem::absolute(file_).parent_path().c_str(), W_OK) == 0;
    if (error.code() != ErrorCode::kIo || log_waits || writable) throw;
    idle_statements_.clear();
    open(true);
  }
}

void Database::check_format() {
  const int64_t id = get_int64("PRAGMA application_id");
  if (id != options_.application_id) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format(
            "'{}' is a database of another kind, not a {} (application id {:#x}, expected {:#x}).",
            file_.string(), what(), id, options_.application_id));
  }
  const int64_t version = get_int64("PRAGMA user_version");
  if (version > options_.format_version) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{} '{}' has format {}, and this program reads formats up to {}: it "
                            "was written by a newer one.",
                            what(), file_.string(), version, options_.format_version));
  }
  if (version < 1) {
    throw Error(ErrorCode::kCorruptData, fmt::format("{} '{}' has format {}, which never was.",
                                                     what(), file_.string(), version));
  }
}

void Database::upgrade() {
  const auto version = [this] { return get_int64("PRAGMA user_version"); };
  const auto newest = static_cast<int64_t>(options_.upgrades.size()) + 1;
  if (version() >= newest) return;
  Transaction transaction(*this, Transaction::Kind::kWrite);
  // Another program may have done it while this one waited.
  for (int64_t from = version(); from < newest; ++from) {
    exec(options_.upgrades[static_cast<size_t>(from - 1)].c_str());
    exec(fmt::format("PRAGMA user_version = {}", from + 1).c_str());
  }
  transaction.commit();
}

void Database::set_pragmas() {
  exec("PRAGMA temp_store = MEMORY");
  exec("PRAGMA cache_size = -32768");  // KiB
  if (read_only()) {
    exec("PRAGMA query_only = ON");
    return;
  }
  set_journal();
  exec("PRAGMA foreign_keys = ON");
  // Debian's SQLite overwrites what it deletes with zeros, which no one asked for here and costs
  // writes.
  exec("PRAGMA secure_delete = OFF");
  exec("PRAGMA journal_size_limit = 67108864");
  const bool has_log = journal_mode() == "wal";
  exec(options_.durable_commits || !has_log ? "PRAGMA synchronous = FULL"
                                            : "PRAGMA synchronous = NORMAL");
}

std::string Database::journal_mode() {
  Query query = this->query("PRAGMA journal_mode");
  return query.step() ? query.text(0) : std::string();
}

void Database::set_journal() {
  const bool rollback = options_.journal == Journal::kRollback ||
                        (options_.journal == Journal::kAsTheDiskWants && lies_on_network(file_));
  const char* const wanted = rollback ? "delete" : "wal";
  if (journal_mode() == wanted) return;
  // Another program that has the file open keeps it as it is, until one opens it alone.
  sqlite3_busy_timeout(handle(), 0);
  try {
    Query query = this->query(fmt::format("PRAGMA journal_mode = {}", wanted));
    query.step();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBusy) throw;
  }
  sqlite3_busy_timeout(handle(), options_.busy_timeout_ms);
}

Query Database::query(std::string_view sql) {
  std::string key(sql);
  std::unique_ptr<SQLite::Statement> statement;
  if (auto node = idle_statements_.extract(key); !node.empty() && node.mapped() != nullptr) {
    statement = std::move(node.mapped());
  } else {
    try {
      statement = std::make_unique<SQLite::Statement>(*database_, key);
    } catch (const SQLite::Exception& error) {
      fail(error.getExtendedErrorCode(), error.what());
    }
  }
  return Query(*this, std::move(key), std::move(statement));
}

void Database::exec(const char* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

int64_t Database::get_int64(std::string_view sql) {
  Query one = query(sql);
  REALM_CHECK(one.step());
  return one.int64(0);
}

int64_t Database::changes() const { return sqlite3_changes64(handle()); }

sqlite3* Database::handle() const { return database_->getHandle(); }

const std::stop_token& Database::stop() const {
  static const std::stop_token kNever;
  return stop_ == nullptr ? kNever : *stop_;
}

void Database::fail() const { fail(sqlite3_extended_errcode(handle()), sqlite3_errmsg(handle())); }

void Database::fail(int extended_code, const std::string& sqlite_message) const {
  const std::string name = fmt::format("{} '{}'", what(), file_.string());
  switch (extended_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(
          ErrorCode::kBusy,
          fmt::format(
              "{} is held by another program (waited {:.0f} s); try again when that has finished.",
              name, options_.busy_timeout_ms / 1000.0));
    case SQLITE_INTERRUPT:
      throw Error(ErrorCode::kCancelled, fmt::format("The query of {} was cancelled.", name));
    case SQLITE_NOTADB:
      throw Error(ErrorCode::kCorruptData, fmt::format("{} is not an SQLite database.", name));
    case SQLITE_CORRUPT:
      throw Error(ErrorCode::kCorruptData, fmt::format("{} is damaged: {}.", name, sqlite_message));
    case SQLITE_FULL:
      throw Error(ErrorCode::kIo, fmt::format("{} cannot grow: the disk is full.", name));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw Error(ErrorCode::kIo, fmt::format("{} cannot be written: it is read-only.", name));
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      throw Error(ErrorCode::kIo,
                  fmt::format("{} cannot be read or written: {} ({}).", name, sqlite_message,
                              std::generic_category().message(
                                  sqlite3_system_errno(database_ ? handle() : nullptr))));
    case SQLITE_NOMEM:
      throw Error(ErrorCode::kResourceExhausted,
                  fmt::format("There is not enough memory to use {}.", name));
    default:
      // A table or a function that is not there, or a value that breaks a rule: the file is not
      // what its format says.
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("{} cannot be used: {}.", name, sqlite_message));
  }
}

// ---- Transaction

Transaction::Transaction(Database& database, Kind kind) : database_(&database) {
  database.exec(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself (a full disk): then there is nothing to end.
  if (open_ && sqlite3_get_autocommit(database_->handle()) == 0) {
    sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  REALM_CHECK(open_);
  database_->exec("COMMIT");
  open_ = false;
}

// ---- StopGuard

StopGuard::StopGuard(Database& database, std::stop_token stop)
    : database_(&database), stop_(std::make_unique<std::stop_token>(std::move(stop))) {
  if (!stop_->stop_possible()) return;
  database_->stop_ = stop_.get();
  sqlite3_progress_handler(
      database_->handle(), kStepsBetweenStopChecks,
      [](void* token) noexcept -> int {
        return static_cast<std::stop_token*>(token)->stop_requested() ? 1 : 0;
      },
      stop_.get());
}

StopGuard::~StopGuard() {
  database_->stop_ = nullptr;
  sqlite3_progress_handler(database_->handle(), 0, nullptr, nullptr);
}

}  // namespace realm
