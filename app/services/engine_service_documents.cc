// What the engine thread does with sentences being written and with files of passages.
#include <memory>
#include <utility>

#include "app/services/engine_service.h"
#include "app/services/failing.h"

namespace realm {

void EngineService::handle(const view::ReadSentence& command, Ticket& ticket) {
  auto reply = std::make_shared<view::SentenceReply>();
  reply->id = ticket.id;
  reply->text = command.text;
  // Without a model there are no pieces, which is told elsewhere.
  failing([&] { reply->reading = session().read_sentence(command.text); });
  if (!ticket.replaced) now_.sentence = std::move(reply);
  end();
}

void EngineService::handle(const view::FindDuplicate& command, Ticket& ticket) {
  auto reply = std::make_shared<view::DuplicateReply>();
  reply->id = ticket.id;
  // Not finding one is no reason to stop anybody from writing.
  failing([&] { reply->found = session().duplicate_of(command.id, command.text); });
  if (!ticket.replaced) now_.duplicate = std::move(reply);
  end();
}

void EngineService::handle(const view::ImportFile& command, Ticket& ticket) {
  begin("Importing passages", ticket, /*can_cancel=*/true);
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kImport, .file = command.file};
  outcome.title = command.file.filename().string();
  outcome.failure = failing([&] {
    ImportSummary summary =
        session().import_documents(command.file, ticket.stop.get_token(),
                                   [this](const Progress& progress) { report(progress); });
    outcome.documents = summary.documents;
    outcome.passages = summary.passages;
    outcome.text = std::move(summary.why_skipped);
    outcome.already_done = summary.already_imported;
  });
  failing([&] {
    refresh_status();
    now_.sources = std::make_shared<const std::vector<std::string>>(session().sources());
  });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::ForecastImport& command, Ticket& ticket) {
  begin("Reading the file", ticket, /*can_cancel=*/true);
  auto reply = std::make_shared<view::ForecastReply>();
  reply->id = ticket.id;
  reply->file = command.file;
  reply->failure = failing([&] {
    reply->forecast =
        session().forecast_import(command.file, command.most_bytes, ticket.stop.get_token(),
                                  [this](const Progress& progress) { report(progress); });
  });
  if (!ticket.replaced) now_.forecast = std::move(reply);
  end();
}

void EngineService::handle(const view::ExportCorpus& command, Ticket& ticket) {
  begin("Exporting passages", ticket, /*can_cancel=*/true);
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kExportCorpus, .file = command.file};
  outcome.failure = failing([&] {
    outcome.passages =
        session().export_documents(command.file, ticket.stop.get_token(),
                                   [this](const Progress& progress) { report(progress); });
  });
  record(std::move(outcome));
  end();
}

}  // namespace realm
