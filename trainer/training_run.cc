#include "trainer/training_run.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "storage/workspace.h"
#include "trainer/checkpoint.h"
#include "trainer/publish_model.h"
#include "trainer/repeat_refreshes.h"
#include "trainer/tasks/task_inputs.h"
#include "trainer/tasks/vocabulary_task.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::atomic<bool> stop_signal{false};
void on_signal(int) { stop_signal = true; }

// SIGTERM and SIGINT ask for stop-and-save while a run trains; the handlers that were there before
// come back after it.
class SignalGuard {
 public:
  SignalGuard() {
    stop_signal = false;
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGTERM, &action, &old_term_);
    sigaction(SIGINT, &action, &old_int_);
  }
  ~SignalGuard() {
    sigaction(SIGTERM, &old_term_, nullptr);
    sigaction(SIGINT, &old_int_, nullptr);
  }
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  struct sigaction old_term_ {
  }, old_int_{};
};

std::string read_text(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream)
    throw Error(ErrorCode::kNotFound, fmt::format("The run folder has no {}.", file.string()));
  std::ostringstream out;
  out << stream.rdbuf();
  return out.str();
}

std::unique_ptr<TrainingTask> make_task(const TrainOptions& options) {
  auto inputs = load_task_inputs(options);
  switch (options.task) {
    case TrainTask::kMlm:
      return make_mlm_task(std::move(inputs));
    case TrainTask::kIct:
      return make_ict_task(std::move(inputs));
    case TrainTask::kPretrain:
      return make_pretrain_task(std::move(inputs));
    case TrainTask::kVocabulary:
      break;
  }
  throw Error(ErrorCode::kInvalidArgument, "The vocabulary task has no steps.");
}

// The steps of one run.
class Loop {
 public:
  Loop(const TrainOptions& options, fs::path folder, RunWriter& run, TrainingTask& task,
       const TrainingReport& report)
      : o_(options),
        folder_(std::move(folder)),
        run_(run),
        task_(task),
        report_(report),
        optimizer_(task.parameter_groups(),
                   {0.9, 0.999, 1e-6, options.weight_decay, options.clip_norm}) {}

  AdamWeightDecay& optimizer() { return optimizer_; }

  RunState go(int64_t first) {
    const auto warmup =
        std::max<int64_t>(1, std::llround(o_.warmup_fraction * static_cast<double>(o_.steps)));
    auto window_began = Clock::now();
    double window_tokens = 0;
    double window_examples = 0;
    if (first == 0) evaluate(0);
    for (int64_t step = first; step < o_.steps; ++step) {
      if (const auto ended = obey_controls(step)) return *ended;
      run_.heartbeat(step, "train");
      optimizer_.zero_gradients();
      // What a step draws from LibTorch (dropout) depends on the step alone, so that a resumed run
      // draws the same.
      torch::manual_seed(static_cast<uint64_t>(o_.seed) +
                         0x9e3779b97f4a7c15ULL * static_cast<uint64_t>(step + 1));
      const Metrics metrics = task_.step(step, run_);
      // Schedule position: the first update is step 1, as the rate at 0 is 0 (REALM_SPEC 5.5).
      const double rate =
          scheduled_rate(o_.learning_rate, step + 1, o_.steps + 1, warmup, o_.decay_to);
      const double norm = optimizer_.step(rate);
      if (!std::isfinite(norm) || !std::isfinite(metrics.front().second)) {
        throw Error(ErrorCode::kCorruptData,
                    fmt::format("Step {}: the loss is {} and the gradient of {} is not finite; the "
                                "run ends at its last "
                                "checkpoint.",
                                step, metrics.front().second, optimizer_.non_finite_gradient()));
      }
      for (const auto& [name, value] : metrics) {
        if (name == "tokens") window_tokens += value;
        if (name == "examples") window_examples += value;
      }
      const int64_t done = step + 1;
      if (done % o_.log_every_steps == 0 || done == o_.steps) {
        const double seconds = std::chrono::duration<double>(Clock::now() - window_began).count();
        log(done, metrics, rate, norm, window_tokens / seconds, window_examples / seconds);
        window_began = Clock::now();
        window_tokens = window_examples = 0;
      }
      if (done % o_.evaluate_every_steps == 0 || done == o_.steps) evaluate(done);
      if (done % o_.checkpoint_every_steps == 0 || done == o_.steps) checkpoint(done);
    }
    return RunState::kFinished;
  }

 private:
  std::optional<RunState> obey_controls(int64_t step) {
    bool paused = false;
    do {
      for (const Control& control : run_.take_controls()) {
        switch (control.command) {
          case ControlCommand::kStopAndSave:
            stop_signal = true;
            break;
          case ControlCommand::kStopNow:
            return RunState::kStopped;
          case ControlCommand::kPause:
            paused = true;
            run_.set_paused(true);
            break;
          case ControlCommand::kResume:
            paused = false;
            run_.set_paused(false);
            break;
          case ControlCommand::kCheckpointNow:
            checkpoint(step);
            break;
          case ControlCommand::kRefreshNow:
            task_.refresh_now(step, run_);
            break;
        }
      }
      if (stop_signal) {
        if (saved_step_ != step) checkpoint(step);
        return RunState::kStopped;
      }
      if (paused) {
        run_.heartbeat(step, "paused");
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
      }
    } while (paused);
    return std::nullopt;
  }

  void log(int64_t step, const Metrics& metrics, double rate, double norm, double tokens_rate,
           double examples_rate) {
    std::vector<Scalar> scalars;
    std::string line = fmt::format("step {}/{}", step, o_.steps);
    for (const auto& [name, value] : metrics) {
      if (name == "tokens" || name == "examples") continue;
      scalars.push_back({step, name, value, 0});
      line += fmt::format("  {} {:.4g}", name, value);
    }
    scalars.push_back({step, "learning_rate", rate, 0});
    scalars.push_back({step, "gradient_norm", norm, 0});
    scalars.push_back({step, "tokens_per_second", tokens_rate, 0});
    scalars.push_back({step, "examples_per_second", examples_rate, 0});
    line += fmt::format("  gradient_norm {:.3g}  tokens/s {:.0f}", norm, tokens_rate);
    run_.append(scalars);
    if (report_) report_({step, o_.steps, metrics.front().second, line});
  }

  void evaluate(int64_t step) {
    run_.heartbeat(step, "evaluate");
    std::vector<Scalar> scalars;
    std::string line = fmt::format("step {}/{}", step, o_.steps);
    for (const auto& [name, value] : task_.evaluate()) {
      scalars.push_back({step, name, value, 0});
      line += fmt::format("  {} {:.4g}", name, value);
    }
    task_.measure_probes(step, run_);
    if (scalars.empty()) return;
    run_.append(scalars);
    if (report_) report_({step, o_.steps, 0, line});
  }

  void checkpoint(int64_t step) {
    run_.heartbeat(step, "save checkpoint");
    const SavedCheckpoint saved = save_checkpoint(folder_, step, task_, optimizer_);
    run_.record_checkpoint(
        {step, fs::relative(saved.folder, folder_).string(), saved.fingerprint, 0});
    saved_step_ = step;
  }

  const TrainOptions& o_;
  fs::path folder_;
  RunWriter& run_;
  TrainingTask& task_;
  const TrainingReport& report_;
  AdamWeightDecay optimizer_;
  int64_t saved_step_ = -1;
};

RunState train(const TrainOptions& options, const fs::path& folder, RunWriter& run,
               const TrainingReport& report) {
  if (options.task == TrainTask::kVocabulary) {
    train_vocabulary(options);
    return RunState::kFinished;
  }
  torch::set_num_threads(options.threads);
  const SignalGuard signals;
  run.heartbeat(0, "load");
  const auto task = make_task(options);
  Loop loop(options, folder, run, *task, report);
  int64_t first = 0;
  if (const auto checkpoint = newest_checkpoint(folder)) {
    first = load_checkpoint(*checkpoint, *task, loop.optimizer());
    run.append_event({"resume", first, fmt::format("Resumed at step {}.", first), "", 0});
  }
  repeat_refreshes(folder, first, *task);
  const RunState state = loop.go(first);
  if (state == RunState::kFinished && !options.output_model.empty()) publish_model(options, folder);
  return state;
}

}  // namespace

RunState run_training(const fs::path& run_folder, const TrainingReport& report) {
  const TrainOptions options = train_options_from_json(read_text(run_folder / "config.json"));
  validate(options);
  const Workspace workspace = Workspace::open(options.workspace);
  std::optional<int64_t> resume_step;
  if (const auto checkpoint = newest_checkpoint(run_folder)) {
    resume_step = std::stoll(checkpoint->filename().string().substr(5));
  }
  const auto run =
      RunWriter::open_run(workspace.run_database(), run_folder.filename().string(), resume_step);
  try {
    const RunState state = train(options, run_folder, *run, report);
    run->finish(state,
                state == RunState::kFinished ? "All steps are done." : "Stopped on request.");
    return state;
  } catch (const std::exception& error) {
    run->finish(RunState::kFailed, error.what());
    throw;
  }
}

}  // namespace realm
