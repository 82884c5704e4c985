// What the run database holds, as plain values: runs, numbers, events, checkpoints, probes,
// controls (storage/run_database.h reads and writes them).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/clock.h"

namespace realm {

using RunId =
    std::string;  // also the name of the run's folder, for example 20261122-065512-pretrain

enum class RunState {
  kCreated,  // recorded, no trainer has started yet
  kQueued,   // waits for its turn on a cluster; told by its launcher, never by the database alone
  kRunning,
  kPaused,    // its trainer lives and waits
  kStopped,   // ended on request after saving; can be resumed
  kFinished,  // did all its steps
  kFailed,    // ended with an error of its own; exit_message says which
  kLost,  // its process is gone and left no exit record (killed, or the machine went down); can be
          // resumed
};
// "created", "running", ...
constexpr const char* run_state_name(RunState state) {
  switch (state) {
    case RunState::kCreated:
      return "created";
    case RunState::kQueued:
      return "queued";
    case RunState::kRunning:
      return "running";
    case RunState::kPaused:
      return "paused";
    case RunState::kStopped:
      return "stopped";
    case RunState::kFinished:
      return "finished";
    case RunState::kFailed:
      return "failed";
    case RunState::kLost:
      return "lost";
  }
  return "";
}

// It has not ended: a trainer has it, or is to have it.
constexpr bool is_going_on(RunState state) {
  return state == RunState::kCreated || state == RunState::kQueued || state == RunState::kRunning ||
         state == RunState::kPaused;
}

// What a run is, written once when it is created.
struct RunManifest {
  RunId id;                 // empty: made from the time and the task
  std::string task;         // vocabulary, mlm, ict, pretrain, finetune-qa
  std::string config_json;  // every option of the run, as one JSON object
  int64_t total_steps = 0;  // 0: not known
};

struct Scalar {
  int64_t step = 0;
  std::string name;     // for example loss, learning_rate, retrieval_utility
  double value = 0;     // NaN and infinities are kept
  UnixMillis time = 0;  // 0: when it is appended
};

struct RunEvent {
  std::string kind;  // log, warning, error, stage, refresh, sample, control, resume
  int64_t step = 0;
  std::string message;    // one line for a person
  std::string data_json;  // empty, or one JSON object
  UnixMillis time = 0;    // 0: when it is appended
};

struct RunCheckpoint {
  int64_t step = 0;
  std::string path;         // relative to the run's folder
  std::string fingerprint;  // of the parameters
  UnixMillis time = 0;
};

// One replay of a fixed query (the film of learning to retrieve).
struct RunProbe {
  int64_t step = 0;
  std::string name;
  std::string data_json;
  UnixMillis time = 0;
};

// How one number of a run has gone so far. What is not a number counts only as the last.
struct NumberRange {
  double last = 0, lowest = 0, highest = 0;
  bool is_finite = false;  // there is a lowest and a highest
};

enum class ControlCommand { kStopAndSave, kStopNow, kPause, kResume, kCheckpointNow, kRefreshNow };
const char* control_name(ControlCommand command);  // "stop-and-save", ...

struct Control {
  int64_t id = 0;
  ControlCommand command = ControlCommand::kStopAndSave;
  UnixMillis time = 0;  // when it was asked for
};

struct RunSummary {
  RunId id;
  std::string task, config_json;
  std::string output_model;  // of its configuration; empty: it names none, or cannot be read
  RunState state = RunState::kCreated;
  int64_t pid = 0;  // of its last trainer; 0: none yet
  std::string host;
  int64_t step = 0, total_steps = 0;
  int attempt = 0;    // how many times a trainer has opened it
  std::string stage;  // what the trainer said last
  std::string exit_message;
  UnixMillis created = 0, started = 0, heartbeat = 0, ended = 0;  // 0: has not happened
  std::optional<RunCheckpoint> checkpoint;                        // the newest
  UnixMillis trained_ms = 0;  // from start to end or last heartbeat, of all its trainers together
  std::vector<std::string> tags;
  std::string note;
  UnixMillis deleted = 0;  // since when it is in the trash (storage/run_upkeep.h)
  // What it was asked for and has not taken up yet, in order; empty once it is not going on.
  std::vector<ControlCommand> waiting{};
  // Where its launcher put it and what is said of it there, in a sentence; empty: a process of this
  // machine. Not in the database.
  std::string launch{};
};

}  // namespace realm
