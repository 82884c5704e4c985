// Runs and what trains them: starting a run's trainer, what its launcher says of it, and stopping
// it, wherever it runs. On this machine the run database alone tells how a run is once its trainer
// has opened it; until then, and of a job on a cluster, its launcher is asked.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/launch/trainer_launcher.h"
#include "storage/run_values.h"

namespace realm {

struct TrainOptions;

// Of a trainer with these options: the threads that compute at once.
int cpus_per_rank(const TrainOptions& options);

// Throws Error{kBusy} where a cluster still has a job of the run in this folder, or a process of
// this machine is about to train it; `what` it is then not fit for: "started", "deleted". Asks the
// launcher where the run's job may not have ended.
void require_no_job(const std::filesystem::path& run_folder, const char* what);

// Starts the run's trainer and keeps what it is known by. Blocks as TrainerLauncher does. Throws
// Error{kBusy} where one of this machine trains it already, and what require_no_job and
// TrainerLauncher::start throw.
Launch launch_run(const LaunchRequest& request);
// The same for a run that was made for this: one that cannot be started is removed again.
Launch launch_new_run(const LaunchRequest& request);

// Asks a run for something: its trainer through the run database, and for a stop also the cluster
// that has it in its queue. Blocks as TrainerLauncher does. Throws Error{kNotFound} for an unknown
// run.
void steer_run(const std::filesystem::path& database, const RunId& run, ControlCommand command);

// What is known of a job beside the run database.
struct KnownLaunch {
  Launch launch{};
  LaunchState state{};
};
// Puts it into the run as the run database has it: starting, queued, running, or lost where the
// process or the job is gone and there is no exit record.
void apply_launch(const KnownLaunch& known, RunSummary& run);

// LaunchWatch: what launchers say of the runs of one workspace, asked anew every few seconds while
// there is a job of which news may come; without one no program is started. Thread rule: one
// thread; only wait() and the destructor wait for a launcher, the latter no longer than it takes to
// end its program.
class LaunchWatch {
 public:
  explicit LaunchWatch(std::filesystem::path runs_folder,
                       std::chrono::milliseconds every = std::chrono::seconds(5))
      : folder_(std::move(runs_folder)), every_(every) {}
  ~LaunchWatch();
  LaunchWatch(const LaunchWatch&) = delete;
  LaunchWatch& operator=(const LaunchWatch&) = delete;

  // Takes in what was answered, if anything was. To be called before the runs are read from their
  // database: an exit record that was written before the answer must be seen.
  void take_answer();
  // Puts what is known into runs as the database has them, and begins to ask where that is due.
  void apply(std::span<RunSummary> runs);
  void wait();  // for the answer to what apply() began to ask, and takes it in
  bool is_asking() const { return asking_.valid(); }

 private:
  using KnownLaunches = std::map<RunId, KnownLaunch>;
  void begin_to_ask(std::span<const RunSummary> runs);

  std::filesystem::path folder_;
  std::chrono::milliseconds every_;
  KnownLaunches known_;
  std::chrono::steady_clock::time_point asked_at_{};
  std::stop_source stop_;
  std::future<KnownLaunches> asking_;  // last: its destructor waits
};

// What `read` reads from the run database, with what launchers say of it now. Blocks until they
// have answered, where one has to be asked; `before_waiting`, if any, is called before.
std::vector<RunSummary> runs_with_launches(const std::filesystem::path& runs_folder,
                                           const std::function<std::vector<RunSummary>()>& read,
                                           const std::function<void()>& before_waiting = {});

}  // namespace realm
