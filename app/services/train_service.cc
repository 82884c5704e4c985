#include "app/services/train_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "app/services/launch/launch_record.h"
#include "app/services/launch/run_launches.h"
#include "app/services/launch/slurm_launcher.h"
#include "app/services/model_shelf.h"
#include "app/services/plan_check.h"
#include "app/services/run_follower.h"
#include "app/services/run_shelf.h"
#include "app/services/watched_queries.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_upkeep.h"
#include "storage/workspace.h"
#include "trainer/initial_model.h"
#include "trainer/options.h"
#include "trainer/publish_model.h"
#include "trainer/run_estimate.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using namespace view;

constexpr size_t kKeptOutcomes = 32;
constexpr int kLooksBetweenRuns = 4;

// Whether there may be news of it at any time.
}  // namespace

// What the thread keeps from one look to the next.
class TrainService::Worker {
 public:
  Worker(const TrainServiceOptions& options, Published<TrainSnapshot>& published)
      : options_(options), published_(published) {
    forget_runs();
    now_.outcomes = std::make_shared<const std::vector<TrainOutcome>>();
    now_.slurm_missing = slurm_missing();
    publish();
  }

  void carry_out(const TrainCommand& command) {
    std::visit([&](const auto& body) { handle(command.id, body); }, command.body);
  }

  // Reads what is new. A look without a living run is one at the files' times.
  void look() {
    if (now_.folder.empty()) return;
    const bool alive = std::any_of(now_.runs->begin(), now_.runs->end(),
                                   [](const RunSummary& run) { return is_going_on(run.state); }) ||
                       shelf().is_asking();
    if (!alive && ++looks_ % kLooksBetweenRuns != 0 && !must_read_) return;
    const auto stamp = stamp_of_files();
    if (!alive && stamp == stamp_ && !must_read_) return;
    stamp_ = stamp;
    must_read_ = false;
    bool changed = false;
    try {
      changed = read_runs();
      changed = read_followed() || changed;
      if (now_.failure || !now_.is_known) changed = true;
      now_.is_known = true;
      now_.failure.reset();
    } catch (const Error& error) {
      changed = !now_.failure || now_.failure->sentence != error.what();
      now_.failure = Failure{error.code(), error.what()};
      now_.is_known = true;
    }
    if (changed) publish();
  }

  void empty_trash() {
    for (auto& [folder, shelf] : shelves_) shelf.empty_trash();
  }

 private:
  void forget_runs() {
    now_.runs = std::make_shared<const std::vector<RunSummary>>();
    now_.deleted = now_.runs;
    now_.headlines.clear();
    now_.troubles.clear();
    now_.checkpoints.clear();
  }
  // Kept from one workspace to the next, as its trash is emptied at the end.
  RunShelf& shelf() {
    return shelves_.try_emplace(now_.folder, database(), read_only_).first->second;
  }

  fs::path database() const { return now_.folder / "runs" / "runs.sqlite"; }
  fs::path folder_of(const RunId& run) const { return now_.folder / "runs" / run; }

  std::vector<fs::file_time_type> stamp_of_files() const {
    std::vector<fs::file_time_type> out;
    std::error_code ignored;
    out.push_back(fs::last_write_time(now_.folder / "runs", ignored));  // a run's folder may go
    for (const char* suffix : {"", "-wal"}) {
      std::error_code error;
      out.push_back(fs::last_write_time(database().string() + suffix, error));
    }
    return out;
  }

  bool read_runs() {
    std::error_code ignored;
    if (!reader_) {
      if (!fs::exists(database(), ignored)) return false;
      reader_ = RunReader::open(database());
    }
    return shelf().read(*reader_, now_);
  }

  bool read_followed() {
    if (!reader_) return false;
    bool changed = false;
    std::vector<std::shared_ptr<const RunDetail>> details;
    for (RunFollower& follower : followers_) {
      try {
        changed = follower.read(*reader_) || changed;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::kNotFound) throw;  // it was removed; the others go on
      }
      details.push_back(follower.detail());
    }
    if (changed) now_.followed = std::move(details);
    return changed;
  }

  void handle(RequestId /*id*/, const WatchRuns& command) {
    if (command.folder == now_.folder) return;
    reader_.reset();
    followers_.clear();
    now_.folder = command.folder;
    read_only_ = command.read_only;
    forget_runs();
    now_.followed.clear();
    now_.plan.reset();
    now_.models.reset();
    now_.failure.reset();
    now_.is_known = false;
    find_probes();
    must_read_ = true;
    publish();
  }

  void handle(RequestId /*id*/, const FollowRuns& command) {
    std::vector<RunFollower> followers;
    for (const RunId& run : command.runs) {
      const auto known = std::find_if(followers_.begin(), followers_.end(),
                                      [&](const RunFollower& f) { return f.run() == run; });
      followers.push_back(known != followers_.end() ? std::move(*known) : RunFollower(run));
    }
    followers_ = std::move(followers);
    now_.followed.clear();
    for (RunFollower& follower : followers_) now_.followed.push_back(follower.detail());
    must_read_ = true;
  }

  void handle(RequestId id, const CheckPlan& command) {
    PlanReply reply = check_plan(command.plan, {now_.folder, options_.trainer});
    reply.id = id;
    now_.plan = std::make_shared<const PlanReply>(std::move(reply));
    publish();
  }

  void handle(RequestId id, const StartRun& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kStart};
    attempt(outcome, [&] {
      const TrainOptions options = options_of(command.plan, now_.folder);
      validate(options);
      // Whether a cluster's machine has room, the trainer says there.
      const bool is_here = command.plan.launch.place == LaunchPlace::kThisMachine;
      const RunEstimate estimate = estimate_run(
          options,
          {.calibration_seconds = 0, .ranks = command.plan.launch.ranks, .is_here = is_here});
      if (is_here) {
        require_room(options, estimate, RunStart::kBegins);
      } else {
        require_chosen_size(options, estimate.networks);
      }
      require_trainer();
      LaunchRequest request = request_of(command.plan, options, options_.trainer);
      request.run_folder = create_run(options);
      launch_new_run(request);
      outcome.run = request.run_folder.filename().string();
    });
  }

  void handle(RequestId id, const SteerRun& command) {
    TrainOutcome outcome{
        .id = id, .kind = TrainOutcomeKind::kSteer, .run = command.run, .command = command.command};
    attempt(outcome, [&] { steer_run(database(), command.run, command.command); });
  }

  void handle(RequestId id, const ResumeRun& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kResume, .run = command.run};
    attempt(outcome, [&] {
      require_trainer();
      go_on(command.run);
    });
  }

  void go_on(const RunId& run) const {
    const fs::path folder = folder_of(run);
    if (!fs::exists(folder / "config.json")) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("The folder of run {} is gone, so it cannot go on.", run));
    }
    LaunchRequest request{.program = options_.trainer, .run_folder = folder};
    // To the cluster that it was sent to before, if any.
    request.keeps_script = read_job(folder).has_value();
    if (request.keeps_script) request.options.place = LaunchPlace::kSlurm;
    launch_run(request);
  }

  void handle(RequestId id, const ExtendRun& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kExtend, .run = command.run};
    attempt(outcome, [&] {
      require_trainer();
      require_no_job(folder_of(command.run), "extended");
      extend_run(database(), command.run, command.more);
      go_on(command.run);
    });
  }

  void handle(RequestId id, const NoteRun& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kNote, .run = command.run};
    attempt(outcome, [&] {
      set_run_notes(database(), command.run, {tags_of(command.tags), command.note});
    });
  }

  void handle(RequestId id, const DeleteRun& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kDelete, .run = command.run};
    attempt(outcome, [&] {
      require_no_job(folder_of(command.run), "deleted");
      shelf().erase(command.run);
    });
  }

  void handle(RequestId id, const UndeleteRun& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kUndelete, .run = command.run};
    attempt(outcome, [&] { shelf().put_back(command.run); });
  }

  void handle(RequestId id, const WatchQuery& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kWatch};
    attempt(outcome, [&] {
      outcome.name = watch_query(now_.folder, {command.text, command.answer, command.title});
      find_probes();
    });
  }

  void handle(RequestId id, const PublishCheckpoint& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kPublish, .run = command.run};
    attempt(outcome, [&] {
      const CheckpointModel made =
          publish_checkpoint(now_.folder / "runs" / command.run, {.step = command.step});
      outcome.name = made.name;
      outcome.step = made.step;
      outcome.borrowed = made.borrowed;
      if (now_.models) list_models();
    });
  }

  void handle(RequestId /*id*/, const ListModels& /*command*/) {
    list_models();
    publish();
  }

  void handle(RequestId id, const RemoveModel& command) {
    TrainOutcome outcome{.id = id, .kind = TrainOutcomeKind::kRemoveModel, .name = command.name};
    attempt(outcome, [&] {
      Workspace workspace = Workspace::open(now_.folder, read_only_);
      remove_stored_model(workspace, command.name);
      list_models();
    });
  }

  void list_models() {
    try {
      now_.models = std::make_shared<const std::vector<StoredModel>>(
          stored_models(Workspace::open(now_.folder, /*read_only=*/true)));
    } catch (const Error&) {
      now_.models = std::make_shared<const std::vector<StoredModel>>();  // the workspace is gone
    }
  }

  void find_probes() {
    std::error_code ignored;
    const fs::path file = probes_file(now_.folder);
    now_.probes_file = fs::exists(file, ignored) ? file : fs::path();
  }

  void require_trainer() const {
    if (options_.trainer.empty()) {
      throw Error(ErrorCode::kNotFound,
                  "The program realm-train is not beside this one, so no run can be started.");
    }
  }

  template <typename Work>
  void attempt(TrainOutcome& outcome, const Work& work) {
    try {
      work();
      read_runs();  // the list that comes with the outcome shows what it did
    } catch (const Error& error) {
      outcome.failure = Failure{error.code(), error.what()};
    } catch (const fs::filesystem_error& error) {
      outcome.failure = Failure{ErrorCode::kIo, error.what()};
    }
    outcomes_.push_back(outcome);
    if (outcomes_.size() > kKeptOutcomes) outcomes_.erase(outcomes_.begin());
    now_.outcomes = std::make_shared<const std::vector<TrainOutcome>>(outcomes_);
    must_read_ = true;
    publish();
  }

  void publish() {
    ++now_.version;
    published_.publish(now_);
    if (options_.wake) options_.wake();
  }

  const TrainServiceOptions& options_;
  Published<TrainSnapshot>& published_;
  TrainSnapshot now_;
  std::unique_ptr<RunReader> reader_;
  std::vector<RunFollower> followers_;
  std::map<fs::path, RunShelf> shelves_;  // by the workspace's folder
  std::vector<TrainOutcome> outcomes_;
  std::vector<fs::file_time_type> stamp_;
  bool must_read_ = false;
  bool read_only_ = false;
  int looks_ = 0;
};

TrainService::TrainService(TrainServiceOptions options)
    : options_(std::move(options)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

TrainService::~TrainService() {
  thread_.request_stop();
  changed_.notify_all();
}

void TrainService::submit(TrainCommand command) {
  {
    const MutexLock lock(mutex_);
    if (std::holds_alternative<CheckPlan>(command.body)) {
      std::erase_if(waiting_, [](const TrainCommand& other) {
        return std::holds_alternative<CheckPlan>(other.body);
      });
    }
    waiting_.push_back(std::move(command));
  }
  changed_.notify_one();
}

void TrainService::run(const std::stop_token& stop) {
  Worker worker(options_, published_);
  // What was asked for before the end is still carried out.
  for (bool last = false; !last;) {
    std::deque<TrainCommand> commands;
    {
      const MutexLock lock(mutex_);
      if (waiting_.empty() && !stop.stop_requested())
        changed_.wait_for(mutex_, options_.look_every);
      last = stop.stop_requested();
      commands.swap(waiting_);
    }
    for (const TrainCommand& command : commands) worker.carry_out(command);
    if (!last) worker.look();
  }
  worker.empty_trash();
}

}  // namespace realm
