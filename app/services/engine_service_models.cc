// The engine thread's work on models and on whole workspaces.
#include <fmt/format.h>

#include <utility>

#include "app/services/engine_service.h"
#include "app/services/failing.h"

namespace realm {
namespace {

// What came in, in a sentence.
std::string told(const std::string& name, const ImportedModel& model) {
  if (model.is_in_use)
    return fmt::format("{} is in the workspace, and is the {} now.", name,
                       model.can_be_asked ? "model" : "baseline");
  if (model.can_be_asked || model.can_be_baseline)
    return fmt::format("{} is in the workspace; the list of models has \u201CUse it\u201D.", name);
  return fmt::format("{} is in the workspace. It lacks {}, so it can be trained from, not asked.",
                     name, model.lacks);
}

}  // namespace

void EngineService::handle(const view::UseModel& command, Ticket& ticket) {
  begin(fmt::format("Loading {}", command.name), ticket, /*can_cancel=*/false);
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kUseModel, .title = command.name};
  outcome.as_baseline = command.as_baseline;
  outcome.failure = failing([&] {
    if (command.as_baseline) return session().use_baseline(command.name);
    outcome.left_out = session().use_model(command.name);
    now_.model_failure.reset();
  });
  failing([&] { refresh_status(); });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::ImportModel& command, Ticket& ticket) {
  begin(fmt::format("Importing {}", command.name), ticket, /*can_cancel=*/true);
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kImportModel, .title = command.name};
  outcome.failure = failing([&] {
    const ImportedModel imported =
        session().import_model(command.folder, command.name, ticket.stop.get_token(),
                               [this](const Progress& progress) { report(progress); });
    outcome.is_in_use = imported.is_in_use;
    outcome.text = told(command.name, imported);
    if (imported.is_in_use && imported.can_be_asked) now_.model_failure.reset();
  });
  failing([&] { refresh_status(); });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::MakeWorkspace& command, Ticket& ticket) {
  begin("Making a workspace", ticket, /*can_cancel=*/false);
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kMakeWorkspace, .file = command.folder};
  outcome.failure = failing([&] { options_.make_workspace(command.folder); });
  record(std::move(outcome));
  end();
}

}  // namespace realm
