// realm: the command line (CLI.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/version.h"
#include "engine/base/blas_environment.h"
#include "engine/base/error.h"
#include "engine/base/nearest_word.h"

namespace realm {
namespace {

constexpr int kSuccess = 0, kFailure = 1, kWrongUsage = 2;

// The command that the line got to: where an unknown word or option was met.
const CLI::App& deepest_command(const CLI::App& app) {
  const CLI::App* deepest = &app;
  while (!deepest->get_subcommands().empty()) deepest = deepest->get_subcommands().back();
  return *deepest;
}

// " (did you mean --title?)" for the first word that was not understood; empty where nothing is
// near.
std::string hint_for(const CLI::App& root, const std::vector<std::string>& unknown) {
  if (unknown.empty()) return "";
  const CLI::App& command = deepest_command(root);
  const std::string word = unknown.front().substr(0, unknown.front().find('='));
  std::vector<std::string> known;
  if (word.starts_with("-")) {
    for (const CLI::App* app : {&command, &root}) {
      for (const CLI::Option* option : app->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    }
  } else {
    for (const CLI::App* app : command.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(app->get_name());
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::optional<std::string_view> near = nearest_word(word, views);
  return near ? fmt::format(" (did you mean {}?)", *near) : "";
}

std::string full_name(const CLI::App& root) {
  std::string name = "realm";
  for (const CLI::App* app = &root; !app->get_subcommands().empty();) {
    app = app->get_subcommands().back();
    name += " " + app->get_name();
  }
  return name;
}

int report_wrong_usage(const CLI::App& root, std::string sentence) {
  while (!sentence.empty() && sentence.back() == '\n') sentence.pop_back();
  fmt::print(stderr, "realm: {}\nrealm: {} --help says what there is.\n", sentence,
             full_name(root));
  return kWrongUsage;
}

void add_global_options(CLI::App& app, CliContext& context) {
  app.add_option("--workspace", context.workspace_option,
                 "the workspace's folder; else REALM_WORKSPACE, else here or above");
  app.add_flag("--json", context.console.json, "one JSON document on standard output");
  app.add_flag("--quiet", context.console.quiet, "no notes and no progress");
  app.add_option("--threads", context.threads,
                 "threads of the engine; 0: as many as cores are free")
      ->check(CLI::Range(0, 1024));
  app.add_option("--device", context.device, "cpu, cuda or cuda:N")->capture_default_str();
  app.add_option("--precision", context.precision, "fp32 or bf16")
      ->check(CLI::IsMember({"fp32", "bf16"}))
      ->each([&context](const std::string&) { context.precision_is_given = true; })
      ->capture_default_str();
}

// What the command line asks for is known before anything of it is done, so a line that is wrong
// does nothing.
int parse(CLI::App& app, CliContext& context, int argc, char** argv) {
  bool wants_version = false;
  app.add_flag("--version", wants_version,
               "versions of the program and its libraries, BLAS kernels, devices");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help
    return app.exit(request);
  } catch (const CLI::ExtrasError&) {
    const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
    return report_wrong_usage(
        app, fmt::format("unknown {} {}{}", unknown.front().starts_with("-") ? "option" : "word",
                         unknown.front(), hint_for(app, unknown)));
  } catch (const CLI::ParseError& error) {
    return report_wrong_usage(app, error.what());
  }
  if (wants_version) {
    context.action = [&context] {
      if (context.console.json) {
        context.console.document(version_json());
      } else {
        context.console.text(describe_version());
      }
    };
  }
  if (!context.action) return report_wrong_usage(app, "a command is missing");
  return kSuccess;
}

int run(int argc, char** argv) {
  const InterruptWatch interrupts;
  CliContext context;
  context.stop = interrupts.token();
  CLI::App app("REALM: asks a model that retrieves, edits what it knows, trains it.", "realm");
  app.set_help_all_flag("--help-all", "Print the help of every command and exit");
  add_global_options(app, context);
  add_workspace_commands(app, context);
  add_setup_english_command(app, context);
  add_ask_commands(app, context);
  add_document_commands(app, context);
  add_corpus_commands(app, context);
  add_index_commands(app, context);
  add_model_commands(app, context);
  add_train_commands(app, context);
  add_run_commands(app, context);
  add_evaluate_commands(app, context);
  add_spans_commands(app, context);
  app.require_subcommand(0, 1);
  try {
    const int parsed = parse(app, context, argc, argv);
    if (!context.action || parsed != kSuccess) return parsed;
    context.action();
    if (std::fflush(stdout) != 0)
      throw Error(ErrorCode::kIo, "Standard output could not be written.");
    return kSuccess;
  } catch (const UsageError& error) {
    return report_wrong_usage(app, error.what());
  } catch (const NegativeAnswer&) {
    return kFailure;
  } catch (const std::exception& error) {
    fmt::print(stderr, "realm: {}\n", error.what());
    return kFailure;
  }
}

}  // namespace
}  // namespace realm

int main(int argc, char** argv) {
  realm::choose_blas_kernels();
  return realm::run(argc, argv);
}
