#include "app/view/train_waiting.h"

#include <algorithm>

namespace realm::view {
namespace {

const char* words_of(ControlCommand command) {
  switch (command) {
    case ControlCommand::kStopAndSave:
      return "Saving and stopping\u2026";
    case ControlCommand::kStopNow:
      return "Stopping without saving\u2026";
    case ControlCommand::kPause:
      return "Pausing\u2026";
    case ControlCommand::kResume:
      return "Resuming\u2026";
    case ControlCommand::kCheckpointNow:
      return "A checkpoint is asked for\u2026";
    case ControlCommand::kRefreshNow:
      return "A refresh is asked for\u2026";
  }
  return "";
}

bool waits(const RunSummary& run, ControlCommand command) {
  return std::find(run.waiting.begin(), run.waiting.end(), command) != run.waiting.end();
}

}  // namespace

std::string waiting_sentence(const RunSummary& run) {
  std::string out;
  for (auto command = run.waiting.begin(); command != run.waiting.end(); ++command) {
    if (std::find(run.waiting.begin(), command, *command) != command) continue;
    if (!out.empty()) out += ' ';
    out += words_of(*command);
  }
  return out;
}

const char* asked_already(const RunSummary& run, std::string_view command) {
  const bool stops_at_once = waits(run, ControlCommand::kStopNow);
  if (command == "train.stop_now" && stops_at_once)
    return "The run was asked to stop without saving already.";
  if (command == "train.stop") {
    if (stops_at_once) return "The run was asked to stop without saving already.";
    if (waits(run, ControlCommand::kStopAndSave))
      return "The run was asked to save and stop already.";
  }
  if (command == "train.pause" && waits(run, ControlCommand::kPause))
    return "The run was asked to wait already.";
  if (command == "train.resume" && waits(run, ControlCommand::kResume))
    return "The run was asked to go on already.";
  if (command == "train.checkpoint" && waits(run, ControlCommand::kCheckpointNow))
    return "The run was asked for a checkpoint already.";
  if (command == "train.refresh" && waits(run, ControlCommand::kRefreshNow))
    return "The run was asked to refresh its index already.";
  return nullptr;
}

}  // namespace realm::view
