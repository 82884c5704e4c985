// TrainerLauncher: how realm-train is started for a run, asked for and ended, wherever it runs
// (DESIGN.md section 5.4, 5.7). What it says goes to trainer.log in the run's folder, what it
// measures to the run database; it outlives the program that started it.
//
// Thread-safe. Nothing here waits for the trainer; a launcher that asks another program, as Slurm's
// does, blocks until that has answered, 10 s at most, and throws Error{kIo} where it does not.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/launch/launch_options.h"
#include "storage/clock.h"
#include "storage/process_identity.h"

namespace realm {

struct LaunchRequest {
  std::filesystem::path program;     // realm-train
  std::filesystem::path run_folder;  // with its config.json
  LaunchOptions options{};
  std::string task{};         // of the run: names the job
  int cpus_per_rank = 1;      // that its threads need
  bool keeps_script = false;  // a script that stands in the run's folder is sent as it is
};

// A trainer that was started, or sent. What is kept of it: app/services/launch/launch_record.h.
struct Launch {
  LaunchPlace place = LaunchPlace::kThisMachine;
  ProcessIdentity process{};     // kThisMachine: the first
  std::string job{}, cluster{};  // kSlurm: the job's number; empty cluster: the only one
  int64_t log_bytes = 0;         // kThisMachine: of trainer.log before it
  int attempt = 0;               // how many trainers had opened the run before
  UnixMillis cancelled = 0;      // when it was asked to end; 0: it was not
  friend bool operator==(const Launch&, const Launch&) = default;
};

struct LaunchState {
  enum class Phase {
    kUnknown,  // the launcher could not be asked; detail: a sentence
    kQueued,   // detail: why it waits, as the launcher says it; may be empty
    kRunning,  // detail: on which machines; may be empty
    kGone,     // detail: how it ended ("TIMEOUT", "exit code 1"); empty: nobody knows
  };
  Phase phase = Phase::kUnknown;
  std::string detail{};
  friend bool operator==(const LaunchState&, const LaunchState&) = default;
};

class TrainerLauncher {
 public:
  virtual ~TrainerLauncher() = default;

  virtual const char* name() const = 0;  // for a sentence
  // Throws Error{kIo, kNotFound, kInvalidArgument} with the reason; then nothing was started.
  virtual Launch start(const LaunchRequest& request) const = 0;
  // The state of each, in their order, of those that this launcher started.
  virtual std::vector<LaunchState> ask(std::span<const Launch> launches,
                                       const std::stop_token& stop = {}) const = 0;
  // Takes it out of the queue. One that runs already gets SIGTERM, at which it saves and leaves; a
  // cluster kills what takes longer than it allows.
  virtual void cancel(const Launch& launch) const = 0;
};

std::unique_ptr<TrainerLauncher> make_launcher(LaunchPlace place);

// The last lines of trainer.log behind its first `skipped` bytes, for a sentence about a trainer
// that left without an exit record.
std::string trainer_log_tail(const std::filesystem::path& run_folder, int lines,
                             int64_t skipped = 0);

}  // namespace realm
