// Workbench: the window's state and the rules by which it changes. Actions of the user and
// snapshots of the engine go in, effects (commands to the engine, the clipboard) come out; drawing,
// threads and files are elsewhere.
//
// The GUI thread owns it. No call blocks.
#pragma once

#include <memory>
#include <string_view>

#include "app/view/workbench_state.h"

namespace realm::view {

struct StartOptions {
  std::filesystem::path workspace{};  // empty: none is opened
  bool read_only = false;
  std::string ask{};  // asked as soon as a model is there; empty: nothing
  std::optional<Tab> tab{};
  Preferences preferences{};
  Memory memory{};
  UserFolders folders{};
};

class Workbench {
 public:
  // The effects open the workspace and ask the first question.
  Effects start(const StartOptions& options);

  Effects apply(const Action& action);
  Effects take(std::shared_ptr<const EngineSnapshot> snapshot);
  Effects take(std::shared_ptr<const TrainSnapshot> snapshot);
  void take(std::shared_ptr<const MachineSnapshot> snapshot);
  void take(std::shared_ptr<const FolderListing> listing);
  void take(std::shared_ptr<const SetupSnapshot> snapshot);
  // Time passes: plain toasts go, changed settings are written a second after the last change.
  // `unix_seconds` is the time of day, for ages; 0: not known.
  Effects tick(double now, int64_t unix_seconds = 0);

  const WorkbenchState& state() const { return state_; }
  // Seconds until tick() has something to do; a negative number: nothing.
  double next_deadline() const;

 private:
  WorkbenchState state_;
  std::string written_preferences_, written_memory_;
  double settings_changed_at_ = -1;
};

// The file or folder that is named in the open popup, with "~" resolved.
std::filesystem::path popup_path(const WorkbenchState& state);
// The name under which the popup's model would come in; empty: it has none yet.
std::string model_name(const WorkbenchState& state);
// What is known of an import of the file that is named in the open popup; nullptr: nothing yet.
const ForecastReply* forecast_on_screen(const WorkbenchState& state);

// Whether a checkpoint of a run can be asked now, and which.
struct CheckpointOffer {
  std::optional<int64_t> step{};  // of the one on disk; none: it cannot be asked
  std::string reason{};           // why not, one sentence
};
// Of the newest at or before `step`; without a step of the newest of all.
CheckpointOffer offer_checkpoint(const WorkbenchState& state, const RunId& run,
                                 std::optional<int64_t> step);

// Whether a command can be run now, and if not, why (shown on hover).
struct CommandState {
  bool enabled = true;
  bool checked = false;
  std::string reason{};
  std::string
      title{};  // instead of the table's where it depends on the state: "Undo edit of \"Rhine\""
};
CommandState command_state(const WorkbenchState& state, std::string_view id);

// A key as pressed: the name of the printable character in upper case, or "Enter", "Esc", "Tab",
// "Left", "F2", ...
struct KeyPress {
  bool ctrl = false, shift = false, alt = false;
  std::string key{};
};

// The command of a key, given where the keyboard is; empty: none, or a text field has use for the
// key.
std::string_view command_for_key(const WorkbenchState& state, const KeyPress& key,
                                 bool imgui_field_is_active);

}  // namespace realm::view
