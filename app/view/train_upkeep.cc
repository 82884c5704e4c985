// What a person does to the list of runs: tags, notes, more steps, the trash.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/view/curve_axis.h"
#include "app/view/reducers.h"
#include "app/view/train_state.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

CommandState disabled(std::string reason) {
  return {.enabled = false, .reason = std::move(reason)};
}

const RunSummary* last_deleted(const TrainState& train) {
  if (!train.snapshot || train.snapshot->deleted->empty()) return nullptr;
  const auto& runs = *train.snapshot->deleted;
  return &*std::max_element(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
    return a.deleted < b.deleted;
  });
}

}  // namespace

RunNotesForm notes_of(const TrainState& train) {
  if (train.notes && train.notes->run == train.selected) return *train.notes;
  const RunSummary* run = selected_run(train);
  if (run == nullptr) return {};
  return {run->id, fmt::format("{}", fmt::join(run->tags, ", ")),
          TextEditor(TextFieldKind::kPlain, run->note), -1};
}

const std::string* trouble_of(const TrainState& train, const RunId& run) {
  if (!train.snapshot) return nullptr;
  const auto found = train.snapshot->troubles.find(run);
  return found == train.snapshot->troubles.end() ? nullptr : &found->second;
}

std::string result_of(const TrainState& train, const RunSummary& run) {
  std::string out;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) out += (out.empty() ? "" : " \u00B7 ") + part;
  };
  const auto found = train.snapshot ? train.snapshot->headlines.find(run.id)
                                    : std::map<RunId, RunHeadline>::const_iterator();
  if (train.snapshot && found != train.snapshot->headlines.end()) {
    const RunHeadline& headline = found->second;
    std::string text = headline.label + " " + format_curve_value(headline.last);
    if (headline.best && *headline.best != headline.last)
      text += ", best " + format_curve_value(*headline.best);
    add(text);
  }
  if (run.trained_ms > 0)
    add(format_seconds(std::round(static_cast<double>(run.trained_ms) / 1000)));
  return out;
}

void keep_notes(WorkbenchState& state, Effects& effects) {
  auto& notes = state.train.notes;
  if (!notes || notes->changed_at < 0) return;
  notes->changed_at = -1;
  send_train(state, effects, NoteRun{notes->run, notes->tags, notes->note.text()});
}

void keep_notes_when_due(WorkbenchState& state, Effects& effects) {
  const auto& notes = state.train.notes;
  if (notes && notes->changed_at >= 0 && state.now - notes->changed_at >= kKeepNotesAfter)
    keep_notes(state, effects);
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const ChangeRunNotes& action) {
  if (selected_run(state.train) == nullptr) return;
  if (action.took_focus && state.focus != Focus::kRunNote) focus_on(state, Focus::kRunNote);
  if (is_read_only(state)) return;
  RunNotesForm notes = notes_of(state.train);
  if (notes.tags != action.tags || notes.note.text() != action.note.text())
    notes.changed_at = state.now;
  notes.tags = action.tags;
  notes.note = action.note;
  state.train.notes = std::move(notes);
}

void reduce(WorkbenchState& state, Effects& effects, const ExtendRunBy& action) {
  state.popup = Popup::kNone;
  if (!command_state(state, "train.extend").enabled || action.steps < 1) return;
  send_train(state, effects, ExtendRun{state.train.selected, action.steps});
}

void reduce(WorkbenchState& state, Effects& effects, const EraseRun& action) {
  keep_notes(state, effects);
  send_train(state, effects, DeleteRun{action.run});
}

bool run_upkeep_command(WorkbenchState& state, Effects& effects, std::string_view id) {
  TrainState& train = state.train;
  if (id == "train.extend") {
    state.popup = Popup::kExtendRun;
    state.popup_text =
        fmt::format("{}", std::max<int64_t>(1, selected_run(train)->total_steps / 2));
    state.popup_selected = 0;
  } else if (id == "train.note") {
    state.tab = Tab::kTrain;
    train.form.reset();
    train.look.bottom = TrainBottom::kNotes;
    focus_on(state, Focus::kRunNote);
  } else if (id == "train.delete") {
    keep_notes(state, effects);
    send_train(state, effects, DeleteRun{train.selected});
  } else if (id == "train.undelete") {
    send_train(state, effects, UndeleteRun{last_deleted(train)->id});
  } else {
    return false;
  }
  return true;
}

std::optional<CommandState> upkeep_command_state(const WorkbenchState& state, std::string_view id) {
  const TrainState& train = state.train;
  const bool is_ours =
      id == "train.extend" || id == "train.note" || id == "train.delete" || id == "train.undelete";
  if (!is_ours) return std::nullopt;
  if (is_read_only(state)) return disabled("This workspace is open for reading only.");
  if (id == "train.undelete") {
    const RunSummary* run = last_deleted(train);
    if (run == nullptr) return disabled("No run was deleted.");
    return CommandState{.title = fmt::format("Put {} back", label_of(*run))};
  }
  const RunSummary* run = selected_run(train);
  if (run == nullptr || train.form) return disabled("Choose a run first.");
  if (id == "train.note") return CommandState{};
  if (run->state == RunState::kQueued) return disabled("The run waits in the queue.");
  if (is_alive(*run)) {
    return disabled(id == "train.delete" ? "The run is going on; it can be deleted once it stopped."
                                         : "The run is going on; it can be extended once it "
                                           "stopped.");
  }
  if (id == "train.delete") return CommandState{};
  if (run->task == "vocabulary") return disabled("A vocabulary is counted, not trained in steps.");
  if (const std::string* trouble = trouble_of(train, run->id)) return disabled(*trouble);
  return CommandState{};
}

}  // namespace realm::view
