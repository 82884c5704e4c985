// realm train.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <utility>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "app/services/assets.h"
#include "app/services/trainer_launcher.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/workspace.h"
#include "trainer/options.h"
#include "trainer/run_estimate.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

struct TrainArguments {
  std::string task, preset, config, resume;
  std::vector<std::string> settings;
  int ranks = 1;
  bool detach = false, dry_run = false, help_options = false;
};

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw Error(ErrorCode::kNotFound,
                fmt::format("The file {} is not there or cannot be read.", file.string()));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Defaults, then the preset, then the file, then --device, --precision and --threads, then --set,
// each over the one before. Errors in them are errors of usage.
TrainOptions make_options(const CliContext& context, const TrainArguments& arguments,
                          const fs::path& workspace) {
  try {
    const TrainTask task = parse_task(arguments.task);
    TrainOptions options;
    options.task = task;
    if (!arguments.preset.empty()) options = preset(arguments.preset, task);
    if (!arguments.config.empty())
      options = train_options_from_json(read_text(arguments.config), options);
    if (context.device != "cpu") options.device = context.device;
    if (context.precision == "bf16") options.precision = TrainPrecision::kBf16;
    if (context.threads > 0) options.threads = context.threads;
    for (const std::string& setting : arguments.settings) set_option(options, setting);
    options.task = task;
    options.workspace = fs::absolute(workspace).lexically_normal().string();
    for (std::string* path : {&options.training_text, &options.held_out_text, &options.probes,
                              &options.vocabulary_text}) {
      if (!path->empty()) *path = fs::absolute(*path).lexically_normal().string();
    }
    validate(options);
    return options;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInvalidArgument) throw UsageError(error.what());
    throw;
  }
}

// The options with the values of the preset, or their defaults.
void show_options(const CliContext& context, const TrainArguments& arguments) {
  const std::vector<OptionDescription> all =
      describe_options(make_options(context, arguments, "."));
  if (context.console.json) {
    cli::Json rows = cli::Json::array();
    for (const OptionDescription& option : all) {
      cli::Json row = {{"key", option.key},        {"group", option.group},
                       {"kind", option.kind},      {"unit", cli::text_or_null(option.unit)},
                       {"names", option.names},    {"value", cli::Json::parse(option.value_json)},
                       {"meaning", option.meaning}};
      if (option.names.empty()) row.erase("names");
      rows.push_back(std::move(row));
    }
    context.console.document(cli::dump({{"options", rows}}));
    return;
  }
  cli::TextTable table({{"group"}, {"key"}, {"value"}, {"unit"}, {"meaning"}});
  for (const OptionDescription& option : all) {
    const std::string names =
        option.names.empty() ? "" : fmt::format(" ({})", fmt::join(option.names, ", "));
    table.add({option.group, option.key, option.value_json, option.unit, option.meaning + names});
  }
  context.console.text(table.str());
}

// What the run would need, with its options; throws where it cannot fit.
void show_estimate(const CliContext& context, const TrainOptions& options) {
  const RunEstimate estimate = estimate_run(options);
  if (context.console.json) {
    cli::Json document = cli::Json::parse(to_json(options));
    document["estimate"] = cli::Json::parse(to_json(estimate));
    context.console.document(cli::dump(document));
  } else {
    context.console.text(describe(estimate));
    context.console.text(to_json(options));
  }
  require_room(options, estimate, RunStart::kBegins);
}

// Waits a moment, or until the command is stopped.
void pause_until(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
}

RunSummary follow_training(const CliContext& context, const fs::path& database, const RunId& run,
                           int64_t pid) {
  const ProgressCallback progress = context.console.progress();
  const auto reader = RunReader::open(database);
  bool asked_to_leave = false;
  std::optional<int> exit;
  while (!(exit = trainer_exit(pid))) {
    if (context.stop.stop_requested() && !asked_to_leave) {
      ask_trainer_to_leave(pid);
      asked_to_leave = true;
      context.console.note("Asked the trainer to save and leave.");
    }
    if (const auto summary = reader->run(run); summary && progress && summary->pid != 0) {
      progress({.done = summary->step, .total = summary->total_steps, .stage = summary->stage});
    }
    pause_until(asked_to_leave ? std::stop_token() : context.stop, std::chrono::milliseconds(200));
  }
  return reader->run(run).value();
}

void run_train(const CliContext& context, const TrainArguments& arguments) {
  if (arguments.help_options) return show_options(context, arguments);
  const fs::path folder = context.workspace_folder();
  const Workspace workspace = Workspace::open(folder);
  RunId run = arguments.resume;
  if (run.empty()) {
    const TrainOptions options = make_options(context, arguments, folder);
    if (arguments.dry_run) return show_estimate(context, options);
    require_room(options, estimate_run(options, {.calibration_seconds = 0}), RunStart::kBegins);
    run = create_run(options).filename().string();
  } else if (!fs::exists(workspace.run_folder(run) / "config.json")) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The workspace {} has no run {}.", folder.string(), run));
  }
  const int64_t pid =
      launch_trainer(find_program("realm-train"), workspace.run_folder(run), arguments.ranks);
  if (arguments.detach) {
    if (context.console.json) {
      context.console.document(cli::dump({{"run", run}, {"pid", pid}}));
    } else {
      context.console.text(fmt::format(
          "Run {} has begun (process {}); realm runs follow {} shows it.", run, pid, run));
    }
    return;
  }
  const RunSummary summary = follow_training(context, workspace.run_database(), run, pid);
  if (summary.state != RunState::kFinished && summary.state != RunState::kStopped) {
    const std::string reason = summary.exit_message.empty()
                                   ? trainer_log_tail(workspace.run_folder(run), 5)
                                   : summary.exit_message;
    throw Error(ErrorCode::kIo,
                fmt::format("Run {} {} at step {}: {}", run,
                            summary.state == RunState::kFailed ? "failed" : "was lost",
                            summary.step, reason));
  }
  if (context.console.json) {
    context.console.document(cli::dump(
        {{"run", run}, {"state", run_state_name(summary.state)}, {"step", summary.step}}));
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
      .add_option("--ranks", arguments->ranks,
                  "processes on this machine that train the run together; a batch is shared among "
                  "them")
      ->check(CLI::Range(1, 1024));
  command.add_flag("--detach", arguments->detach, "do not wait for the run");
  for (CLI::Option* other : {task, preset_name, config, set, dry_run, help_options})
    resume->excludes(other);
  command.callback([&context, arguments, task, resume] {
    if (task->empty() && resume->empty())
      throw UsageError("realm train needs a TASK, or --resume RUN.");
    context.action = [&context, arguments] { run_train(context, *arguments); };
  });
}

}  // namespace realm
