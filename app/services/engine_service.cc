#include "app/services/engine_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/services/failing.h"
#include "engine/base/atomic_file.h"
#include "engine/base/error.h"

namespace realm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kReportEvery = std::chrono::milliseconds(50);
constexpr size_t kMaxOutcomes = 64;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// A workspace without the file has no examples; one with a damaged file has none either, and works
// otherwise.
std::vector<view::Example> load_examples(const std::filesystem::path& folder) {
  std::ifstream stream(folder / "examples.json", std::ios::binary);
  if (!stream) return {};
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::vector<view::Example> examples;
  failing([&] { examples = view::parse_examples(text); });
  return examples;
}

}  // namespace

EngineService::EngineService(EngineServiceOptions options)
    : options_(std::move(options)),
      published_(std::make_shared<const view::EngineSnapshot>()),
      queue_([](JobQueue::JobId, const std::exception_ptr&) {}) {}  // jobs throw nothing: see run()

EngineService::~EngineService() { finish(); }

void EngineService::finish() {
  {
    const MutexLock lock(mutex_);
    for (const std::shared_ptr<Ticket>& ticket : tickets_) {
      const bool writes = ticket->lane == Lane::kOther;
      ticket->replaced = ticket->replaced || !writes;
      ticket->stop.request_stop();
    }
  }
  // The session ends on the thread that owned it.
  queue_.push([this](const std::stop_token&) { session_.reset(); });
  queue_.wait_until_idle();
}

EngineService::Lane EngineService::lane_of(const view::EngineCommandBody& body) {
  if (std::holds_alternative<view::Ask>(body)) return Lane::kAsk;
  if (std::holds_alternative<view::LoadPage>(body)) return Lane::kPage;
  if (std::holds_alternative<view::LoadDocument>(body)) return Lane::kDocument;
  if (std::holds_alternative<view::OpenWorkspace>(body)) return Lane::kOpen;
  if (std::holds_alternative<view::ReadSentence>(body)) return Lane::kSentence;
  if (std::holds_alternative<view::FindDuplicate>(body)) return Lane::kDuplicate;
  if (std::holds_alternative<view::ForecastImport>(body)) return Lane::kForecast;
  return Lane::kOther;
}

void EngineService::submit(view::EngineCommand command) {
  auto ticket = std::make_shared<Ticket>();
  ticket->id = command.id;
  ticket->lane = lane_of(command.body);
  {
    const MutexLock lock(mutex_);
    for (const std::shared_ptr<Ticket>& older : tickets_) {
      const bool same = older->lane == ticket->lane && ticket->lane != Lane::kOther;
      // Another workspace makes every question and page about the old one pointless.
      const bool outlived = ticket->lane == Lane::kOpen && older->lane != Lane::kOther;
      if (same || outlived) {
        older->replaced = true;
        older->stop.request_stop();
      }
    }
    tickets_.push_back(ticket);
  }
  ++waiting_;
  queue_.push([this, ticket, command = std::move(command)](const std::stop_token&) {
    run(command, *ticket);
  });
}

void EngineService::cancel(view::RequestId id) {
  const MutexLock lock(mutex_);
  for (const std::shared_ptr<Ticket>& ticket : tickets_) {
    if (ticket->id == id) ticket->stop.request_stop();
  }
}

void EngineService::run(const view::EngineCommand& command, Ticket& ticket) {
  --waiting_;
  if (!ticket.replaced) {
    std::visit([&](const auto& body) { handle(body, ticket); }, command.body);
  }
  const MutexLock lock(mutex_);
  std::erase_if(tickets_,
                [&](const std::shared_ptr<Ticket>& other) { return other.get() == &ticket; });
}

void EngineService::publish() {
  ++now_.version;
  now_.waiting = waiting_;
  published_.publish(now_);
  if (options_.wake) options_.wake();
}

void EngineService::begin(std::string stage, const Ticket& ticket, bool can_cancel) {
  now_.activity = {
      .id = ticket.id, .stage = std::move(stage), .can_cancel = can_cancel, .since = Clock::now()};
  last_report_ = {};
  publish();
}

void EngineService::report(const Progress& progress) {
  if (Clock::now() - last_report_ < kReportEvery) return;
  last_report_ = Clock::now();
  now_.activity.stage = progress.stage;
  now_.activity.done = progress.done;
  now_.activity.total = progress.total;
  publish();
}

void EngineService::end() {
  now_.activity = {};
  publish();
}

Session& EngineService::session() {
  if (!session_) throw Error(ErrorCode::kNotFound, "No workspace is open.");
  return *session_;
}

void EngineService::refresh_status() {
  if (session_) now_.status = std::make_shared<const SessionStatus>(session_->status());
}

void EngineService::record(view::Outcome outcome) {
  outcomes_.push_back(std::move(outcome));
  if (outcomes_.size() > kMaxOutcomes) outcomes_.erase(outcomes_.begin());
  now_.outcomes = std::make_shared<const std::vector<view::Outcome>>(outcomes_);
}

void EngineService::handle(const view::OpenWorkspace& command, Ticket& ticket) {
  SessionOptions options;
  options.workspace = command.folder;
  options.device = options_.device;
  options.threads = options_.threads;
  options.read_only = command.read_only;
  options.load_models = false;  // the corpus can be read while the models load
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kOpenWorkspace, .file = command.folder};
  std::unique_ptr<Session> opened;
  if (session_) {  // what is open stays so until another one is
    begin(fmt::format("Opening {}", command.folder.filename().string()), ticket,
          /*can_cancel=*/false);
    outcome.failure = failing([&] { opened = options_.open_session(options); });
    if (outcome.failure) {
      record(std::move(outcome));
      return end();
    }
  }
  session_ = std::move(opened);
  const uint64_t version = now_.version;
  now_ = view::EngineSnapshot{};
  now_.version = version;
  now_.outcomes = std::make_shared<const std::vector<view::Outcome>>(outcomes_);
  now_.phase = view::EnginePhase::kOpening;
  now_.folder = command.folder;
  begin(fmt::format("Opening {}", command.folder.filename().string()), ticket,
        /*can_cancel=*/false);
  now_.failure = failing([&] {
    if (!session_) session_ = options_.open_session(options);
    refresh_status();
    now_.sources = std::make_shared<const std::vector<std::string>>(session_->sources());
  });
  if (now_.failure) {
    session_.reset();
    now_.status.reset();
    now_.phase = view::EnginePhase::kFailed;
    outcome.failure = now_.failure;
    record(std::move(outcome));
    return end();
  }
  record(std::move(outcome));
  now_.examples = std::make_shared<const std::vector<view::Example>>(load_examples(command.folder));
  now_.phase = view::EnginePhase::kLoadingModel;
  begin("Loading the model", ticket, /*can_cancel=*/false);
  now_.model_failure = failing([&] {
    session_->engine();
    refresh_status();
  });
  now_.phase = view::EnginePhase::kReady;
  end();
}

void EngineService::handle(const view::Ask& command, Ticket& ticket) {
  begin("Predicting", ticket, /*can_cancel=*/true);
  auto reply = std::make_shared<view::AskReply>();
  reply->id = ticket.id;
  reply->query = command.query;
  reply->failure = failing([&] {
    const std::stop_token stop = ticket.stop.get_token();
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The question was cancelled.");
    reply->result = std::make_shared<const AskResult>(session().ask(command.query, stop));
  });
  if (!ticket.replaced) now_.ask = std::move(reply);
  failing([&] { refresh_status(); });
  end();
}

void EngineService::handle(const view::LoadPage& command, Ticket& ticket) {
  begin("Reading the corpus", ticket, /*can_cancel=*/true);
  auto reply = std::make_shared<view::PageReply>();
  reply->id = ticket.id;
  reply->page.query = command.query;
  reply->failure =
      failing([&] { reply->page = session().documents(command.query, ticket.stop.get_token()); });
  if (!ticket.replaced) now_.page = std::move(reply);
  end();
}

void EngineService::handle(const view::LoadDocument& command, Ticket& ticket) {
  auto reply = std::make_shared<view::DocumentReply>();
  reply->id = ticket.id;
  reply->document_id = command.id;
  reply->failure = failing([&] {
    reply->document = session().document(command.id);
    reply->revisions = session().revisions(command.id, command.revisions);
  });
  if (!ticket.replaced) now_.document = std::move(reply);
  end();
}

void EngineService::handle(const view::AddDocument& command, Ticket& ticket) {
  begin("Adding a passage", ticket, /*can_cancel=*/false);
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kAdd, .title = command.title};
  const Clock::time_point start = Clock::now();
  outcome.failure = failing([&] {
    outcome.touched = {session().add_document(command.title, command.text, command.source)};
  });
  outcome.milliseconds = milliseconds_since(start);
  failing([&] {
    refresh_status();
    now_.sources = std::make_shared<const std::vector<std::string>>(session().sources());
  });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::EditDocument& command, Ticket& ticket) {
  begin("Keeping the edit", ticket, /*can_cancel=*/false);
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kEdit, .touched = {command.id}};
  const Clock::time_point start = Clock::now();
  outcome.failure = failing([&] {
    session().edit_document(command.id, command.change);
    if (const std::optional<Document> document = session().document(command.id))
      outcome.title = document->title;
  });
  outcome.milliseconds = milliseconds_since(start);
  failing([&] { refresh_status(); });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::DeleteDocument& command, Ticket& ticket) {
  begin("Deleting a passage", ticket, /*can_cancel=*/false);
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kDelete, .touched = {command.id}};
  const Clock::time_point start = Clock::now();
  outcome.failure = failing([&] {
    if (const std::optional<Document> document = session().document(command.id))
      outcome.title = document->title;
    session().delete_document(command.id);
  });
  outcome.milliseconds = milliseconds_since(start);
  failing([&] { refresh_status(); });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::UndoChange& /*command*/, Ticket& ticket) {
  begin("Undoing", ticket, /*can_cancel=*/true);
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kUndo};
  const Clock::time_point start = Clock::now();
  outcome.failure = failing([&] {
    outcome.title = session().status().undo_title;
    outcome.touched = session().undo(ticket.stop.get_token(),
                                     [this](const Progress& progress) { report(progress); });
    if (const auto last = session().revisions(std::nullopt, 1); !last.empty())
      outcome.passages = last.front().documents;
  });
  outcome.milliseconds = milliseconds_since(start);
  failing([&] {
    refresh_status();
    now_.sources = std::make_shared<const std::vector<std::string>>(session().sources());
  });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::RedoChange& /*command*/, Ticket& ticket) {
  begin("Redoing", ticket, /*can_cancel=*/true);
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kRedo};
  const Clock::time_point start = Clock::now();
  outcome.failure = failing([&] {
    outcome.title = session().status().redo_title;
    outcome.touched = session().redo(ticket.stop.get_token(),
                                     [this](const Progress& progress) { report(progress); });
    if (const auto last = session().revisions(std::nullopt, 1); !last.empty())
      outcome.passages = last.front().documents;
  });
  outcome.milliseconds = milliseconds_since(start);
  failing([&] {
    refresh_status();
    now_.sources = std::make_shared<const std::vector<std::string>>(session().sources());
  });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::BuildIndex& command, Ticket& ticket) {
  begin("Embedding passages", ticket, /*can_cancel=*/true);
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kBuildIndex};
  const Clock::time_point start = Clock::now();
  outcome.failure = failing([&] {
    session().build_index(command.type, command.rebuild, ticket.stop.get_token(),
                          [this](const Progress& progress) { report(progress); });
  });
  outcome.milliseconds = milliseconds_since(start);
  failing([&] { refresh_status(); });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::WriteCurves& command, Ticket& ticket) {
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kWriteCurves, .file = command.file};
  outcome.failure = failing([&] {
    write_file_atomically(command.file, command.png.empty()
                                            ? view::curves_text(*command.picture, command.file)
                                            : command.png);
  });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::ExportResult& command, Ticket& ticket) {
  view::Outcome outcome{.id = ticket.id, .kind = view::OutcomeKind::kExport, .file = command.file};
  outcome.failure = failing([&] {
    if (!command.result) throw Error(ErrorCode::kNotFound, "There is no result to export.");
    std::string text = options_.result_to_json(*command.result) + "\n";
    if (command.file.empty()) {
      outcome.text = std::move(text);
    } else {
      write_file_atomically(command.file, text);
    }
  });
  record(std::move(outcome));
  end();
}

void EngineService::handle(const view::WriteTextFile& command, Ticket& ticket) {
  view::Outcome outcome{
      .id = ticket.id, .kind = view::OutcomeKind::kWriteFile, .file = command.file};
  outcome.failure = failing([&] {
    std::error_code error;
    std::filesystem::create_directories(command.file.parent_path(), error);
    if (error) {
      throw Error(ErrorCode::kIo,
                  fmt::format("The folder {} could not be made: {}.",
                              command.file.parent_path().string(), error.message()));
    }
    write_file_atomically(command.file, command.text);
  });
  record(std::move(outcome));
  end();
}

}  // namespace realm
