// realm model import, export, list, info, use, remove.
#include <fmt/format.h>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/model_export.h"
#include "app/cli/text_table.h"
#include "app/services/model_import.h"
#include "app/services/model_shelf.h"
#include "app/view/number_format.h"
#include "engine/base/error.h"

namespace realm {
namespace {

using cli::Json;
using cli::TextTable;

struct ImportArguments {
  std::string folder, name;
};

const char* state_of(const Workspace& workspace, const std::string& name) {
  if (name == workspace.active().model) return "model";
  return name == workspace.active().baseline ? "baseline" : "";
}

void run_import(const CliContext& context, const ImportArguments& arguments) {
  Workspace workspace = Workspace::open(context.workspace_folder());
  const ModelUse use = import_checked_model(workspace, arguments.folder, arguments.name,
                                            context.stop, context.console.progress());
  const ModelFolder folder = ModelFolder::open(workspace.model_folder(arguments.name));
  const std::string active = state_of(workspace, arguments.name);
  if (context.console.json) {
    context.console.document(cli::dump({{"name", arguments.name},
                                        {"kind", folder.describe()},
                                        {"can_be_model", use.as_model},
                                        {"can_be_baseline", use.as_baseline},
                                        {"active_as", cli::text_or_null(active)}}));
    return;
  }
  context.console.text(fmt::format("Imported {}: {}{}", arguments.name, folder.describe(),
                                   active.empty() ? "" : ", in use as " + active));
}

void run_list(const CliContext& context) {
  const Workspace workspace = Workspace::open(context.workspace_folder(), /*read_only=*/true);
  Json models = Json::array();
  TextTable table({{"name"}, {"in use as"}, {"kind"}});
  for (const std::string& name : workspace.models()) {
    std::string kind, problem;
    try {
      kind = ModelFolder::open(workspace.model_folder(name)).describe();
    } catch (const Error& error) {
      problem = error.what();
    }
    const std::string active = state_of(workspace, name);
    models.push_back({{"name", name},
                      {"kind", cli::text_or_null(kind)},
                      {"active_as", cli::text_or_null(active)},
                      {"problem", cli::text_or_null(problem)}});
    table.add({name, active.empty() ? "-" : active, problem.empty() ? kind : problem});
  }
  if (context.console.json) {
    context.console.document(cli::dump({{"models", std::move(models)}}));
  } else {
    context.console.text(workspace.models().empty() ? "The workspace has no model." : table.str());
  }
}

Json to_object(const TensorAccounting& accounting) {
  Json misshapen = Json::array();
  for (const TensorAccounting::Misshapen& tensor : accounting.misshapen) {
    misshapen.push_back(
        {{"name", tensor.name}, {"expected", tensor.expected}, {"found", tensor.found}});
  }
  return {{"loaded", accounting.loaded.size()},
          {"restored", accounting.restored},
          {"missing", accounting.missing},
          {"misshapen", std::move(misshapen)},
          {"unexpected", accounting.unexpected},
          {"unused", accounting.unused},
          {"notes", accounting.notes}};
}

int64_t parameters_of(const PartTensors& part) {
  int64_t count = 0;
  for (const PartTensors::Named& named : part.tensors) {
    if (named.is_alias) continue;
    int64_t elements = 1;
    for (const int64_t extent : named.tensor.shape) elements *= extent;
    count += elements;
  }
  return count;
}

void run_info(const CliContext& context, const std::string& name) {
  const Workspace workspace = Workspace::open(context.workspace_folder(), /*read_only=*/true);
  const ModelFolder folder = ModelFolder::open(workspace.model_folder(name));
  Json parts = Json::array();
  std::string lines = fmt::format("{}: {}\n", name, folder.describe());
  for (const ModelPart part : folder.parts()) {
    const PartTensors tensors = folder.load(part);
    const ModelConfig& config = tensors.config;
    const std::string fingerprint = tensors.fingerprint();
    const int64_t parameters = parameters_of(tensors);
    parts.push_back({{"part", part_name(part)},
                     {"file", tensors.path.filename().string()},
                     {"layers", config.layers},
                     {"hidden", config.hidden},
                     {"heads", config.heads},
                     {"positions", config.positions},
                     {"vocabulary", config.vocabulary},
                     {"parameters", parameters},
                     {"fingerprint", fingerprint},
                     {"tensors", to_object(tensors.accounting)}});
    const TensorAccounting& accounting = tensors.accounting;
    lines += fmt::format(
        "\n{}: {} layers of {}, {} heads, {} positions, {} pieces, {} parameters\n  fingerprint "
        "{}\n  tensors: {} loaded, {} "
        "restored, {} missing, {} misshapen, {} unexpected, {} unused\n",
        part_name(part), config.layers, config.hidden, config.heads, config.positions,
        config.vocabulary, view::format_count(parameters), fingerprint, accounting.loaded.size(),
        accounting.restored.size(), accounting.missing.size(), accounting.misshapen.size(),
        accounting.unexpected.size(), accounting.unused.size());
    for (const std::string& note : accounting.notes) lines += fmt::format("  {}\n", note);
  }
  if (context.console.json) {
    context.console.document(
        cli::dump({{"name", name},
                   {"kind", folder.describe()},
                   {"active_as", cli::text_or_null(state_of(workspace, name))},
                   {"lower_case", folder.lower_case()},
                   {"step", folder.info().step ? Json(*folder.info().step) : Json(nullptr)},
                   {"parts", std::move(parts)}}));
  } else {
    lines.pop_back();
    context.console.text(lines);
  }
}

void run_use(const CliContext& context, const std::string& name, const std::string& role) {
  if (role == "model") {
    context.use_model(name);
  } else {
    context.open_session(CliContext::Access::kWrite)->use_baseline(name);
  }
  if (context.console.json) {
    context.console.document(cli::dump({{"name", name}, {"active_as", role}}));
  } else {
    context.console.text(fmt::format("{} is the {} now.", name, role));
  }
}

// A person is asked; a script has to say it.
bool is_sure(const std::string& name, const std::string& loss) {
  if (isatty(STDIN_FILENO) == 0) {
    throw UsageError(
        fmt::format("Removing {} cannot be taken back; realm model remove {} --yes does it.{}{}",
                    name, name, loss.empty() ? "" : " ", loss));
  }
  fmt::print(stderr, "{}{}Remove the model {} for good? [y/N] ", loss, loss.empty() ? "" : " ",
             name);
  std::fflush(stderr);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

void run_remove(const CliContext& context, const std::string& name, bool yes) {
  Workspace workspace = Workspace::open(context.workspace_folder());
  const std::vector<std::string> models = workspace.models();
  if (std::find(models.begin(), models.end(), name) == models.end()) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The workspace has no model {}; realm model list names them.", name));
  }
  if (!yes && !is_sure(name, loss_of(runs_that_need(workspace, name))))
    return context.console.note("Nothing was removed.");
  remove_stored_model(workspace, name);
  if (context.console.json) {
    context.console.document(cli::dump({{"removed", name}}));
  } else {
    context.console.text(fmt::format("Removed the model {}.", name));
  }
}

void run_export_difference(const CliContext& context, const std::string& name,
                           const std::string& folder, const std::string& base) {
  const Workspace workspace = Workspace::open(context.workspace_folder(), /*read_only=*/true);
  const auto reports =
      export_difference(ModelFolder::open(workspace.model_folder(name)), base, folder);
  Json parts = Json::array();
  for (const auto& [part, report] : reports) {
    parts.push_back({{"part", part},
                     {"bytes", report.bytes},
                     {"same", report.same},
                     {"coded", report.coded},
                     {"whole", report.whole},
                     {"relative_error", cli::number(report.relative_error)}});
    if (!context.console.json) {
      context.console.text(fmt::format(
          "{}: {} bytes; {} tensors as in the base, {} coded (error {:.3f} of the difference), {} "
          "whole",
          part, report.bytes, report.same, report.coded, report.relative_error, report.whole));
    }
  }
  if (context.console.json) {
    context.console.document(cli::dump(
        {{"name", name}, {"folder", folder}, {"base", base}, {"parts", std::move(parts)}}));
  }
}

}  // namespace

void add_model_commands(CLI::App& root, CliContext& context) {
  {
    CLI::App& command = add_command(root, "model import");
    const auto arguments = std::make_shared<ImportArguments>();
    command.add_option("DIR", arguments->folder, "a model's folder in Hugging Face layout")
        ->required();
    command.add_option("--as", arguments->name, "its name in the workspace")->required();
    command.callback([&context, arguments] {
      context.action = [&context, arguments] { run_import(context, *arguments); };
    });
  }
  {
    CLI::App& command = add_command(root, "model export");
    const auto name = std::make_shared<std::string>();
    const auto folder = std::make_shared<std::string>();
    const auto half = std::make_shared<bool>(false);
    const auto base = std::make_shared<std::string>();
    command.add_option("NAME", *name, "a model of the workspace")->required();
    command.add_option("DIR", *folder, "a folder to make")->required();
    command.add_flag("--half", *half, "store weights in half precision (F16)");
    command.add_option("--base", *base,
                       "a weights file: store only what differs from it, at four bits a value");
    command.callback([&context, name, folder, half, base] {
      context.action = [&context, name, folder, half, base] {
        if (!base->empty()) {
          run_export_difference(context, *name, *folder, *base);
          return;
        }
        const Workspace workspace = Workspace::open(context.workspace_folder(), /*read_only=*/true);
        export_model(ModelFolder::open(workspace.model_folder(*name)), *folder, *half);
        if (!context.console.json) {
          context.console.text(fmt::format("Exported {} to {}", *name, *folder));
        } else {
          context.console.document(
              cli::dump({{"name", *name}, {"folder", *folder}, {"half", *half}}));
        }
      };
    });
  }
  add_command(root, "model list").callback([&context] {
    context.action = [&context] { run_list(context); };
  });
  {
    CLI::App& command = add_command(root, "model info");
    const auto name = std::make_shared<std::string>();
    command.add_option("NAME", *name, "a model of the workspace")->required();
    command.callback(
        [&context, name] { context.action = [&context, name] { run_info(context, *name); }; });
  }
  {
    CLI::App& command = add_command(root, "model remove");
    const auto name = std::make_shared<std::string>();
    const auto yes = std::make_shared<bool>(false);
    command.add_option("NAME", *name, "a model of the workspace that is not in use")->required();
    command.add_flag("--yes", *yes, "without asking");
    command.callback([&context, name, yes] {
      context.action = [&context, name, yes] { run_remove(context, *name, *yes); };
    });
  }
  {
    CLI::App& command = add_command(root, "model use");
    const auto name = std::make_shared<std::string>();
    const auto role = std::make_shared<std::string>("model");
    command.add_option("NAME", *name, "a model of the workspace")->required();
    command.add_option("--as", *role, "what for")
        ->check(CLI::IsMember({"model", "baseline"}))
        ->capture_default_str();
    command.callback([&context, name, role] {
      context.action = [&context, name, role] { run_use(context, *name, *role); };
    });
  }
}

}  // namespace realm
