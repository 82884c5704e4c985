// The rules of making the English workspace.
#include <fmt/format.h>

#include <utility>

#include "app/view/number_format.h"
#include "app/view/reducers.h"
#include "app/view/setup_state.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

void tell_end(WorkbenchState& state) {
  const SetupSnapshot& now = *state.setup.snapshot;
  const SetupStand stand = setup_stand(state.setup, now.folder);
  state.setup.has_news = stand != SetupStand::kStopped;
  if (stand == SetupStand::kDone) {
    show_toast(state, ToastKind::kDone,
               fmt::format("The English workspace is ready: {}.",
                           format_counted(now.result->documents, "passage")));
  } else if (stand == SetupStand::kStopped) {
    show_toast(state, ToastKind::kDone,
               "Stopped. What is there of the English workspace stays; it goes on from there.");
  } else if (stand == SetupStand::kFailed) {
    show_toast(state, ToastKind::kError, now.failure->sentence);
  } else {
    show_toast(state, ToastKind::kError,
               "The English workspace is not complete: " +
                   (now.result ? now.result->missing.front() : std::string("unknown")));
  }
}

}  // namespace

void open_setup(WorkbenchState& state, Effects& effects) {
  if (state.popup == Popup::kEnglish) {
    state.popup = Popup::kNone;
    return;
  }
  const SetupSnapshot& now = *state.setup.snapshot;
  state.popup = Popup::kEnglish;
  state.popup_text =
      now.folder.empty() ? (state.folders.data / "english").string() : now.folder.string();
  state.popup_selected = 0;
  state.setup.has_news = false;
  look_at_setup_folder(state, effects);
}

void look_at_setup_folder(WorkbenchState& state, Effects& effects) {
  const std::filesystem::path folder = setup_folder(state);
  if (!folder.is_absolute() || is_setting_up(state.setup)) return;
  effects.emplace_back(SendSetupCommand{LookAtSetupFolder{folder}});
}

void reduce(WorkbenchState& state, Effects& effects, const GetEnglish& /*action*/) {
  if (state.popup != Popup::kEnglish || is_setting_up(state.setup) || !why_not_there(state).empty())
    return;
  const RequestId id = state.next_request++;
  state.setup.pending = id;
  state.setup.stopping = false;
  effects.emplace_back(SendSetupCommand{MakeEnglishWorkspace{id, setup_folder(state)}});
}

void reduce(WorkbenchState& state, Effects& effects, const StopGettingEnglish& /*action*/) {
  if (!is_setting_up(state.setup) || state.setup.stopping) return;
  state.setup.stopping = true;
  effects.emplace_back(SendSetupCommand{StopSetup{}});
}

void take_setup(WorkbenchState& state, std::shared_ptr<const SetupSnapshot> snapshot) {
  SetupState& setup = state.setup;
  if (!snapshot || (setup.snapshot && snapshot->version <= setup.snapshot->version)) return;
  const bool was_going_on = is_setting_up(setup);
  setup.snapshot = std::move(snapshot);
  if (setup.snapshot->id >= setup.pending) setup.pending = 0;
  if (is_setting_up(setup)) return;
  setup.stopping = false;
  if (was_going_on && state.popup != Popup::kEnglish) tell_end(state);
}

CommandState setup_command_state(const WorkbenchState& state) {
  const auto& snapshot = state.setup.snapshot;
  const auto disabled = [](std::string reason) {
    return CommandState{.enabled = false, .reason = std::move(reason)};
  };
  if (!snapshot) return disabled("This program cannot make one.");
  if (!snapshot->offer.problem.empty()) return disabled(snapshot->offer.problem);
  if (state.read_only) return disabled("This window changes nothing.");
  return {};
}

}  // namespace realm::view
