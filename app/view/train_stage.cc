// What a run does at the moment, in words and as a share.
#include <fmt/format.h>

#include <algorithm>

#include "app/view/curve_axis.h"
#include "app/view/reducers.h"
#include "app/view/train_state.h"
#include "engine/base/progress_text.h"

namespace realm::view {
namespace {

std::string sentence_of_stage(const RunSummary& run) {
  const Progress progress = read_progress(run.stage);
  const std::string& stage = progress.stage;
  const std::string share =
      progress.total > 0
          ? fmt::format(": {} %", std::min<int64_t>(progress.done * 100 / progress.total, 100))
          : "";
  const char* const why = run.task == "vocabulary" ? "" : ", as the workspace has no vocabulary";
  return stage == "train"                      ? "Training."
         : stage == "evaluate"                 ? "Measuring on held-out text."
         : stage == "refresh index"            ? "Waiting for the refreshed index."
         : stage == "save checkpoint"          ? "Saving a checkpoint."
         : stage == "count words"              ? fmt::format("Counting words{}{}.", why, share)
         : stage == "make word pieces"         ? fmt::format("Making word pieces{}{}.", why, share)
         : stage == "load" || stage == "start" ? "Loading texts and models."
                                               : fmt::format("{}{}.", stage, share);
}

}  // namespace

std::string state_sentence(const RunSummary& run, int64_t unix_seconds) {
  const std::string place = run.launch.empty() ? "" : " " + run.launch;
  if (const int64_t silent = stalled_seconds(run, unix_seconds); silent > 0)
    return fmt::format("No progress for {} in the stage \u201C{}\u201D.{}",
                       format_seconds(static_cast<double>(silent)), read_progress(run.stage).stage,
                       place);
  switch (run.state) {
    case RunState::kCreated:
      return "Its trainer has not begun yet.";
    case RunState::kQueued:
      return run.launch.empty() ? "It waits for its turn." : run.launch;
    case RunState::kRunning:
      return sentence_of_stage(run) + place;
    case RunState::kPaused:
      return "Waits until it is told to go on." + place;
    case RunState::kStopped:
    case RunState::kFinished:
    case RunState::kFailed:
      return run.exit_message.empty() ? fmt::format("It has {}.", state_word(run.state))
                                      : run.exit_message;
    case RunState::kLost:
      if (!run.exit_message.empty()) return run.exit_message;
      return "Its process is gone and left no word: it was killed, or the machine went down.";
  }
  return {};
}

std::optional<double> share_done(const RunSummary& run) {
  const Progress stage = read_progress(run.stage);
  const bool has_end = stage.total > 0;
  if (!has_end && run.total_steps <= 0) return std::nullopt;
  const auto done = static_cast<double>(has_end ? stage.done : run.step);
  const auto total = static_cast<double>(has_end ? stage.total : run.total_steps);
  return std::clamp(done / total, 0.0, 1.0);
}

bool counts_steps(const RunSummary& run) {
  if (run.state == RunState::kCreated) return false;
  const bool is_before_them = is_alive(run) && read_progress(run.stage).total > 0;
  return run.total_steps > 0 && run.task != "vocabulary" && !is_before_them;
}

}  // namespace realm::view
