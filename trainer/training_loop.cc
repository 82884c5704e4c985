#include "trainer/training_loop.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "engine/model/compute_mode.h"
#include "trainer/checkpoint.h"
#include "trainer/run_stages.h"
#include "trainer/trained_leaves.h"

namespace realm {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{200};

bool is_stop(ControlCommand command) {
  return command == ControlCommand::kStopAndSave || command == ControlCommand::kStopNow;
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

TrainingLoop::TrainingLoop(Parts parts)
    : parts_(std::move(parts)),
      o_(parts_.options),
      leaves_(trained_leaves(parts_.task.parameter_groups())),
      optimizer_(parts_.task.parameter_groups(),
                 {0.9, 0.999, 1e-6, o_.weight_decay, o_.clip_norm}) {}

RunState TrainingLoop::go(int64_t first) {
  Throughput throughput;  // since the last row of numbers
  parts_.reached = first;
  parts_.run.set_total_steps(o_.steps);
  parts_.run.append_event(
      {"log", first,
       fmt::format(
           "Trains from step {} to {}{}.", first, o_.steps,
           parts_.ranks.size() > 1 ? fmt::format(" with {} processes", parts_.ranks.size()) : ""),
       "", 0});
  if (first > 0) saved_step_ = first;
  if (const auto ended = obey_controls(first)) return *ended;
  if (first == 0) evaluate(0);
  while (parts_.reached < o_.steps) {
    const int64_t step = parts_.reached;
    if (const auto ended = obey_controls(step)) return *ended;
    parts_.run.heartbeat(step, "train");
    const double began = parts_.clock();
    const std::optional<Update> last = update(step);
    if (!last) continue;  // it is to stop
    throughput.add(last->metrics, parts_.clock() - began);
    const int64_t done = step + 1;
    parts_.reached = done;
    if (done % o_.log_every_steps == 0 || done == o_.steps) {
      log(done, *last, throughput);
      throughput = {};
    }
    if (done % o_.evaluate_every_steps == 0 || done == o_.steps) evaluate(done);
    if (done % o_.checkpoint_every_steps == 0 || done == o_.steps) checkpoint(done);
  }
  return RunState::kFinished;
}

template <typename Work>
bool TrainingLoop::completes(const Work& work) {
  try {
    work();
    return true;
  } catch (const Error&) {
    if (!std::exchange(has_ended_, false)) throw;
    return false;
  }
}

std::optional<TrainingLoop::Update> TrainingLoop::update(int64_t step) {
  optimizer_.zero_gradients();
  // What a step draws from LibTorch (dropout) depends on step and rank alone, so that a resumed run
  // draws the same.
  torch::manual_seed(static_cast<uint64_t>(o_.seed) +
                     0x9e3779b97f4a7c15ULL * static_cast<uint64_t>(step + 1) +
                     static_cast<uint64_t>(parts_.ranks.rank()));
  Update out;
  {
    const ComputeModeGuard mode(
        {o_.precision == TrainPrecision::kBf16, o_.activation_checkpointing});
    if (!completes([&] { out.metrics = parts_.task.step(step, parts_.run); })) return std::nullopt;
  }
  const double loss = out.metrics.front().second;
  if (!std::isfinite(loss)) fail_at(step, loss);
  // Differs from REALM's code, whose rate is 0 at step 0 (REALM_SPEC 5.5): there the first batch
  // teaches nothing. Here the first update has the rate of step 1 of steps + 1, and so the last
  // one, like it, has one above 0.
  const auto warmup =
      std::max<int64_t>(1, std::llround(o_.warmup_fraction * static_cast<double>(o_.steps)));
  out.rate = scheduled_rate(o_.learning_rate, step + 1, o_.steps + 1, warmup, o_.decay_to);
  parts_.ranks.sum_gradients(leaves_);
  out.norm = optimizer_.step(out.rate);
  if (!std::isfinite(out.norm)) fail_at(step, loss);
  return out;
}

void TrainingLoop::fail_at(int64_t step, double loss) const {
  // A broken weight breaks every gradient, so it is named before them.
  std::string what = "no weight and no gradient is to blame";
  if (const std::string weight = optimizer_.non_finite_parameter(); !weight.empty()) {
    what = fmt::format("the weight {} is not finite", weight);
  } else if (const std::string name = optimizer_.non_finite_gradient(); !name.empty()) {
    what = fmt::format("the gradient of {} is not finite", name);
  }
  const std::string value = std::isnan(loss)   ? "not a number"
                            : std::isinf(loss) ? "infinite"
                                               : fmt::format("{:.6g}", loss);
  throw Error(
      ErrorCode::kCorruptData,
      fmt::format("Step {}: the loss is {} and {}; the run ends at its last checkpoint{}.", step,
                  value, what, saved_step_ >= 0 ? fmt::format(", of step {}", saved_step_) : ""));
}

// What the first rank was asked for, and a stop that a signal to any rank asks for.
std::vector<ControlCommand> TrainingLoop::take_commands() {
  std::vector<ControlCommand> asked = std::exchange(asked_, {});
  for (const Control& control : parts_.run.take_controls()) asked.push_back(control.command);
  if (parts_.ranks.size() > 1) {
    std::string text;
    for (const ControlCommand command : asked) text += static_cast<char>(command);
    asked.clear();
    for (const char letter : parts_.ranks.from_first(text))
      asked.push_back(static_cast<ControlCommand>(letter));
  }
  if (!parts_.ranks.all(!parts_.signals.arrived())) asked.push_back(ControlCommand::kStopAndSave);
  return asked;
}

std::optional<RunState> TrainingLoop::obey_controls(int64_t step) {
  bool paused = false;
  do {
    for (const ControlCommand command : take_commands()) {
      switch (command) {
        case ControlCommand::kStopAndSave:
          stop_and_save_ = true;
          break;
        case ControlCommand::kStopNow:
          return RunState::kStopped;
        case ControlCommand::kPause:
          paused = true;
          parts_.run.set_paused(true);
          break;
        case ControlCommand::kResume:
          paused = false;
          parts_.run.set_paused(false);
          break;
        case ControlCommand::kCheckpointNow:
          checkpoint(step);
          break;
        case ControlCommand::kRefreshNow:
          parts_.task.refresh_now(step, parts_.run);
          break;
      }
    }
    if (stop_and_save_) {
      checkpoint(step);
      return RunState::kStopped;
    }
    if (paused) {
      parts_.run.heartbeat(step, "paused");
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  } while (paused);
  return std::nullopt;
}

bool TrainingLoop::is_to_stop() const {
  return std::any_of(asked_.begin(), asked_.end(), is_stop) || parts_.signals.arrived();
}

void TrainingLoop::look(const std::string& stage) {
  if (Clock::now() < next_look_) return;
  bool paused = false;
  do {
    for (const Control& control : parts_.run.take_controls()) {
      if (control.command == ControlCommand::kPause || control.command == ControlCommand::kResume) {
        paused = control.command == ControlCommand::kPause;
        parts_.run.set_paused(paused);
      } else {
        asked_.push_back(control.command);
      }
    }
    parts_.run.heartbeat(parts_.reached, paused ? "paused" : stage);
    if ((measures_ || parts_.ranks.size() == 1) && is_to_stop()) {
      has_ended_ = true;
      throw Error(ErrorCode::kCancelled, "The run is to stop.");
    }
    if (paused) std::this_thread::sleep_for(kBetweenLooks);
  } while (paused && !is_to_stop());
  next_look_ = Clock::now() + kBetweenLooks;
}

void TrainingLoop::log(int64_t step, const Update& last, const Throughput& throughput) {
  std::vector<Scalar> scalars;
  std::string line = fmt::format("step {}/{}", step, o_.steps);
  for (const auto& [name, value] : last.metrics) {
    if (Throughput::takes(name)) continue;
    scalars.push_back({step, name, value, 0});
    line += fmt::format("  {} {:.4g}", name, value);
  }
  scalars.push_back({step, "learning_rate", last.rate, 0});
  scalars.push_back({step, "gradient_norm", last.norm, 0});
  scalars.push_back({step, "tokens_per_second", throughput.tokens_per_second(), 0});
  scalars.push_back({step, "examples_per_second", throughput.examples_per_second(), 0});
  line += fmt::format("  gradient_norm {:.3g}  tokens/s {:.0f}", last.norm,
                      throughput.tokens_per_second());
  parts_.run.append(scalars);
  if (parts_.report) parts_.report({step, o_.steps, last.metrics.front().second, line});
}

void TrainingLoop::evaluate(int64_t step) {
  if (!parts_.ranks.is_first()) return;
  parts_.run.heartbeat(step, kEvaluateStage);
  measures_ = true;
  const bool is_whole = completes([&] { measure(step); });
  measures_ = false;
  if (!is_whole)
    parts_.run.append_event(
        {"log", step, "The measurement was left unfinished, as the run is to stop.", "", 0});
}

// Nothing is recorded before all of it is measured.
void TrainingLoop::measure(int64_t step) {
  std::vector<Scalar> scalars;
  std::string line = fmt::format("step {}/{}", step, o_.steps);
  for (const auto& [name, value] : parts_.task.evaluate()) {
    scalars.push_back({step, name, value, 0});
    line += fmt::format("  {} {:.4g}", name, value);
  }
  parts_.task.measure_probes(step, parts_.run);
  if (scalars.empty()) return;
  parts_.run.append(scalars);
  parts_.run.append_event({"log", step, "Measured:" + line.substr(line.find("  ")), "", 0});
  if (parts_.report) parts_.report({step, o_.steps, 0, line});
}

void TrainingLoop::checkpoint(int64_t step) {
  if (saved_step_ == step) return;  // it stands there, and would not be whole while replaced
  if (!parts_.ranks.is_first()) {
    saved_step_ = step;
    return;
  }
  parts_.run.heartbeat(step, "save checkpoint");
  // A run that is killed as soon as the checkpoint stands goes on from it: its curves must be
  // there.
  try {
    parts_.run.flush();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBusy) throw;  // a busy database only delays them
  }
  const SavedCheckpoint saved =
      save_checkpoint(parts_.folder, step, parts_.task, optimizer_, o_.keep_every_steps);
  parts_.run.record_checkpoint(
      {step, fs::relative(saved.folder, parts_.folder).string(), saved.fingerprint, 0});
  parts_.run.append_event(
      {"log", step, fmt::format("Saved the checkpoint of step {}.", step), "", 0});
  saved_step_ = step;
}

}  // namespace realm
