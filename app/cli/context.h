// CliContext: what every command of `realm` is given: the global options, the console, and the
// workspace.
//
// Thread rule: the main thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>

#include "app/cli/console.h"
#include "app/services/workspace_session.h"

namespace CLI {
class App;
}

namespace realm {

// The command line itself is wrong: exit code 2. Everything else that fails is an Error and exits
// with 1.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command did its work, and the answer is no (realm check): exit code 1 without a sentence of
// error.
struct NegativeAnswer {};

class CliContext {
 public:
  std::string workspace_option, device = "cpu", precision = "fp32";
  bool precision_is_given = false;
  int threads = 0;
  Console console;
  std::stop_token stop;  // Ctrl+C
  std::function<void()>
      action;  // set by the command that was given; run after the whole line is understood

  // --workspace, else $REALM_WORKSPACE, else the folder that holds a workspace.json at or above the
  // current one. Throws UsageError where there is none.
  std::filesystem::path workspace_folder() const;
  enum class Access { kRead, kWrite };
  std::unique_ptr<WorkspaceSession> open_session(Access access) const;
  SessionOptions session_options() const;
  // Makes a model of the workspace the one that is asked; a note says so where the index is not its
  // own. Throws what Session::use_model throws.
  void use_model(const std::string& name) const;
  // A note before Slurm is asked "to take the job (sbatch)": a controller that is down lets a
  // person wait.
  void tell_slurm(std::string_view question) const;
};

// Adds the command whose words stand in the command table; a group ("doc") is made with its first
// command. Help and usage come from the table.
CLI::App& add_command(CLI::App& root, std::string_view words);

// The groups of commands, each in a file of its own name.
void add_workspace_commands(CLI::App& root, CliContext& context);
void add_setup_english_command(CLI::App& root, CliContext& context);
void add_model_commands(CLI::App& root, CliContext& context);
void add_corpus_commands(CLI::App& root, CliContext& context);
void add_document_commands(CLI::App& root, CliContext& context);
void add_index_commands(CLI::App& root, CliContext& context);
void add_ask_commands(CLI::App& root, CliContext& context);
void add_train_commands(CLI::App& root, CliContext& context);
void add_run_commands(CLI::App& root, CliContext& context);
void add_evaluate_commands(CLI::App& root, CliContext& context);
void add_spans_commands(CLI::App& root, CliContext& context);

}  // namespace realm
