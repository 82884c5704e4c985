// realm setup starter, init, check.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/services/assets.h"
#include "app/services/model_import.h"
#include "engine/base/error.h"
#include "storage/importers.h"
#include "storage/workspace_check.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using cli::Json;

void print_workspace(const CliContext& context, WorkspaceSession& session, const fs::path& folder) {
  const SessionStatus status = session.status();
  if (context.console.json) {
    context.console.document(cli::dump(
        {{"workspace", folder.string()},
         {"name", status.workspace_name},
         {"model", cli::text_or_null(status.active_model)},
         {"baseline", cli::text_or_null(status.active_baseline)},
         {"documents", status.corpus_documents},
         {"index", status.index.type.empty() ? Json(nullptr)
                                             : Json{{"type", status.index.type},
                                                    {"generation", status.index.generation},
                                                    {"vectors", status.index.vectors}}}}));
    return;
  }
  context.console.text(fmt::format("Workspace {}: {} documents, model {}, baseline {}, index {}",
                                   folder.string(), status.corpus_documents,
                                   status.active_model.empty() ? "none" : status.active_model,
                                   status.active_baseline.empty() ? "none" : status.active_baseline,
                                   status.index.type.empty() ? "none" : status.index.type));
}

// Copies a folder of plain files that a workspace carries along (examples, evaluation sets).
void copy_along(const fs::path& from, const fs::path& to) {
  if (fs::exists(from)) fs::copy(from, to, fs::copy_options::recursive);
}

// A folder beside the target, which takes its place when everything is in it and is removed when
// not.
class Preparation {
 public:
  explicit Preparation(fs::path target)
      : target_(std::move(target)),
        folder_(target_.parent_path() /
                fmt::format(".{}.{}", target_.filename().string(), getpid())) {
    fs::create_directories(target_.parent_path());
    fs::remove_all(folder_);
  }
  ~Preparation() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  const fs::path& folder() const { return folder_; }
  void publish() { fs::rename(folder_, target_); }

 private:
  fs::path target_, folder_;
};

void run_setup_starter(const CliContext& context, const std::string& wanted) {
  const fs::path assets = find_asset("starter");
  const fs::path target =
      fs::absolute(wanted.empty() ? user_data_folder() / "starter" : fs::path(wanted))
          .lexically_normal();
  if (fs::exists(target) && !(fs::is_directory(target) && fs::is_empty(target))) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} is there already and is not an empty folder.", target.string()));
  }
  const ProgressCallback progress = context.console.progress();
  Preparation preparation(target.has_filename() ? target : target.parent_path());
  {
    Workspace workspace = Workspace::create(preparation.folder(), "Starter");
    std::vector<fs::path> models;
    for (const fs::directory_entry& entry : fs::directory_iterator(assets / "models")) {
      if (entry.is_directory()) models.push_back(entry.path());
    }
    std::sort(models.begin(), models.end());
    for (const fs::path& model : models) {
      import_checked_model(workspace, model, model.filename().string(), context.stop, progress);
    }
    copy_along(assets / "examples.json", preparation.folder() / "examples.json");
    copy_along(assets / "eval", preparation.folder() / "eval");
  }
  {
    SessionOptions options = context.session_options();
    options.workspace = preparation.folder();
    WorkspaceSession session(options);
    import_file(session.corpus(), assets / "corpus.jsonl", ImportOptions{}, context.stop, progress);
    session.build_index("", /*rebuild=*/false, context.stop, progress);
  }
  if (fs::exists(target)) fs::remove(target);  // the empty folder
  preparation.publish();
  SessionOptions options = context.session_options();
  options.workspace = target;
  WorkspaceSession session(options);
  print_workspace(context, session, target);
}

struct InitArguments {
  std::string folder, model, baseline;
};

std::string model_name(const fs::path& source) {
  const fs::path folder = fs::absolute(source).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

void run_init(const CliContext& context, const InitArguments& arguments) {
  // The models are looked through before the folder is made, so that a fault in them leaves nothing
  // behind.
  for (const std::string& source : {arguments.model, arguments.baseline}) {
    if (!source.empty()) require_sound(ModelFolder::open(source));
  }
  const ProgressCallback progress = context.console.progress();
  Workspace workspace = Workspace::create(arguments.folder);
  std::string imported;
  if (!arguments.model.empty()) {
    imported = model_name(arguments.model);
    workspace.import_model(arguments.model, imported, context.stop, progress);
    workspace.set_active_model(imported);
  }
  if (!arguments.baseline.empty()) {
    std::string name = model_name(arguments.baseline);
    if (name == imported) name += "-baseline";
    workspace.import_model(arguments.baseline, name, context.stop, progress);
    workspace.set_active_baseline(name);
  }
  SessionOptions options = context.session_options();
  options.workspace = arguments.folder;
  WorkspaceSession session(options);
  print_workspace(context, session, arguments.folder);
}

void run_check(const CliContext& context, bool repair) {
  // Not for reading only, as SQLite checks the full-text index by a statement that writes.
  Workspace workspace = Workspace::open(context.workspace_folder());
  const CheckReport report =
      check_workspace(workspace, repair, context.stop, context.console.progress());
  if (context.console.json) {
    Json findings = Json::array();
    for (const CheckFinding& finding : report.findings) {
      findings.push_back({{"what", finding.what},
                          {"sentence", finding.sentence},
                          {"problem", finding.is_problem},
                          {"repairable", finding.repairable},
                          {"repaired", finding.repaired}});
    }
    context.console.document(cli::dump({{"ok", report.ok()},
                                        {"documents", report.documents},
                                        {"revision", report.revision},
                                        {"fingerprint", report.fingerprint},
                                        {"dirty_documents", report.dirty_documents},
                                        {"revisions", report.revisions},
                                        {"undo_steps", report.undo_steps},
                                        {"indexes", report.indexes},
                                        {"models", report.models},
                                        {"findings", std::move(findings)}}));
  } else {
    for (const CheckFinding& finding : report.findings) {
      context.console.text(fmt::format("{}{}: {}",
                                       finding.repaired     ? "repaired "
                                       : finding.is_problem ? "problem "
                                                            : "note ",
                                       finding.what, finding.sentence));
    }
    context.console.text(fmt::format(
        "{}: {} documents at revision {}, {} of them to be embedded, {} indexes, {} models",
        report.ok() ? "All is well" : "Something is wrong", report.documents, report.revision,
        report.dirty_documents, report.indexes, report.models));
  }
  if (!report.ok()) throw NegativeAnswer{};
}

}  // namespace

void add_workspace_commands(CLI::App& root, CliContext& context) {
  {
    CLI::App& command = add_command(root, "setup starter");
    const auto folder = std::make_shared<std::string>();
    command.add_option("DIR", *folder, "where; else the user's data folder");
    command.callback([&context, folder] {
      context.action = [&context, folder] { run_setup_starter(context, *folder); };
    });
  }
  {
    CLI::App& command = add_command(root, "init");
    const auto arguments = std::make_shared<InitArguments>();
    command.add_option("DIR", arguments->folder, "the folder to make")->required();
    command.add_option("--model", arguments->model, "a REALM model's folder, copied in");
    command.add_option("--baseline", arguments->baseline,
                       "a BERT folder to compare with, copied in");
    command.callback([&context, arguments] {
      context.action = [&context, arguments] { run_init(context, *arguments); };
    });
  }
  {
    CLI::App& command = add_command(root, "check");
    const auto repair = std::make_shared<bool>(false);
    command.add_flag("--repair", *repair, "mend what can be made again from the documents");
    command.callback([&context, repair] {
      context.action = [&context, repair] { run_check(context, *repair); };
    });
  }
}

}  // namespace realm
