// realm train.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/train_plan.h"
#include "app/services/assets.h"
#include "app/services/launch/launch_record.h"
#include "app/services/launch/run_launches.h"
#include "app/services/launch/slurm_script.h"
#include "engine/base/error.h"
#include "engine/base/progress_text.h"
#include "storage/run_database.h"
#include "storage/workspace.h"
#include "trainer/options.h"
#include "trainer/run_estimate.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTasks = "TASK is vocabulary, mlm, ict or pretrain.";

using cli::TrainArguments;

// Waits a moment, or until the command is stopped.
void pause_until(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
}

struct Started {
  RunId run;
  fs::path folder;
  Launch launch;
};

void ask_to_leave(const CliContext& context, const Started& started, const fs::path& database) {
  if (started.launch.place == LaunchPlace::kThisMachine) {
    make_launcher(started.launch.place)->cancel(started.launch);
  } else {
    steer_run(database, started.run, ControlCommand::kStopAndSave);
  }
  context.console.note("Asked the trainer to save and leave.");
}

// Of the stage where that has an end of its own; steps are told from the first one on.
Progress progress_of(const RunSummary& run) {
  Progress stage = read_progress(run.stage);
  const bool is_before_steps = stage.total > 0 || run.stage == "start" || run.stage == "load";
  if (is_before_steps) return stage;
  return {.done = run.step, .total = run.total_steps, .stage = run.stage};
}

RunSummary follow_training(const CliContext& context, const fs::path& database,
                           const Started& started) {
  const ProgressCallback progress = context.console.progress();
  const auto reader = RunReader::open(database);
  const auto launcher = make_launcher(started.launch.place);
  const bool is_local = started.launch.place == LaunchPlace::kThisMachine;
  LaunchWatch watch(database.parent_path(), std::chrono::seconds(2));
  bool asked_to_leave = false;
  std::string said;
  while (true) {
    const bool has_left = is_local && launcher->ask(std::span(&started.launch, 1)).front().phase ==
                                          LaunchState::Phase::kGone;
    watch.take_answer();
    RunSummary summary = reader->run(started.run).value();
    watch.apply(std::span(&summary, 1));
    if (is_local ? has_left : !is_going_on(summary.state)) return summary;
    if (summary.launch != said) context.console.note(summary.launch);
    said = summary.launch;
    if (context.stop.stop_requested() && !asked_to_leave) {
      ask_to_leave(context, started, database);
      asked_to_leave = true;
    }
    if (progress && summary.pid != 0 && summary.state != RunState::kQueued)
      progress(progress_of(summary));
    pause_until(asked_to_leave ? std::stop_token() : context.stop, std::chrono::milliseconds(200));
  }
}

LaunchRequest request_of(const TrainArguments& arguments, const TrainOptions& options) {
  LaunchRequest request{.program = find_program("realm-train"),
                        .run_folder = {},
                        .options = arguments.launch,
                        .task = to_string(options.task),
                        .cpus_per_rank = cpus_per_rank(options)};
  if (arguments.slurm) request.options.place = LaunchPlace::kSlurm;
  return request;
}

// The text that sbatch would be sent.
void show_script(const CliContext& context, const LaunchRequest& request) {
  const fs::path kept = request.run_folder / kSlurmScript;
  const std::string script =
      request.keeps_script && fs::exists(kept) ? cli::read_text(kept) : slurm_script(request);
  if (context.console.json) {
    context.console.document(cli::dump({{"script", script}}));
  } else {
    context.console.text(script.substr(0, script.find_last_not_of('\n') + 1));
  }
}

// nullopt: something was to be shown, nothing trained.
std::optional<Started> start_new(const CliContext& context, const TrainArguments& arguments) {
  TrainOptions options = cli::make_options(context, arguments, context.workspace_folder());
  cli::require_valid(options);
  require_new_vocabulary(options);
  // Without a word about it a run starts from the model in use, as in the window.
  if (options.initial_model.empty() && options.task != TrainTask::kVocabulary &&
      !cli::names_initial_model(arguments))
    options.initial_model = Workspace::open(context.workspace_folder()).active().model;
  if (arguments.dry_run) {
    cli::show_estimate(context, arguments, options);
    return std::nullopt;
  }
  LaunchRequest request = request_of(arguments, options);
  if (arguments.show_script) {
    show_script(context, request);
    return std::nullopt;
  }
  cli::require_fit(arguments, options,
                   estimate_run(options, {.calibration_seconds = 0,
                                          .ranks = arguments.launch.ranks,
                                          .is_here = !arguments.slurm}));
  request.run_folder = create_run(options);
  if (arguments.slurm) context.tell_slurm("to take the job (sbatch)");
  return Started{request.run_folder.filename().string(), request.run_folder,
                 launch_new_run(request)};
}

std::optional<Started> start_again(const CliContext& context, const TrainArguments& arguments,
                                   const fs::path& run_folder) {
  const fs::path config = run_folder / "config.json";
  if (!fs::exists(config)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The workspace {} has no run {}.", context.workspace_folder().string(),
                            arguments.resume));
  }
  LaunchRequest request =
      request_of(arguments, train_options_from_json(cli::read_text(config), {}, config));
  request.run_folder = run_folder;
  // Without options of its own the job is sent as it was the last time.
  request.keeps_script = arguments.launch == LaunchOptions();
  if (arguments.show_script) {
    show_script(context, request);
    return std::nullopt;
  }
  if (read_job(run_folder)) context.tell_slurm("what became of the job before (squeue)");
  if (arguments.slurm) context.tell_slurm("to take the job (sbatch)");
  return Started{arguments.resume, run_folder, launch_run(request)};
}

void tell_start(const CliContext& context, const Started& started) {
  const Launch& launch = started.launch;
  const bool is_job = launch.place == LaunchPlace::kSlurm;
  if (context.console.json) {
    cli::Json document = {{"run", started.run}};
    if (is_job) {
      document["job"] = launch.job;
    } else {
      document["pid"] = launch.process.pid;
    }
    context.console.document(cli::dump(document));
    return;
  }
  context.console.text(fmt::format("Run {} {}; realm runs follow {} shows it.", started.run,
                                   is_job
                                       ? fmt::format("was sent to Slurm as job {}", launch.job)
                                       : fmt::format("has begun (process {})", launch.process.pid),
                                   started.run));
}

void run_train(const CliContext& context, const TrainArguments& arguments) {
  if (arguments.help_options) {
    if (!arguments.task.empty()) return cli::show_options(context, arguments);
    TrainArguments usual = arguments;
    usual.task = to_string(TrainOptions().task);
    cli::show_options(context, usual);
    return context.console.note(
        fmt::format("The values are those of {0}; realm train TASK --help-options shows another "
                    "task's. {1}",
                    usual.task, kTasks));
  }
  const Workspace workspace = Workspace::open(context.workspace_folder());
  const std::optional<Started> started =
      arguments.resume.empty()
          ? start_new(context, arguments)
          : start_again(context, arguments, workspace.run_folder(arguments.resume));
  if (!started) return;
  if (arguments.detach) return tell_start(context, *started);
  const RunId& run = started->run;
  const RunSummary summary = follow_training(context, workspace.run_database(), *started);
  if (summary.state != RunState::kFinished && summary.state != RunState::kStopped) {
    std::string reason = summary.exit_message;
    const bool had_begun = summary.attempt > started->launch.attempt;
    if (reason.empty() || (summary.state == RunState::kLost && had_begun))
      reason += (reason.empty() ? "" : "\n") + trainer_log_tail(started->folder, 5);
    if (reason.empty()) {
      reason = fmt::format(
          "its process ended without a word; \"realm train --resume {}\" goes on from its newest "
          "checkpoint.",
          run);
    }
    throw Error(ErrorCode::kIo,
                fmt::format("Run {} {} at step {}: {}", run,
                            summary.state == RunState::kFailed ? "failed" : "was lost",
                            summary.step, reason));
  }
  if (context.console.json) {
    cli::Json document = {
        {"run", run}, {"state", run_state_name(summary.state)}, {"step", summary.step}};
    if (!started->launch.job.empty()) document["job"] = started->launch.job;
    context.console.document(cli::dump(document));
  } else {
    context.console.text(
        fmt::format("Run {} is {} at step {}.", run, run_state_name(summary.state), summary.step));
  }
}

}  // namespace

void add_train_commands(CLI::App& root, CliContext& context) {
  CLI::App& command = add_command(root, "train");
  const auto arguments = std::make_shared<TrainArguments>();
  CLI::Option* task =
      command.add_option("TASK", arguments->task, "vocabulary, mlm, ict or pretrain");
  CLI::Option* preset_name =
      command.add_option("--preset", arguments->preset, "values of a recipe by name");
  CLI::Option* config = command.add_option("--config", arguments->config, "a JSON file of options");
  CLI::Option* set =
      command.add_option("--set", arguments->settings, "KEY=VALUE; may be given again")
          ->allow_extra_args(false);
  CLI::Option* dry_run = command.add_flag("--dry-run", arguments->dry_run,
                                          "show the options and what the run needs: memory, "
                                          "disk, time; train nothing");
  CLI::Option* help_options =
      command.add_flag("--help-options", arguments->help_options,
                       "every option with its unit, value and meaning; train nothing");
  CLI::Option* resume = command.add_option("--resume", arguments->resume,
                                           "go on with this run from its newest checkpoint");
  command
      .add_option("--ranks", arguments->launch.ranks,
                  "processes that train the run together, on this machine or as Slurm's tasks; a "
                  "batch is shared among them")
      ->check(CLI::Range(1, 1024));
  CLI::Option* slurm =
      command.add_flag("--slurm", arguments->slurm, "train as a job of Slurm's, sent by sbatch");
  SlurmOptions& job = arguments->launch.slurm;
  command.add_option("--partition", job.partition, "Slurm's partition")->needs(slurm);
  command
      .add_option("--time", job.time_limit,
                  "Slurm's time limit, for example 2:30:00; the run saves when it is reached")
      ->needs(slurm);
  command.add_option("--gpus", job.gpus, "cards of each node, for example 2 or a100:2")
      ->needs(slurm);
  command
      .add_option("--sbatch", job.lines,
                  "a further option of sbatch, as in --sbatch=--account=me; may be given again")
      ->allow_extra_args(false)
      ->needs(slurm);
  command
      .add_flag("--show-script", arguments->show_script,
                "show the script that Slurm would be sent; train nothing")
      ->needs(slurm);
  command.add_flag("--detach", arguments->detach, "do not wait for the run");
  for (CLI::Option* other : {task, preset_name, config, set, dry_run, help_options})
    resume->excludes(other);
  command.callback([&context, arguments, task, resume] {
    if (task->empty() && resume->empty() && !arguments->help_options)
      throw UsageError(fmt::format("realm train needs a TASK, or --resume RUN. {}", kTasks));
    context.action = [&context, arguments] { run_train(context, *arguments); };
  });
}

}  // namespace realm
