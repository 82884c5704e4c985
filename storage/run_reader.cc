#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_schema.h"
#include "storage/run_upkeep.h"

namespace realm {
namespace {

constexpr const char* kRunColumns =
    "SELECT number, id, task, config, total_steps, created, attempt, pid, pid_start, host, "
    "boot_id, started, heartbeat, step, "
    "stage, paused, exit_state, exit_message, ended, ";
constexpr const char* kColumnsOfFormat2 = "spent, tags, note, deleted, ";
constexpr const char* kColumnsOfFormat1 = "0, '', '', 0 AS deleted, ";
constexpr const char* kOutputModel =
    "CASE WHEN json_valid(config) THEN json_extract(config, '$.output_model') END FROM runs ";

RunState exit_state(const std::string& name) {
  for (const RunState state : {RunState::kStopped, RunState::kFinished}) {
    if (name == run_state_name(state)) return state;
  }
  return RunState::kFailed;
}

double scalar_value(const Query& row, int column) {
  return row.is_null(column) ? std::numeric_limits<double>::quiet_NaN() : row.real(column);
}

}  // namespace

struct RunReader::Impl {
  Impl(const std::filesystem::path& file, const RunReaderOptions& reader_options)
      : database(file, run_database_options(Database::Mode::kReadOnly)), options(reader_options) {}

  // The columns that the file has, which is not upgraded by reading.
  std::string select() {
    const bool has_all = database.get_int64("PRAGMA user_version") >= 2;
    return std::string(kRunColumns) + (has_all ? kColumnsOfFormat2 : kColumnsOfFormat1) +
           kOutputModel;
  }
  std::vector<RunSummary> all(bool deleted);
  int64_t require_number(const RunId& id);
  RunSummary read_summary(const Query& row);
  std::vector<ControlCommand> read_waiting(int64_t number);
  RunState state_of(const RunSummary& summary, const ProcessIdentity& process,
                    const std::string& exit, bool paused) const;
  std::optional<RunSummary> find(const RunId& id);

  Database database;
  RunReaderOptions options;
};

std::unique_ptr<RunReader> RunReader::open(const std::filesystem::path& file,
                                           const RunReaderOptions& options) {
  return std::unique_ptr<RunReader>(new RunReader(std::make_unique<Impl>(file, options)));
}

RunReader::RunReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RunReader::~RunReader() = default;

RunState RunReader::Impl::state_of(const RunSummary& summary, const ProcessIdentity& process,
                                   const std::string& exit, bool paused) const {
  if (!exit.empty()) return exit_state(exit);
  if (process.pid == 0) return RunState::kCreated;
  const Liveness life = liveness(process);
  const bool silent = options.clock() - summary.heartbeat > options.lost_after_ms;
  if (life == Liveness::kGone || (life == Liveness::kElsewhere && silent)) return RunState::kLost;
  return paused ? RunState::kPaused : RunState::kRunning;
}

std::vector<ControlCommand> RunReader::Impl::read_waiting(int64_t number) {
  std::vector<ControlCommand> waiting;
  Query query =
      database.query("SELECT command FROM controls WHERE run = ? AND taken = 0 ORDER BY id");
  query.bind(number);
  while (query.step()) {
    // One that only a newer program knows comes to nothing.
    if (const std::optional<ControlCommand> command = find_control(query.text(0)))
      waiting.push_back(*command);
  }
  return waiting;
}

RunSummary RunReader::Impl::read_summary(const Query& row) {
  RunSummary summary;
  const int64_t number = row.int64(0);
  summary.id = row.text(1);
  summary.task = row.text(2);
  summary.config_json = row.text(3);
  summary.total_steps = row.int64(4);
  summary.created = row.int64(5);
  summary.attempt = static_cast<int>(row.int64(6));
  summary.pid = row.int64(7);
  summary.host = row.text(9);
  summary.started = row.int64(11);
  summary.heartbeat = row.int64(12);
  summary.step = row.int64(13);
  summary.stage = row.text(14);
  summary.exit_message = row.text(17);
  summary.ended = row.int64(18);
  summary.state = state_of(summary, {summary.pid, row.int64(8), summary.host, row.text(10)},
                           row.text(16), row.int64(15) != 0);
  if (is_going_on(summary.state)) summary.waiting = read_waiting(number);
  const UnixMillis until = summary.ended > 0 ? summary.ended : summary.heartbeat;
  summary.trained_ms = row.int64(19) + std::max<UnixMillis>(0, until - summary.started);
  summary.tags = tags_of(row.text(20));
  summary.note = row.text(21);
  summary.deleted = row.int64(22);
  summary.output_model = row.text(23);
  Query checkpoint = database.query(
      "SELECT step, time, path, fingerprint FROM checkpoints WHERE run = ? ORDER BY step DESC "
      "LIMIT 1");
  checkpoint.bind(number);
  if (checkpoint.step()) {
    summary.checkpoint = RunCheckpoint{checkpoint.int64(0), checkpoint.text(2), checkpoint.text(3),
                                       checkpoint.int64(1)};
  }
  return summary;
}

std::optional<RunSummary> RunReader::Impl::find(const RunId& id) {
  Query query = database.query(select() + "WHERE id = ?");
  query.bind(id);
  if (!query.step()) return std::nullopt;
  return read_summary(query);
}

int64_t RunReader::Impl::require_number(const RunId& id) {
  const std::optional<int64_t> number = find_run_number(database, id);
  if (!number) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no run '{}' in '{}'.", id, database.file().string()));
  }
  return *number;
}

std::vector<RunSummary> RunReader::Impl::all(bool deleted) {
  Query query = database.query(select() + "ORDER BY number DESC");
  std::vector<RunSummary> runs;
  while (query.step()) {
    if ((query.int64(22) != 0) == deleted) runs.push_back(read_summary(query));
  }
  return runs;
}

std::vector<RunSummary> RunReader::runs() const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  return impl_->all(false);
}

std::vector<RunSummary> RunReader::deleted_runs() const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  return impl_->all(true);
}

std::optional<RunSummary> RunReader::run(const RunId& id) const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  return impl_->find(id);
}

RunDelta RunReader::read_since(const RunCursor& cursor, int limit) const {
  Database& database = impl_->database;
  Transaction snapshot(database, Transaction::Kind::kRead);
  const int64_t number = impl_->require_number(cursor.run);
  RunDelta delta;
  delta.summary = *impl_->find(cursor.run);
  delta.next = cursor;
  if (cursor.attempt != delta.summary.attempt) {
    delta.restarted = cursor.attempt != 0;
    delta.next = {cursor.run, delta.summary.attempt, 0, 0, 0};
  }
  const auto read = [&](const char* sql, int64_t& position, const auto& take) {
    Query query = database.query(sql);
    query.bind(number, position, limit);
    int rows = 0;
    while (query.step()) {
      position = query.int64(0);
      take(query);
      ++rows;
    }
    if (rows == limit) delta.more = true;
  };
  read(
      "SELECT s.id, s.step, n.name, s.value, s.time FROM scalars s CROSS JOIN names n ON n.id = "
      "s.name "
      "WHERE s.run = ? AND s.id > ? ORDER BY s.id LIMIT ?",
      delta.next.scalar, [&](const Query& row) {
        delta.scalars.push_back({row.int64(1), row.text(2), scalar_value(row, 3), row.int64(4)});
      });
  read(
      "SELECT id, step, time, kind, message, data FROM events WHERE run = ? AND id > ? ORDER BY id "
      "LIMIT ?",
      delta.next.event, [&](const Query& row) {
        delta.events.push_back({row.text(3), row.int64(1), row.text(4), row.text(5), row.int64(2)});
      });
  read("SELECT id, step, time, name, data FROM probes WHERE run = ? AND id > ? ORDER BY id LIMIT ?",
       delta.next.probe, [&](const Query& row) {
         delta.probes.push_back({row.int64(1), row.text(3), row.text(4), row.int64(2)});
       });
  return delta;
}

bool RunReader::read_numbers(RunNumbers& numbers, std::span<const std::string_view> names) const {
  Database& database = impl_->database;
  Transaction snapshot(database, Transaction::Kind::kRead);
  const int64_t number = impl_->require_number(numbers.run);
  const int attempt = static_cast<int>(
      database.get_int64(fmt::format("SELECT attempt FROM runs WHERE number = {}", number)));
  bool changed = false;
  if (attempt != numbers.attempt) {  // what a kill undid is gone
    changed = !numbers.ranges.empty();
    numbers = {numbers.run, attempt, 0, {}};
  }
  Query query = database.query(
      "SELECT s.id, n.name, s.value FROM scalars s CROSS JOIN names n ON n.id = s.name "
      "WHERE s.run = ? AND s.id > ? ORDER BY s.id");
  query.bind(number, numbers.position);
  while (query.step()) {
    numbers.position = query.int64(0);
    const std::string name = query.text(1);
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    NumberRange& range = numbers.ranges[name];
    range.last = scalar_value(query, 2);
    changed = true;
    if (!std::isfinite(range.last)) continue;
    range.lowest = range.is_finite ? std::min(range.lowest, range.last) : range.last;
    range.highest = range.is_finite ? std::max(range.highest, range.last) : range.last;
    range.is_finite = true;
  }
  return changed;
}

std::vector<std::string> RunReader::scalar_names(const RunId& id) const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  Query query = impl_->database.query(
      "SELECT name FROM names WHERE id IN (SELECT name FROM scalars WHERE run = ?) ORDER BY name");
  query.bind(impl_->require_number(id));
  std::vector<std::string> names;
  while (query.step()) names.push_back(query.text(0));
  return names;
}

std::vector<Scalar> RunReader::scalars(const RunId& id, std::string_view name) const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  Query query = impl_->database.query(
      "SELECT step, value, time FROM scalars WHERE run = ? AND name = (SELECT id FROM names WHERE "
      "name = ?) ORDER BY step, id");
  query.bind(impl_->require_number(id), name);
  std::vector<Scalar> scalars;
  while (query.step())
    scalars.push_back({query.int64(0), std::string(name), scalar_value(query, 1), query.int64(2)});
  return scalars;
}

std::vector<RunProbe> RunReader::probes(const RunId& id, std::string_view name) const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  Query query = impl_->database.query(
      "SELECT step, name, data, time FROM probes WHERE run = ? AND (? = '' OR name = ?) ORDER BY "
      "step, id");
  query.bind(impl_->require_number(id), name, name);
  std::vector<RunProbe> probes;
  while (query.step())
    probes.push_back({query.int64(0), query.text(1), query.text(2), query.int64(3)});
  return probes;
}

std::vector<RunCheckpoint> RunReader::checkpoints(const RunId& id) const {
  Transaction snapshot(impl_->database, Transaction::Kind::kRead);
  Query query = impl_->database.query(
      "SELECT step, time, path, fingerprint FROM checkpoints WHERE run = ? ORDER BY step");
  query.bind(impl_->require_number(id));
  std::vector<RunCheckpoint> checkpoints;
  while (query.step())
    checkpoints.push_back({query.int64(0), query.text(2), query.text(3), query.int64(1)});
  return checkpoints;
}

}  // namespace realm
