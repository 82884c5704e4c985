#include "app/services/launch/run_launches.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/services/launch/launch_record.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_upkeep.h"
#include "trainer/options.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Phase = LaunchState::Phase;

// Between a run's row and its launch record.
constexpr UnixMillis kPatience = 60'000;

fs::path database_of(const fs::path& run_folder) {
  return run_folder.parent_path() / "runs.sqlite";
}

std::string job_name(const Launch& launch) { return fmt::format("Slurm job {}", launch.job); }

LaunchState ask_one(const Launch& launch) {
  return make_launcher(launch.place)->ask(std::span(&launch, 1)).front();
}

// The run's trainer has opened it since the job was sent.
bool has_begun(const RunSummary& run, const Launch& launch) { return run.attempt > launch.attempt; }

bool has_exit_record(const RunSummary& run) {
  return run.state == RunState::kFinished || run.state == RunState::kFailed ||
         run.state == RunState::kStopped;
}

// Whether a launcher may still say something that the run database does not.
bool is_open(const RunSummary& run, const Launch& launch) {
  if (launch.place == LaunchPlace::kThisMachine) return !has_begun(run, launch);
  return !has_begun(run, launch) || !has_exit_record(run);
}

void end_run(RunSummary& run, const KnownLaunch& known) {
  const std::string job = job_name(known.launch);
  const char* const when =
      has_begun(run, known.launch) ? "before the run's end" : "before its trainer began";
  if (known.launch.cancelled != 0 || known.state.detail == "CANCELLED") {
    run.state = RunState::kStopped;
    run.exit_message = fmt::format("{} was cancelled {}.", job, when);
    return;
  }
  run.state = RunState::kLost;
  run.exit_message =
      known.state.detail.empty()
          ? fmt::format(
                "Slurm does not know its job {} any more, which left no word; its "
                "trainer.log may tell why.",
                known.launch.job)
          : fmt::format("{} ended {} ({}) and left no word; its trainer.log may tell why.", job,
                        when, known.state.detail);
}

// A process of this machine that has not opened the run.
void apply_process(const KnownLaunch& known, RunSummary& run) {
  run.state = RunState::kCreated;
  run.stage = "start";
  if (known.state.phase != Phase::kGone) return;
  run.state = RunState::kLost;
  run.exit_message = fmt::format("Its trainer ended before it could begin{}", known.state.detail);
}

// What became of it, with the last words of its log where it has ended.
LaunchState look_at_process(const Launch& launch, const fs::path& run_folder) {
  LaunchState state = ask_one(launch);
  if (state.phase != Phase::kGone) return state;
  const std::string words = trainer_log_tail(run_folder, 1, launch.log_bytes);
  if (!state.detail.empty()) state.detail = fmt::format(" ({})", state.detail);
  state.detail += words.empty() ? "." : ": " + words;
  return state;
}

// The same launches with what Slurm says of them now.
std::map<RunId, KnownLaunch> ask_all(std::map<RunId, KnownLaunch> launches,
                                     const std::stop_token& stop) {
  std::vector<Launch> list;
  for (const auto& [run, known] : launches) list.push_back(known.launch);
  std::vector<LaunchState> states;
  try {
    states = make_launcher(LaunchPlace::kSlurm)->ask(list, stop);
  } catch (const Error& error) {
    states.assign(list.size(), {Phase::kUnknown, error.what()});
  }
  size_t i = 0;
  for (auto& [run, known] : launches) known.state = std::move(states[i++]);
  return launches;
}

}  // namespace

int cpus_per_rank(const TrainOptions& options) {
  // The refresher embeds the corpus beside the training thread.
  const bool refreshes = options.task == TrainTask::kPretrain;
  return std::max(1, options.threads + (refreshes ? options.refresh_threads : 0));
}

void require_no_job(const fs::path& run_folder, const char* what) {
  const std::optional<Launch> launch = read_launch(run_folder);
  if (!launch) return;
  const RunId id = run_folder.filename().string();
  const auto run = RunReader::open(database_of(run_folder))->run(id);
  if (!run || !is_open(*run, *launch)) return;
  if (launch->place == LaunchPlace::kThisMachine) {
    if (has_begun(*run, *launch) || ask_one(*launch).phase != Phase::kRunning) return;
    throw Error(ErrorCode::kBusy,
                fmt::format("Process {} is about to train run {}, which can be {} once that has "
                            "ended.",
                            launch->process.pid, id, what));
  }
  Phase phase = Phase::kGone;
  try {
    phase = ask_one(*launch).phase;
  } catch (const Error& error) {
    // A machine without Slurm has no job.
    if (error.code() != ErrorCode::kNotFound) throw;
  }
  if (phase == Phase::kGone) return;
  throw Error(ErrorCode::kBusy,
              fmt::format("Run {} is {}, which {}; it can be {} once that has "
                          "ended.",
                          id, job_name(*launch),
                          phase == Phase::kQueued ? "waits in the queue" : "is running", what));
}

Launch launch_run(const LaunchRequest& request) {
  require_no_job(request.run_folder, "started");
  const RunId id = request.run_folder.filename().string();
  const auto run = RunReader::open(database_of(request.run_folder))->run(id);
  const int attempt = run ? run->attempt : 0;
  const bool is_here = run && run->attempt > 0 && is_going_on(run->state) &&
                       run->host == this_process().host && !read_job(request.run_folder);
  if (is_here)
    throw Error(ErrorCode::kBusy, fmt::format("Run {} is going on in process {}.", id, run->pid));
  const auto launcher = make_launcher(request.options.place);
  Launch launch = launcher->start(request);
  launch.attempt = attempt;
  try {
    write_launch(request.run_folder, launch);
  } catch (const Error&) {
    launcher->cancel(launch);  // nobody would find it again
    throw;
  }
  return launch;
}

Launch launch_new_run(const LaunchRequest& request) {
  try {
    return launch_run(request);
  } catch (const Error&) {
    const fs::path database = database_of(request.run_folder);
    const RunId id = request.run_folder.filename().string();
    delete_run(database, id);
    purge_run(database, id);
    throw;
  }
}

void steer_run(const fs::path& database, const RunId& id, ControlCommand command) {
  const fs::path folder = database.parent_path() / id;
  std::optional<Launch> launch = read_job(folder);
  const bool stops = command == ControlCommand::kStopAndSave || command == ControlCommand::kStopNow;
  if (!launch || !stops) return request_control(database, id, command);
  const auto run = RunReader::open(database)->run(id);
  const bool begun = run && has_begun(*run, *launch);
  Phase phase = Phase::kUnknown;
  try {
    phase = ask_one(*launch).phase;
  } catch (const Error&) {
    if (!begun) throw;  // else its trainer can be asked all the same
  }
  const bool trains = begun && phase != Phase::kQueued && phase != Phase::kGone;
  // It reads its controls before it heeds SIGTERM, so that it knows whether to save.
  if (trains) request_control(database, id, command);
  if (phase == Phase::kGone || (trains && command == ControlCommand::kStopAndSave)) return;
  make_launcher(launch->place)->cancel(*launch);
  launch->cancelled = now_ms();
  write_launch(folder, *launch);
}

void apply_launch(const KnownLaunch& known, RunSummary& run) {
  const Launch& launch = known.launch;
  if (!is_open(run, launch)) return;
  const bool begun = has_begun(run, launch);
  if (!begun) {  // what stands there is of the trainer before
    run.exit_message.clear();
    run.host.clear();
    run.pid = run.ended = run.heartbeat = 0;
  }
  if (launch.place == LaunchPlace::kThisMachine) return apply_process(known, run);
  const std::string job = job_name(launch);
  const std::string& detail = known.state.detail;
  switch (known.state.phase) {
    case Phase::kUnknown:
      if (!begun) run.state = RunState::kQueued;
      run.launch = detail.empty() ? fmt::format("{} was sent.", job) : detail;
      return;
    case Phase::kQueued:
      run.state = RunState::kQueued;
      run.launch = detail.empty() ? fmt::format("{} waits for its turn.", job)
                                  : fmt::format("{} waits: {}.", job, detail);
      return;
    case Phase::kRunning:
      if (!begun) run.stage = "start";
      if (run.state != RunState::kPaused || !begun) run.state = RunState::kRunning;
      run.launch = detail.empty() ? fmt::format("{}.", job) : fmt::format("{} on {}.", job, detail);
      return;
    case Phase::kGone:
      end_run(run, known);
      return;
  }
}

LaunchWatch::~LaunchWatch() { stop_.request_stop(); }

void LaunchWatch::wait() {
  if (!asking_.valid()) return;
  asking_.wait();
  take_answer();
}

void LaunchWatch::take_answer() {
  if (!asking_.valid()) return;
  if (asking_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  for (auto& [run, answer] : asking_.get()) {
    const auto found = known_.find(run);
    if (found != known_.end() && found->second.launch.job == answer.launch.job)
      found->second.state = std::move(answer.state);
  }
}

void LaunchWatch::apply(std::span<RunSummary> runs) {
  KnownLaunches known;
  for (const RunSummary& run : runs) {
    const std::optional<Launch> launch = read_launch(folder_ / run.id);
    if (!launch) continue;
    const auto before = known_.find(run.id);
    const bool is_same = before != known_.end() && before->second.launch.job == launch->job &&
                         before->second.launch.process == launch->process;
    KnownLaunch& now =
        known[run.id] = {*launch, is_same ? std::move(before->second.state) : LaunchState()};
    const bool is_process = launch->place == LaunchPlace::kThisMachine;
    if (is_process && is_open(run, *launch) && now.state.phase != Phase::kGone)
      now.state = look_at_process(*launch, folder_ / run.id);
  }
  known_ = std::move(known);
  begin_to_ask(runs);
  for (RunSummary& run : runs) {
    if (const auto found = known_.find(run.id); found != known_.end()) {
      apply_launch(found->second, run);
    } else if (run.state == RunState::kCreated && now_ms() - run.created > kPatience) {
      run.state = RunState::kLost;
      run.exit_message = "No trainer was started for it.";
    }
  }
}

void LaunchWatch::begin_to_ask(std::span<const RunSummary> runs) {
  if (asking_.valid()) return;
  KnownLaunches open;
  bool is_new = false;
  for (const RunSummary& run : runs) {
    const auto found = known_.find(run.id);
    if (found == known_.end()) continue;
    const auto& [launch, state] = found->second;
    if (launch.place == LaunchPlace::kThisMachine) continue;
    if (!is_open(run, launch) || state.phase == Phase::kGone) continue;
    is_new = is_new || (state.phase == Phase::kUnknown && state.detail.empty());
    open.insert(*found);
  }
  const auto now = std::chrono::steady_clock::now();
  if (open.empty() || (!is_new && now - asked_at_ < every_)) return;
  asked_at_ = now;
  asking_ = std::async(std::launch::async, [open = std::move(open), stop = stop_.get_token()] {
    return ask_all(open, stop);
  });
}

std::vector<RunSummary> runs_with_launches(const fs::path& runs_folder,
                                           const std::function<std::vector<RunSummary>()>& read,
                                           const std::function<void()>& before_waiting) {
  LaunchWatch launches(runs_folder);
  std::vector<RunSummary> runs = read();
  launches.apply(runs);
  if (!launches.is_asking()) return runs;
  if (before_waiting) before_waiting();
  launches.wait();
  runs = read();
  launches.apply(runs);
  return runs;
}

}  // namespace realm
