// EngineService: the one engine thread of the window (DESIGN.md section 5). It owns the Session;
// commands go in as values, everything that comes out is in immutable snapshots, and a callback
// wakes the window after each new one.
//
// Rules: commands run one after another in the order in which they came. A newer question replaces
// an older one, whether that waits or runs (then its stop token is triggered); so does a newer
// page, a newer document and a newer forecast. Edits are never dropped. What fails comes out as a
// Failure value, never as an exception.
//
// Thread rule: submit, cancel and snapshot may be called from any thread and do not block. The
// destructor cancels what can be cancelled and waits for the rest (an edit that is being written
// ends properly).
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/services/session.h"
#include "app/view/engine_messages.h"
#include "engine/base/job_queue.h"
#include "engine/base/mutex.h"
#include "engine/base/published.h"

namespace realm {

struct EngineServiceOptions {
  // Opens a workspace; called on the engine thread with load_models = false. May throw Error.
  std::function<std::unique_ptr<Session>(const SessionOptions&)> open_session;
  // Makes an empty workspace. May throw Error.
  std::function<void(const std::filesystem::path&)> make_workspace{};
  // A result as the text of an export.
  std::function<std::string(const AskResult&)> result_to_json;
  // Called after every publish, on the engine thread; must not block.
  std::function<void()> wake;
  std::string device = "cpu";
  int threads = 0;
};

class EngineService {
 public:
  explicit EngineService(EngineServiceOptions options);
  ~EngineService();
  EngineService(const EngineService&) = delete;
  EngineService& operator=(const EngineService&) = delete;

  // Ids ascend from call to call.
  void submit(view::EngineCommand command);
  // What waits or runs under this id ends with Error{kCancelled}, as soon as it looks at its stop
  // token.
  void cancel(view::RequestId id);
  // Cancels questions and builds, lets edits and files be written, closes the session. Blocks;
  // nothing may be submitted after.
  void finish();

  std::shared_ptr<const view::EngineSnapshot> snapshot() const { return published_.get(); }

 private:
  enum class Lane { kAsk, kPage, kDocument, kOpen, kSentence, kDuplicate, kForecast, kOther };

  // One command on its way.
  struct Ticket {
    view::RequestId id = 0;
    Lane lane = Lane::kOther;
    std::stop_source stop{};
    std::atomic<bool> replaced{false};
  };

  static Lane lane_of(const view::EngineCommandBody& body);
  void run(const view::EngineCommand& command, Ticket& ticket);
  void publish();
  void begin(std::string stage, const Ticket& ticket, bool can_cancel);
  void report(const Progress& progress);
  void end();
  void refresh_status();
  void record(view::Outcome outcome);
  Session& session();

  void handle(const view::OpenWorkspace& command, Ticket& ticket);
  void handle(const view::Ask& command, Ticket& ticket);
  void handle(const view::LoadPage& command, Ticket& ticket);
  void handle(const view::LoadDocument& command, Ticket& ticket);
  void handle(const view::AddDocument& command, Ticket& ticket);
  void handle(const view::EditDocument& command, Ticket& ticket);
  void handle(const view::DeleteDocument& command, Ticket& ticket);
  void handle(const view::UndoChange& command, Ticket& ticket);
  void handle(const view::RedoChange& command, Ticket& ticket);
  void handle(const view::BuildIndex& command, Ticket& ticket);
  void handle(const view::UseModel& command, Ticket& ticket);
  void handle(const view::ImportModel& command, Ticket& ticket);
  void handle(const view::MakeWorkspace& command, Ticket& ticket);
  void handle(const view::WriteCurves& command, Ticket& ticket);
  void handle(const view::ExportResult& command, Ticket& ticket);
  void handle(const view::WriteTextFile& command, Ticket& ticket);
  void handle(const view::ReadSentence& command, Ticket& ticket);
  void handle(const view::FindDuplicate& command, Ticket& ticket);
  void handle(const view::ImportFile& command, Ticket& ticket);
  void handle(const view::ForecastImport& command, Ticket& ticket);
  void handle(const view::ExportCorpus& command, Ticket& ticket);

  const EngineServiceOptions options_;
  Published<view::EngineSnapshot> published_;
  std::atomic<int> waiting_{0};

  mutable Mutex mutex_;
  std::vector<std::shared_ptr<Ticket>> tickets_ REALM_GUARDED_BY(mutex_);  // waiting and running

  // Engine thread only.
  std::unique_ptr<Session> session_;
  view::EngineSnapshot now_;
  std::vector<view::Outcome> outcomes_;
  std::chrono::steady_clock::time_point last_report_{};

  JobQueue queue_;  // last: its thread uses all of the above
};

}  // namespace realm
