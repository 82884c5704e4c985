#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <mutex>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_samples.h"
#include "storage/run_schema.h"

namespace realm {
namespace {

constexpr size_t kMostCollected = 1'000'000;  // rows; a database that is busy for so long is broken
constexpr int kTries = 12;                    // of five seconds each, for what must not be lost

int64_t require_run(Database& database, const RunId& id) {
  const std::optional<int64_t> number = find_run_number(database, id);
  if (!number) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no run '{}' in '{}'.", id, database.file().string()));
  }
  return *number;
}

}  // namespace

struct RunWriter::Impl {
  Impl(const std::filesystem::path& file, RunId run_id, const RunWriterOptions& writer_options)
      : database(file,
                 run_database_options(Database::Mode::kReadWrite, writer_options.busy_timeout_ms)),
        id(std::move(run_id)),
        options(writer_options),
        run(require_run(database, id)) {}

  void become_trainer(std::optional<int64_t> resume_step);
  void drop_after(std::optional<int64_t> kept_step);
  int64_t next_id(const char* table) {
    return database.get_int64(
        fmt::format("SELECT coalesce(max(id), 0) + 1 FROM {} WHERE run = {}", table, run));
  }
  int64_t name_id(const std::string& name);
  void write_collected();  // inside a transaction
  void commit();           // throws
  void commit_when_due();
  void commit_now_or_later();
  // One transaction with what was collected and `more`, tried until it is through.
  template <typename More>
  void insist(const More& more);
  void forget_collected();

  std::mutex mutex;
  Database database;
  RunId id;
  RunWriterOptions options;
  int64_t run;
  int64_t next_scalar = 1, next_event = 1, next_probe = 1;

  KeptSamples samples;
  std::vector<int64_t> sample_ids() const;  // of those collected

  std::vector<Scalar> scalars;
  std::vector<RunEvent> events;
  std::vector<RunProbe> probes;
  bool alive = false;  // a heartbeat is to be written
  std::optional<bool> paused;
  std::optional<int64_t> total_steps;
  UnixMillis heartbeat = 0;
  int64_t step = 0;
  std::string stage;
  UnixMillis last_try = 0;
};

std::unique_ptr<RunWriter> RunWriter::open_run(const std::filesystem::path& file, const RunId& id,
                                               std::optional<int64_t> resume_step,
                                               const RunWriterOptions& options) {
  auto impl = std::make_unique<Impl>(file, id, options);
  impl->become_trainer(resume_step);
  return std::unique_ptr<RunWriter>(new RunWriter(id, std::move(impl)));
}

std::unique_ptr<RunWriter> RunWriter::silent(const RunId& id) {
  return std::unique_ptr<RunWriter>(new RunWriter(id, nullptr));
}

RunWriter::RunWriter(RunId id, std::unique_ptr<Impl> impl)
    : id_(std::move(id)), impl_(std::move(impl)) {}

RunWriter::~RunWriter() {
  try {
    flush();
  } catch (...) {
    // What was collected since the last commit is lost, as with a kill.
  }
}

void RunWriter::Impl::become_trainer(std::optional<int64_t> resume_step) {
  const ProcessIdentity self = this_process();
  Transaction transaction(database, Transaction::Kind::kWrite);
  UnixMillis ended_before = 0;  // the first trainer takes everything
  {
    Query row = database.query(
        "SELECT pid, pid_start, host, boot_id, exit_state, attempt, ended FROM runs "
        "WHERE number = ?");
    row.bind(run).step();
    const ProcessIdentity before{row.int64(0), row.int64(1), row.text(2), row.text(3)};
    const bool ended = !row.text(4).empty();
    if (row.int64(5) > 0) ended_before = ended ? row.int64(6) : std::numeric_limits<int64_t>::max();
    const bool is_self = before.pid == self.pid && before.start_ticks == self.start_ticks &&
                         before.host == self.host;
    if (before.pid != 0 && !ended && !is_self && liveness(before) == Liveness::kAlive) {
      throw Error(ErrorCode::kBusy,
                  fmt::format("Run '{}' is being trained by process {}.", id, before.pid));
    }
  }
  const UnixMillis time = options.clock();
  drop_after(resume_step);
  step = resume_step.value_or(0);
  database
      .query(
          "UPDATE runs SET spent = spent + CASE WHEN started > 0 THEN "
          "max(0, CASE WHEN ended > 0 THEN ended ELSE heartbeat END - started) ELSE 0 END, "
          "attempt = attempt + 1, pid = ?, pid_start = ?, host = ?, boot_id = ?, "
          "started = ?, heartbeat = ?, "
          "step = ?, stage = 'start', paused = 0, exit_state = '', exit_message = '', ended = 0 "
          "WHERE number = ?")
      .bind(self.pid, self.start_ticks, self.host, self.boot_id, time, time, step, run)
      .run();
  // What was asked of the process before is not meant for this one; what came since that ended is.
  database.query("UPDATE controls SET taken = ? WHERE run = ? AND taken = 0 AND time <= ?")
      .bind(time, run, ended_before)
      .run();
  next_scalar = next_id("scalars");
  next_event = next_id("events");
  next_probe = next_id("probes");
  samples.load(database, run);
  if (resume_step) {
    database.query("INSERT INTO events VALUES (?, ?, ?, ?, 'resume', ?, '')")
        .bind(run, next_event++, *resume_step, time,
              fmt::format("Resumed at step {}.", *resume_step))
        .run();
  }
  transaction.commit();
}

void RunWriter::Impl::drop_after(std::optional<int64_t> kept_step) {
  // Without a checkpoint to go on from, everything is done again.
  const int64_t kept = kept_step.value_or(-1);
  for (const char* table : {"scalars", "probes", "checkpoints"}) {
    database.query(fmt::format("DELETE FROM {} WHERE run = ? AND step > ?", table))
        .bind(run, kept)
        .run();
  }
  // The log stays: it is history. What belongs to a curve goes.
  database.query("DELETE FROM events WHERE run = ? AND step > ? AND kind IN ('refresh', 'sample')")
      .bind(run, kept)
      .run();
}

int64_t RunWriter::Impl::name_id(const std::string& name) {
  database.query("INSERT INTO names(name) VALUES (?) ON CONFLICT(name) DO NOTHING")
      .bind(name)
      .run();
  Query query = database.query("SELECT id FROM names WHERE name = ?");
  query.bind(name);
  REALM_CHECK(query.step());
  return query.int64(0);
}

void RunWriter::Impl::write_collected() {
  int64_t scalar_id = next_scalar;
  int64_t event_id = next_event;
  int64_t probe_id = next_probe;
  std::map<std::string, int64_t> new_names;
  Query scalar = database.query("INSERT INTO scalars VALUES (?, ?, ?, ?, ?, ?)");
  for (const Scalar& value : scalars) {
    auto name = new_names.find(value.name);
    if (name == new_names.end()) name = new_names.emplace(value.name, name_id(value.name)).first;
    scalar.bind(run, scalar_id++, name->second, value.step, value.time);
    if (std::isnan(value.value)) {
      scalar.bind_null();
    } else {
      scalar.bind(value.value);
    }
    scalar.run();
  }
  Query event = database.query("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const RunEvent& e : events) {
    event.bind(run, event_id++, e.step, e.time, e.kind, e.message, e.data_json).run();
  }
  samples.prune(database, run, sample_ids());
  Query probe = database.query("INSERT INTO probes VALUES (?, ?, ?, ?, ?, ?)");
  for (const RunProbe& p : probes)
    probe.bind(run, probe_id++, p.step, p.time, p.name, p.data_json).run();
  if (paused)
    database.query("UPDATE runs SET paused = ? WHERE number = ?").bind(*paused, run).run();
  if (total_steps) {
    database.query("UPDATE runs SET total_steps = ? WHERE number = ?")
        .bind(*total_steps, run)
        .run();
  }
  if (alive) {
    database.query("UPDATE runs SET heartbeat = ?, step = ?, stage = ? WHERE number = ?")
        .bind(heartbeat, step, stage, run)
        .run();
  }
}

std::vector<int64_t> RunWriter::Impl::sample_ids() const {
  std::vector<int64_t> ids;
  for (size_t i = 0; i < events.size(); ++i) {
    if (events[i].kind == "sample") ids.push_back(next_event + static_cast<int64_t>(i));
  }
  return ids;
}

void RunWriter::Impl::forget_collected() {
  samples.keep(sample_ids());
  next_scalar += static_cast<int64_t>(scalars.size());
  next_event += static_cast<int64_t>(events.size());
  next_probe += static_cast<int64_t>(probes.size());
  scalars.clear();
  events.clear();
  probes.clear();
  alive = false;
  paused.reset();
  total_steps.reset();
}

void RunWriter::Impl::commit() {
  last_try = options.clock();
  if (scalars.empty() && events.empty() && probes.empty() && !alive && !paused && !total_steps)
    return;
  Transaction transaction(database, Transaction::Kind::kWrite);
  write_collected();
  transaction.commit();
  forget_collected();
}

void RunWriter::Impl::commit_when_due() {
  if (options.clock() - last_try >= options.commit_interval_ms) commit_now_or_later();
}

void RunWriter::Impl::commit_now_or_later() {
  try {
    commit();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBusy ||
        scalars.size() + events.size() + probes.size() > kMostCollected)
      throw;
  }
}

template <typename More>
void RunWriter::Impl::insist(const More& more) {
  for (int left = kTries; left > 0; --left) {
    try {
      Transaction transaction(database, Transaction::Kind::kWrite);
      write_collected();
      more();
      transaction.commit();
      forget_collected();
      return;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBusy || left == 1) throw;
    }
  }
}

const RunId& RunWriter::id() const { return id_; }

std::string RunWriter::config_json() const {
  if (!impl_) return {};
  const std::lock_guard lock(impl_->mutex);
  Query query = impl_->database.query("SELECT config FROM runs WHERE number = ?");
  query.bind(impl_->run);
  REALM_CHECK(query.step());
  return query.text(0);
}

void RunWriter::append(std::span<const Scalar> scalars) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  const UnixMillis time = impl_->options.clock();
  for (const Scalar& scalar : scalars) {
    impl_->scalars.push_back(scalar);
    if (scalar.time == 0) impl_->scalars.back().time = time;
  }
  impl_->commit_when_due();
}

void RunWriter::append_event(const RunEvent& event) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->events.push_back(event);
  if (event.time == 0) impl_->events.back().time = impl_->options.clock();
  impl_->commit_when_due();
}

void RunWriter::record_probe(const RunProbe& probe) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->probes.push_back(probe);
  if (probe.time == 0) impl_->probes.back().time = impl_->options.clock();
  impl_->commit_when_due();
}

void RunWriter::heartbeat(int64_t step, std::string_view stage) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->alive = true;
  impl_->heartbeat = impl_->options.clock();
  impl_->step = step;
  impl_->stage = stage;
  impl_->commit_when_due();
}

void RunWriter::set_paused(bool paused) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->paused = paused;
  impl_->commit_now_or_later();
}

void RunWriter::set_total_steps(int64_t steps) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->total_steps = steps;
  impl_->commit_now_or_later();
}

void RunWriter::record_checkpoint(const RunCheckpoint& checkpoint) {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->insist([&] {
    impl_->database.query("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?)")
        .bind(impl_->run, checkpoint.step,
              checkpoint.time == 0 ? impl_->options.clock() : checkpoint.time, checkpoint.path,
              checkpoint.fingerprint)
        .run();
  });
}

std::vector<Control> RunWriter::take_controls() {
  if (!impl_) return {};
  const std::lock_guard lock(impl_->mutex);
  std::vector<Control> controls;
  int64_t last = 0;
  {
    Query query = impl_->database.query(
        "SELECT id, command, time FROM controls WHERE run = ? AND taken = 0 ORDER BY id");
    query.bind(impl_->run);
    while (query.step()) {
      last = query.int64(0);
      const std::string name = query.text(1);
      // A command that only a newer program knows is taken and left undone.
      if (const std::optional<ControlCommand> command = find_control(name)) {
        controls.push_back({last, *command, query.int64(2)});
      }
    }
  }
  if (last == 0) return controls;
  try {
    Transaction transaction(impl_->database, Transaction::Kind::kWrite);
    impl_->database.query("UPDATE controls SET taken = ? WHERE run = ? AND taken = 0 AND id <= ?")
        .bind(impl_->options.clock(), impl_->run, last)
        .run();
    transaction.commit();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBusy) throw;
    controls.clear();  // they wait for the next look, so that none is obeyed twice
  }
  return controls;
}

void RunWriter::flush() {
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->commit();
}

void RunWriter::finish(RunState state, std::string_view message) {
  REALM_CHECK(state == RunState::kStopped || state == RunState::kFinished ||
              state == RunState::kFailed);
  if (!impl_) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->insist([&] {
    impl_->database
        .query(
            "UPDATE runs SET exit_state = ?, exit_message = ?, ended = ?, paused = 0 WHERE number "
            "= ?")
        .bind(run_state_name(state), message, impl_->options.clock(), impl_->run)
        .run();
  });
}

}  // namespace realm
