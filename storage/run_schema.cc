#include "storage/run_schema.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
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

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

// When a process started, or 0 when there is none (or only what is left of one that ended).
int64_t start_ticks_of(int64_t pid) {
  const std::string stat = first_line(fmt::format("/proc/{}/stat", pid));
  // The second field is the program's name in parentheses, which may hold anything: count from the
  // last one.
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return 0;
  constexpr int kFieldsBetween = 18;  // from the state, field 3, to the start time, field 22
  std::string skipped;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> skipped;
  int64_t ticks = 0;
  fields >> ticks;
  return fields ? ticks : 0;
}

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

ProcessIdentity this_process() {
  ProcessIdentity process;
  process.pid = ::getpid();
  process.start_ticks = start_ticks_of(process.pid);
  process.host = host_name();
  process.boot_id = first_line("/proc/sys/kernel/random/boot_id");
  return process;
}

Liveness liveness(const ProcessIdentity& process) {
  if (process.host != host_name()) return Liveness::kElsewhere;
  if (process.boot_id != first_line("/proc/sys/kernel/random/boot_id")) return Liveness::kGone;
  const int64_t ticks = start_ticks_of(process.pid);
  return ticks != 0 && ticks == process.start_ticks ? Liveness::kAlive : Liveness::kGone;
}

}  // namespace realm
