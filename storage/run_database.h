// The run database: runs.sqlite beside the run folders of a workspace (DESIGN.md sections 4
// and 5.4). The trainer writes what it measures, the window and the command line read it while it
// grows, and send controls back through one table.
//
// SQLite in WAL mode (on a network file system with a rollback journal, storage/database.h): one
// writer and any number of readers, in different processes, never wait for each other longer than
// a commit. Every call may block on disk; a reader's call is one short read
// transaction. A database that another program holds for longer than five seconds is Error{kBusy};
// a newer format Error{kUnsupported}; a full disk Error{kIo}.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/run_values.h"

namespace realm {

inline constexpr size_t kMostSamples = 64;  // of a run

struct RunWriterOptions {
  std::function<UnixMillis()> clock = now_ms;
  UnixMillis commit_interval_ms = 1000;  // at most one commit in this time
  int busy_timeout_ms = 5000;            // how long a commit waits for another program
};

// The trainer's side. Thread-safe: calls from several threads are put in order.
//
// append, append_event, record_probe and heartbeat collect in memory and commit when a second has
// passed since the last commit, so a kill loses at most the last second. record_checkpoint,
// take_controls and finish commit at once. A database that is busy delays a commit to the next
// call; it does not end training.
class RunWriter {
 public:
  // Records a run that no process trains yet, and creates the database where there is none. Returns
  // its id. The folder of the run is database.parent_path() / id; the caller makes it. Throws
  // Error{kInvalidArgument} for an id that is taken.
  static RunId create_run(const std::filesystem::path& database, const RunManifest& manifest,
                          const RunWriterOptions& options = {});
  // This process becomes the run's trainer: state running, its pid and host. `resume_step`: the
  // step of the checkpoint that training goes on from; numbers and events of later steps, written
  // before a kill, are removed so that the curve goes on from there. Throws Error{kNotFound};
  // Error{kBusy} when a living process already trains this run.
  static std::unique_ptr<RunWriter> open_run(const std::filesystem::path& database, const RunId& id,
                                             std::optional<int64_t> resume_step = std::nullopt,
                                             const RunWriterOptions& options = {});
  // Keeps nothing and is never asked for anything: for those processes of a run that are not its
  // writer.
  static std::unique_ptr<RunWriter> silent(const RunId& id);
  ~RunWriter();  // commits what is left; writes no exit record
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  const RunId& id() const;
  std::string config_json() const;

  void append(std::span<const Scalar> scalars);
  // Of the kind "sample" the newest kMostSamples are kept.
  void append_event(const RunEvent& event);
  void record_probe(const RunProbe& probe);
  // Says that the run lives: where it is and what it does ("train", "refresh index", "save
  // checkpoint", "evaluate").
  void heartbeat(int64_t step, std::string_view stage);
  void set_paused(bool paused);
  void set_total_steps(int64_t steps);
  // To be called when the checkpoint's files are in place. Commits at once.
  void record_checkpoint(const RunCheckpoint& checkpoint);
  // Controls asked for since the last call, oldest first. A cheap look when there are none; call it
  // each step.
  std::vector<Control> take_controls();
  void flush();  // commits what was collected. Throws Error{kBusy, kIo}.
  // The exit record; state is kStopped, kFinished or kFailed. Commits at once.
  void finish(RunState state, std::string_view message);

 private:
  struct Impl;
  RunWriter(RunId id, std::unique_ptr<Impl> impl);
  RunId id_;
  std::unique_ptr<Impl> impl_;  // null: silent
};

// Where a reader stands in one run. A default cursor with only `run` set stands at its beginning.
struct RunCursor {
  RunId run;
  int attempt = 0;
  int64_t scalar = 0, event = 0, probe = 0;
};

struct RunDelta {
  bool restarted =
      false;  // the run was resumed: drop what was read before, this delta begins again
  std::vector<Scalar> scalars;
  std::vector<RunEvent> events;
  std::vector<RunProbe> probes;
  RunSummary summary;
  RunCursor next;
  bool more = false;  // it was cut at `limit`; read again at once
};

// The numbers of one run, kept by its reader from look to look. Begins with only `run` set.
struct RunNumbers {
  RunId run;
  int attempt = 0;
  int64_t position = 0;  // of the last row that was taken in
  std::map<std::string, NumberRange, std::less<>> ranges{};
};

struct RunReaderOptions {
  std::function<UnixMillis()> clock = now_ms;
  UnixMillis lost_after_ms =
      60'000;  // a trainer on another machine without a heartbeat for so long counts as lost
};

// The window's and the command line's side: a read-only connection. Thread rule: one thread per
// instance.
class RunReader {
 public:
  // Throws Error{kNotFound} when there is no database (no run was ever created).
  static std::unique_ptr<RunReader> open(const std::filesystem::path& database,
                                         const RunReaderOptions& options = {});
  ~RunReader();

  std::vector<RunSummary> runs() const;                  // newest first, without deleted ones
  std::vector<RunSummary> deleted_runs() const;          // the newest first
  std::optional<RunSummary> run(const RunId& id) const;  // nullopt: no such run
  // What was written since the cursor, at most `limit` rows of each kind. Throws Error{kNotFound}
  // for an unknown run.
  RunDelta read_since(const RunCursor& cursor, int limit = 100'000) const;
  // Takes what was written since the look before into `numbers`, of those names alone; false:
  // nothing was. Throws Error{kNotFound} for an unknown run.
  bool read_numbers(RunNumbers& numbers, std::span<const std::string_view> names) const;
  std::vector<std::string> scalar_names(const RunId& id) const;
  // One curve in order of step. Empty: nothing of that name.
  std::vector<Scalar> scalars(const RunId& id, std::string_view name) const;
  // One probe's measurements, or with an empty name all, in order of step.
  std::vector<RunProbe> probes(const RunId& id, std::string_view name) const;
  std::vector<RunCheckpoint> checkpoints(const RunId& id) const;  // in order of step

 private:
  struct Impl;
  explicit RunReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Asks the trainer of a run for something; it answers at its next step. Throws Error{kNotFound} for
// an unknown run.
void request_control(const std::filesystem::path& database, const RunId& run,
                     ControlCommand command);

}  // namespace realm
