#include "storage/run_schema.h"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

#include "engine/base/error.h"
#include "storage/paths.h"

namespace realm {
namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE runs(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  task TEXT NOT NULL,
  config TEXT NOT NULL,
  total_steps INTEGER NOT NULL,
  created INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  pid INTEGER NOT NULL DEFAULT 0,
  pid_start INTEGER NOT NULL DEFAULT 0,
  boot_id TEXT NOT NULL DEFAULT '',
  host TEXT NOT NULL DEFAULT '',
  started INTEGER NOT NULL DEFAULT 0,
  heartbeat INTEGER NOT NULL DEFAULT 0,
  step INTEGER NOT NULL DEFAULT 0,
  stage TEXT NOT NULL DEFAULT '',
  paused INTEGER NOT NULL DEFAULT 0,
  exit_state TEXT NOT NULL DEFAULT '',
  exit_message TEXT NOT NULL DEFAULT '',
  ended INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE names(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE scalars(
  run INTEGER NOT NULL REFERENCES runs(number),
  id INTEGER NOT NULL,
  name INTEGER NOT NULL REFERENCES names(id),
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  value REAL, -- NULL is NaN, which SQLite cannot hold
  PRIMARY KEY(run, id)
) WITHOUT ROWID;
CREATE TABLE events(
  run INTEGER NOT NULL REFERENCES runs(number),
  id INTEGER NOT NULL,
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  message TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY(run, id)
) WITHOUT ROWID;
CREATE TABLE probes(
  run INTEGER NOT NULL REFERENCES runs(number),
  id INTEGER NOT NULL,
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY(run, id)
) WITHOUT ROWID;
CREATE TABLE checkpoints(
  run INTEGER NOT NULL REFERENCES runs(number),
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  path TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY(run, step)
) WITHOUT ROWID;
CREATE TABLE controls(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES runs(number),
  command TEXT NOT NULL,
  time INTEGER NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX controls_waiting ON controls(run, id) WHERE taken = 0;
)sql";

// From format 1. A trainer of before goes on writing: it names the columns that it knows.
constexpr const char* kFormat2 = R"sql(
ALTER TABLE runs ADD COLUMN spent INTEGER NOT NULL DEFAULT 0; -- ms of the attempts before this one
ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0; -- since when it is in the trash
)sql";

}  // namespace

Database::Options run_database_options(Database::Mode mode, int busy_timeout_ms) {
  Database::Options options;
  options.mode = mode;
  options.busy_timeout_ms = busy_timeout_ms;
  options.what = "Run database";
  options.application_id = kRunApplicationId;
  options.format_version = kRunFormatVersion;
  options.upgrades = {kFormat2};
  // A power cut may take the last metrics; the checkpoints, which matter, are files of their own.
  options.durable_commits = false;
  return options;
}

void ensure_run_database(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::exists(file, error)) return;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    throw Error(ErrorCode::kIo, fmt::format("The folder '{}' cannot be made: {}.",
                                            file.parent_path().string(), error.message()));
  }
  // Made under a name of its own and linked into place: of two processes that try at once, one wins
  // and both go on.
  const std::filesystem::path fresh = fmt::format("{}.{}.new", file.string(), ::getpid());
  std::filesystem::remove(fresh, error);
  {
    Database::Options options = run_database_options(Database::Mode::kCreate);
    options.create_sql = std::string(kTables) + kFormat2;
    const Database database(fresh, std::move(options));
  }
  std::filesystem::create_hard_link(fresh, file, error);
  const bool there = !error || path_exists(file);
  if (there) {
    std::filesystem::remove(fresh, error);
    return;
  }
  std::filesystem::rename(fresh, file, error);  // a file system without links
  if (error)
    throw Error(ErrorCode::kIo,
                fmt::format("'{}' cannot be made: {}.", file.string(), error.message()));
}

std::optional<int64_t> find_run_number(Database& database, std::string_view id) {
  Query query = database.query("SELECT number FROM runs WHERE id = ?");
  query.bind(id);
  if (!query.step()) return std::nullopt;
  return query.int64(0);
}

}  // namespace realm
