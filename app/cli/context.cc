#include "app/cli/context.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <utility>

#include "app/commands/command_table.h"
#include "engine/base/check.h"

namespace realm {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kGroups = {{
    {"setup", "Makes workspaces that are ready to use."},
    {"model", "Models of the workspace."},
    {"doc", "The passages of the corpus; every change is one revision that can be undone."},
    {"runs", "Training runs."},
}};

CLI::App& find_group(CLI::App& root, const std::string& name) {
  for (CLI::App* group : root.get_subcommands([&](CLI::App* app) { return app->check_name(name); }))
    return *group;
  for (const auto& [known, help] : kGroups) {
    if (known != name) continue;
    CLI::App* group = root.add_subcommand(name, std::string(help));
    group->require_subcommand(0, 1);
    group->fallthrough();
    return *group;
  }
  check_failed("every group of commands has a line in kGroups", __FILE__, __LINE__);
}

}  // namespace

std::filesystem::path CliContext::workspace_folder() const {
  if (!workspace_option.empty()) return workspace_option;
  if (const char* folder = std::getenv("REALM_WORKSPACE"); folder != nullptr && *folder != '\0')
    return folder;
  if (const auto found = Workspace::find_above(std::filesystem::current_path())) return *found;
  throw UsageError(
      "There is no workspace here: name one with --workspace DIR or REALM_WORKSPACE, or make one "
      "with realm setup starter.");
}

SessionOptions CliContext::session_options() const {
  SessionOptions options;
  options.device = device;
  options.precision = precision == "bf16" ? Precision::kBf16 : Precision::kFp32;
  options.threads = threads;
  options.load_models = false;
  return options;
}

std::unique_ptr<WorkspaceSession> CliContext::open_session(Access access) const {
  SessionOptions options = session_options();
  options.workspace = workspace_folder();
  options.read_only = access == Access::kRead;
  return std::make_unique<WorkspaceSession>(options);
}

void CliContext::use_model(const std::string& name) const {
  const std::unique_ptr<WorkspaceSession> session = open_session(Access::kWrite);
  const std::string left_out = session->use_model(name);
  if (!left_out.empty())
    console.note(fmt::format(
        "The baseline {} has other words than {} and stands beside it no more.", left_out, name));
  const IndexStatus index = session->status().index;
  if (!index.type.empty() && !index.matches_model) {
    console.note(
        "Vectors of another model cannot be asked with this one; realm index makes its own, and "
        "those of the other model come back with it.");
  }
}

void CliContext::tell_slurm(std::string_view question) const {
  console.note(fmt::format("Asking Slurm {}...", question));
}

CLI::App& add_command(CLI::App& root, std::string_view words) {
  const CommandInfo* info = find_cli_command(words);
  REALM_CHECK(info != nullptr);
  const size_t space = words.find(' ');
  CLI::App& parent = space == std::string_view::npos
                         ? root
                         : find_group(root, std::string(words.substr(0, space)));
  const std::string name(space == std::string_view::npos ? words : words.substr(space + 1));
  CLI::App* command = parent.add_subcommand(name, std::string(info->help));
  command->fallthrough();  // global options may stand after the command
  command->footer(fmt::format("Usage: realm {}", info->cli_usage));
  return *command;
}

}  // namespace realm
