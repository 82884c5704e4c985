// realm runs list, show, follow, metrics, probes, checkpoint, stop, pause, resume, extend, note,
// delete.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/run_object.h"
#include "app/cli/text_table.h"
#include "app/services/launch/launch_record.h"
#include "app/services/launch/run_launches.h"
#include "app/view/number_format.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_upkeep.h"
#include "storage/workspace.h"
#include "trainer/publish_model.h"

namespace realm {
namespace {

using cli::Json;
using cli::TextTable;

std::filesystem::path database_of(const CliContext& context) {
  return Workspace::open(context.workspace_folder(), /*read_only=*/true).run_database();
}

RunSummary find_run(const RunReader& reader, const RunId& id) {
  std::optional<RunSummary> run = reader.run(id);
  if (!run)
    throw Error(ErrorCode::kNotFound,
                fmt::format("The workspace has no run {}; realm runs list names them.", id));
  return *run;
}

// What `read` reads, with what launchers say of it; that one is asked is said before.
std::vector<RunSummary> ask_launchers(const CliContext& context,
                                      const std::filesystem::path& database,
                                      const std::function<std::vector<RunSummary>()>& read) {
  return runs_with_launches(database.parent_path(), read,
                            [&] { context.tell_slurm("what became of its jobs (squeue)"); });
}

RunSummary find_launched_run(const CliContext& context, const std::filesystem::path& database,
                             const RunId& id) {
  const auto reader = RunReader::open(database);
  return ask_launchers(context, database, [&] { return std::vector{find_run(*reader, id)}; })
      .front();
}

// Throws Error{kBusy} where a cluster still has the run.
void require_no_job_of(const CliContext& context, const std::filesystem::path& run_folder,
                       const char* what) {
  if (read_job(run_folder)) context.tell_slurm("whether it still has the job (squeue)");
  require_no_job(run_folder, what);
}

void run_list(const CliContext& context) {
  const std::filesystem::path database = database_of(context);
  std::vector<RunSummary> runs;
  try {
    const auto reader = RunReader::open(database);
    runs = ask_launchers(context, database, [&] { return reader->runs(); });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;  // no run was ever made
  }
  if (context.console.json) {
    Json list = Json::array();
    for (const RunSummary& run : runs) list.push_back(cli::run_object(database, run));
    context.console.document(cli::dump({{"runs", std::move(list)}}));
    return;
  }
  TextTable table(
      {{"run"}, {"task"}, {"state"}, {"step", TextTable::Align::kRight}, {"begun"}, {"stage"}});
  for (const RunSummary& run : runs) {
    table.add({run.id, run.task, run_state_name(run.state),
               run.total_steps > 0 ? fmt::format("{}/{}", run.step, run.total_steps) : "-",
               cli::iso_time(run.started),
               !run.exit_message.empty()        ? run.exit_message
               : run.state == RunState::kQueued ? run.launch
                                                : run.stage});
  }
  context.console.text(runs.empty() ? "The workspace has no runs." : table.str());
}

void run_show(const CliContext& context, const RunId& id) {
  const std::filesystem::path database = database_of(context);
  const RunSummary run = find_launched_run(context, database, id);
  Json object = cli::run_object(database, run);
  const Json config = Json::parse(run.config_json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  object["config"] = config.is_discarded() ? Json(nullptr) : config;
  if (context.console.json) {
    context.console.document(cli::dump(object));
    return;
  }
  const std::string steps =
      run.total_steps > 0 ? fmt::format(", step {} of {}", run.step, run.total_steps) : "";
  context.console.text(fmt::format("{}: {}, {}{}{}{}", run.id, run.task, run_state_name(run.state),
                                   steps, run.stage.empty() ? "" : ", " + run.stage,
                                   run.exit_message.empty() ? "" : "\n" + run.exit_message));
  if (!run.launch.empty()) context.console.text(run.launch);
  if (run.checkpoint) {
    context.console.text(
        fmt::format("newest checkpoint: step {}, {}", run.checkpoint->step, run.checkpoint->path));
  }
}

void print_scalar(const CliContext& context, const Scalar& scalar) {
  if (context.console.json) {
    context.console.document(cli::dump_line({{"step", scalar.step},
                                             {"name", scalar.name},
                                             {"value", cli::number(scalar.value)},
                                             {"time", scalar.time}}));
  } else {
    context.console.text(fmt::format("{:>8}  {}  {:.6g}", scalar.step, scalar.name, scalar.value));
  }
}

void run_metrics(const CliContext& context, const RunId& id, const std::string& name) {
  const auto reader = RunReader::open(database_of(context));
  find_run(*reader, id);
  for (const std::string& each : reader->scalar_names(id)) {
    if (!name.empty() && each != name) continue;
    for (const Scalar& scalar : reader->scalars(id, each)) print_scalar(context, scalar);
  }
}

// The probe's JSON with its step, name and time before the rest; with plain text its first numbers.
void print_probe(const CliContext& context, const RunProbe& probe) {
  const Json data = Json::parse(probe.data_json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (context.console.json) {
    Json line = {{"step", probe.step}, {"name", probe.name}, {"time", probe.time}};
    if (data.is_object()) line.update(data);
    context.console.document(cli::dump_line(line));
    return;
  }
  const auto value = [&](const char* key) {
    return data.is_object() && data.contains(key) && data[key].is_number()
               ? view::format_number(data[key].get<double>())
               : std::string("-");
  };
  const Json gold = data.is_object() && data.contains("gold") ? data["gold"] : Json(nullptr);
  context.console.text(fmt::format(
      "{:>8}  {}  p(y|x) {}  p(y|null,x) {}{}", probe.step, probe.name, value("p_y_given_x"),
      value("p_y_null"),
      gold.is_object() && gold.contains("rank")
          ? fmt::format("  rank of {} {}", gold["title"].get<std::string>(), gold["rank"].dump())
          : ""));
}

void run_probes(const CliContext& context, const RunId& id, const std::string& name) {
  const auto reader = RunReader::open(database_of(context));
  find_run(*reader, id);
  for (const RunProbe& probe : reader->probes(id, name)) print_probe(context, probe);
}

void print_event(const CliContext& context, const RunEvent& event) {
  if (event.kind == "sample") return;  // looked at, not read
  if (context.console.json) {
    context.console.document(cli::dump_line({{"step", event.step},
                                             {"kind", event.kind},
                                             {"message", event.message},
                                             {"time", event.time}}));
  } else {
    context.console.text(fmt::format("{:>8}  {}  {}", event.step, event.kind, event.message));
  }
}

void run_follow(const CliContext& context, const RunId& id) {
  const std::filesystem::path database = database_of(context);
  const auto reader = RunReader::open(database);
  find_run(*reader, id);
  LaunchWatch launches(database.parent_path());
  std::string said;
  RunCursor cursor;
  cursor.run = id;
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!context.stop.stop_requested()) {
    launches.take_answer();
    RunDelta delta = reader->read_since(cursor);
    launches.apply(std::span(&delta.summary, 1));
    for (const RunEvent& event : delta.events) print_event(context, event);
    for (const Scalar& scalar : delta.scalars) print_scalar(context, scalar);
    cursor = delta.next;
    if (delta.more) continue;
    if (delta.summary.launch != said) context.console.note(delta.summary.launch);
    said = delta.summary.launch;
    const RunState state = delta.summary.state;
    if (!is_going_on(state)) {
      context.console.note(
          fmt::format("Run {} is {} at step {}.", id, run_state_name(state), delta.summary.step));
      return;
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, context.stop, std::chrono::milliseconds(500), [] { return false; });
  }
}

void run_control(const CliContext& context, const RunId& id, ControlCommand command) {
  const std::filesystem::path database = database_of(context);
  const RunSummary run = find_launched_run(context, database, id);
  const bool stops = command == ControlCommand::kStopAndSave || command == ControlCommand::kStopNow;
  const bool can_take = run.state == RunState::kQueued ? stops : is_going_on(run.state);
  if (!can_take) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("Run {} is {}, so there is nothing to {}.", id,
                            run_state_name(run.state), control_name(command)));
  }
  if (stops && read_job(database.parent_path() / id))
    context.tell_slurm("to end the job (squeue, scancel)");
  steer_run(database, id, command);
  if (context.console.json) {
    context.console.document(cli::dump({{"run", id}, {"asked", control_name(command)}}));
  } else {
    context.console.text(fmt::format("Asked run {}: {}.", id, control_name(command)));
  }
}

void run_extend(const CliContext& context, const RunId& id, int64_t more) {
  const std::filesystem::path database = database_of(context);
  find_run(*RunReader::open(database), id);
  require_no_job_of(context, database.parent_path() / id, "extended");
  const int64_t steps = extend_run(database, id, more);
  if (context.console.json) {
    context.console.document(cli::dump({{"run", id}, {"total_steps", steps}}));
  } else {
    context.console.text(
        fmt::format("Run {} has {} steps now; realm train --resume {} does them.", id, steps, id));
  }
}

struct NoteArguments {
  std::optional<std::string> tags, note;
};

void run_note(const CliContext& context, const RunId& id, const NoteArguments& arguments) {
  const std::filesystem::path database = database_of(context);
  const RunSummary run = find_run(*RunReader::open(database), id);
  RunNotes notes{run.tags, run.note};
  if (arguments.tags) notes.tags = tags_of(*arguments.tags);
  if (arguments.note) notes.note = *arguments.note;
  if (arguments.tags || arguments.note) set_run_notes(database, id, notes);
  if (context.console.json) {
    context.console.document(cli::dump({{"run", id}, {"tags", notes.tags}, {"note", notes.note}}));
  } else {
    context.console.text(fmt::format("tags: {}\n{}", tags_text(notes.tags), notes.note));
  }
}

void run_delete(const CliContext& context, const RunId& id) {
  const std::filesystem::path database = database_of(context);
  find_run(*RunReader::open(database), id);
  require_no_job_of(context, database.parent_path() / id, "deleted");
  delete_run(database, id);
  purge_run(database, id);
  if (context.console.json) {
    context.console.document(cli::dump({{"deleted", id}}));
  } else {
    context.console.text(fmt::format("Deleted run {}.", id));
  }
}

struct CheckpointArguments {
  std::optional<int64_t> step;
  std::optional<std::string> name;
  bool use = false;
};

void run_checkpoint(const CliContext& context, const RunId& id,
                    const CheckpointArguments& arguments) {
  if (arguments.name && arguments.name->empty()) {
    throw UsageError("--as needs a name for the model; without it the model is called RUN@STEP.");
  }
  const std::filesystem::path database = database_of(context);
  find_run(*RunReader::open(database), id);
  const CheckpointModel made =
      publish_checkpoint(database.parent_path() / id, {.step = arguments.step,
                                                       .name = arguments.name.value_or(""),
                                                       .is_to_be_asked = arguments.use});
  if (arguments.use) context.use_model(made.name);
  if (context.console.json) {
    context.console.document(cli::dump({{"run", id},
                                        {"step", made.step},
                                        {"name", made.name},
                                        {"borrowed", cli::text_or_null(made.borrowed)},
                                        {"can_be_model", made.can_be_asked},
                                        {"active", arguments.use}}));
    return;
  }
  context.console.text(fmt::format("{} is the checkpoint of step {}{}{}.", made.name, made.step,
                                   made.borrowed.empty() ? "" : ", with " + made.borrowed,
                                   arguments.use ? ", and the model now" : ""));
  if (!made.can_be_asked)
    context.console.note(fmt::format(
        "It lacks a part that a model needs; realm model info {} names what it has.", made.name));
}

// A command with one argument, RUN.
template <typename Action>
CLI::App& add_run_command(CLI::App& root, CliContext& context, const char* words, Action action) {
  CLI::App& command = add_command(root, words);
  const auto run = std::make_shared<RunId>();
  command.add_option("RUN", *run, "a run's name")->required();
  command.callback([&context, run, action] {
    context.action = [&context, run, action] { action(context, *run); };
  });
  return command;
}

}  // namespace

void add_run_commands(CLI::App& root, CliContext& context) {
  add_command(root, "runs list").callback([&context] {
    context.action = [&context] { run_list(context); };
  });
  add_run_command(root, context, "runs show", run_show);
  const auto name = std::make_shared<std::string>();
  add_run_command(root, context, "runs metrics", [name](const CliContext& c, const RunId& run) {
    run_metrics(c, run, *name);
  }).add_option("--name", *name, "only these numbers, for example loss");
  const auto probe = std::make_shared<std::string>();
  add_run_command(root, context, "runs probes", [probe](const CliContext& c, const RunId& run) {
    run_probes(c, run, *probe);
  }).add_option("--name", *probe, "only this probe");
  add_run_command(root, context, "runs follow", run_follow);
  const auto checkpoint = std::make_shared<CheckpointArguments>();
  CLI::App& publishing = add_run_command(
      root, context, "runs checkpoint",
      [checkpoint](const CliContext& c, const RunId& run) { run_checkpoint(c, run, *checkpoint); });
  publishing.add_option("--step", checkpoint->step,
                        "the newest checkpoint at or before it; without: the newest");
  publishing.add_option("--as", checkpoint->name, "the model's name; without: RUN@STEP");
  publishing.add_flag("--use", checkpoint->use, "make it the model that is asked");
  const auto now = std::make_shared<bool>(false);
  add_run_command(root, context, "runs stop", [now](const CliContext& c, const RunId& run) {
    run_control(c, run, *now ? ControlCommand::kStopNow : ControlCommand::kStopAndSave);
  }).add_flag("--now", *now, "without saving");
  add_run_command(root, context, "runs pause", [](const CliContext& c, const RunId& run) {
    run_control(c, run, ControlCommand::kPause);
  });
  add_run_command(root, context, "runs resume", [](const CliContext& c, const RunId& run) {
    run_control(c, run, ControlCommand::kResume);
  });
  add_run_command(root, context, "runs save", [](const CliContext& c, const RunId& run) {
    run_control(c, run, ControlCommand::kCheckpointNow);
  });
  add_run_command(root, context, "runs refresh", [](const CliContext& c, const RunId& run) {
    const RunSummary summary = find_run(*RunReader::open(database_of(c)), run);
    if (summary.task != "pretrain") {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("Run {} is of {}; only pretrain has an index that is refreshed.", run,
                              summary.task));
    }
    run_control(c, run, ControlCommand::kRefreshNow);
  });
  const auto more = std::make_shared<int64_t>(0);
  add_run_command(root, context, "runs extend",
                  [more](const CliContext& c, const RunId& run) { run_extend(c, run, *more); })
      .add_option("STEPS", *more, "how many more")
      ->required();
  const auto note = std::make_shared<NoteArguments>();
  CLI::App& noting =
      add_run_command(root, context, "runs note",
                      [note](const CliContext& c, const RunId& run) { run_note(c, run, *note); });
  noting.add_option("--tags", note->tags, "words to find it by, with commas between them");
  noting.add_option("--note", note->note, "what it is for");
  add_run_command(root, context, "runs delete", run_delete);
}

}  // namespace realm
