// The rules of the Train workspace.
#include <fmt/format.h>

#include <algorithm>

#include "app/view/reducers.h"
#include "app/view/train_waiting.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

void follow(WorkbenchState& state, Effects& effects) {
  std::vector<RunId> runs;
  if (!state.train.selected.empty()) runs.push_back(state.train.selected);
  runs.insert(runs.end(), state.train.compared.begin(), state.train.compared.end());
  send_train(state, effects, FollowRuns{std::move(runs)});
}

void choose(WorkbenchState& state, Effects& effects, const RunId& run) {
  if (state.train.selected == run) return;
  keep_notes(state, effects);
  state.train.notes.reset();
  state.train.selected = run;
  std::erase(state.train.compared, run);
  state.train.look.low.reset();
  state.train.look.high.reset();
  state.train.look.heights.clear();
  follow(state, effects);
}

void check(WorkbenchState& state, Effects& effects) {
  RunForm& form = *state.train.form;
  form.pending = send_train(state, effects, CheckPlan{form.plan});
}

const char* done_text(ControlCommand command) {
  switch (command) {
    case ControlCommand::kStopAndSave:
      return "Asked the run to save and stop.";
    case ControlCommand::kStopNow:
      return "Asked the run to stop without saving.";
    case ControlCommand::kPause:
      return "Asked the run to wait.";
    case ControlCommand::kResume:
      return "Asked the run to go on.";
    case ControlCommand::kCheckpointNow:
      return "Asked the run for a checkpoint.";
    case ControlCommand::kRefreshNow:
      return "Asked the run to refresh its index.";
  }
  return "";
}

void take_train_outcomes(WorkbenchState& state, Effects& effects, const TrainSnapshot& now) {
  TrainState& train = state.train;
  for (const TrainOutcome& outcome : *now.outcomes) {
    if (outcome.id <= train.last_outcome) continue;
    train.last_outcome = outcome.id;
    const bool was_form = train.form && train.form->starting == outcome.id;
    if (outcome.kind == TrainOutcomeKind::kPublish) take_published(state, effects, outcome);
    if (outcome.failure) {
      if (was_form) train.form->starting = 0;
      show_toast(state, ToastKind::kError, outcome.failure->sentence);
      continue;
    }
    switch (outcome.kind) {
      case TrainOutcomeKind::kStart:
        show_toast(state, ToastKind::kDone,
                   was_form && train.form->plan.launch.place == LaunchPlace::kSlurm
                       ? "Slurm has the run; it goes on without this window."
                       : "The run has begun; it goes on without this window.");
        if (was_form) train.form.reset();
        choose(state, effects, outcome.run);
        break;
      case TrainOutcomeKind::kResume:
        show_toast(state, ToastKind::kDone, "The run goes on from its newest checkpoint.");
        break;
      case TrainOutcomeKind::kExtend:
        show_toast(state, ToastKind::kDone, "The run goes on with its new steps.");
        break;
      case TrainOutcomeKind::kNote:
      case TrainOutcomeKind::kPublish:
        break;
      case TrainOutcomeKind::kDelete:
        show_toast(state, ToastKind::kDone,
                   "Deleted the run; it can be put back until the window closes.");
        break;
      case TrainOutcomeKind::kWatch:
        show_toast(state, ToastKind::kDone,
                   fmt::format("The runs that you begin from now on watch this query, as "
                               "\u201C{}\u201D.",
                               outcome.name));
        break;
      case TrainOutcomeKind::kRemoveModel:
        show_toast(state, ToastKind::kDone, fmt::format("Removed the model {}.", outcome.name));
        break;
      case TrainOutcomeKind::kUndelete:
        choose(state, effects, outcome.run);
        show_toast(state, ToastKind::kDone, "Put the run back.");
        break;
      case TrainOutcomeKind::kSteer:
        show_toast(state, ToastKind::kDone, done_text(outcome.command));
        break;
    }
  }
}

// Runs that were deleted, here or elsewhere, are not looked at any longer.
void leave_missing_runs(WorkbenchState& state, Effects& effects) {
  TrainState& train = state.train;
  const auto is_missing = [&](const RunId& id) { return find_run(train, id) == nullptr; };
  const bool compared = std::erase_if(train.compared, is_missing) > 0;
  if (!train.selected.empty() && is_missing(train.selected)) {
    const auto& runs = *train.snapshot->runs;
    train.notes.reset();
    choose(state, effects, runs.empty() ? RunId() : runs.front().id);
  } else if (compared) {
    follow(state, effects);
  }
}

}  // namespace

RequestId send_train(WorkbenchState& state, Effects& effects, TrainCommandBody body) {
  const RequestId id = state.next_request++;
  effects.emplace_back(SendTrainCommand{{id, std::move(body)}});
  return id;
}

void watch_runs(WorkbenchState& state, Effects& effects) {
  keep_notes(state, effects);
  state.train = TrainState{.look = state.train.look, .last_outcome = state.train.last_outcome};
  send_train(state, effects, WatchRuns{engine_of(state).folder, is_read_only(state)});
}

void take_runs(WorkbenchState& state, Effects& effects, const TrainSnapshot& now) {
  TrainState& train = state.train;
  if (train.form && now.plan && now.plan->id == train.form->pending) train.form->pending = 0;
  take_train_outcomes(state, effects, now);
  if (now.is_known && !now.failure) leave_missing_runs(state, effects);
  // The newest run is looked at until another is chosen.
  if (train.selected.empty() && !now.runs->empty()) choose(state, effects, now.runs->front().id);
}

void reduce(WorkbenchState& state, Effects& effects, const SelectRun& action) {
  TrainState& train = state.train;
  if (!action.compares) {
    train.form.reset();
    return choose(state, effects, action.run);
  }
  if (action.run == train.selected) return;
  const auto known = std::find(train.compared.begin(), train.compared.end(), action.run);
  if (known != train.compared.end()) {
    train.compared.erase(known);
  } else {
    train.compared.push_back(action.run);
  }
  follow(state, effects);
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const SetTrainLook& action) {
  state.train.look = action.look;
}

void reduce(WorkbenchState& state, Effects& effects, const ChangeRunForm& action) {
  if (!state.train.form) return;
  const bool checks = state.train.form->plan != action.form.plan;
  const RequestId pending = state.train.form->pending, starting = state.train.form->starting;
  state.train.form = action.form;
  state.train.form->pending = pending;
  state.train.form->starting = starting;
  if (checks) check(state, effects);
}

void want_quit(WorkbenchState& state) {
  if (has_living_run(state.train) && !state.read_only) {
    state.popup = Popup::kLivingRuns;
  } else {
    state.wants_quit = true;
  }
}

void reduce(WorkbenchState& state, Effects& effects, const ResolveLivingRuns& action) {
  state.popup = Popup::kNone;
  if (action.choice == ResolveLivingRuns::Choice::kCancel) return;
  if (action.choice == ResolveLivingRuns::Choice::kStop) {
    for (const RunSummary& run : *state.train.snapshot->runs) {
      if (is_alive(run)) send_train(state, effects, SteerRun{run.id, ControlCommand::kStopAndSave});
    }
  }
  state.wants_quit = true;
}

bool run_train_command(WorkbenchState& state, Effects& effects, std::string_view id) {
  TrainState& train = state.train;
  const auto steer = [&](ControlCommand command) {
    send_train(state, effects, SteerRun{train.selected, command});
  };
  if (id == "train.new") {
    state.tab = Tab::kTrain;
    RunForm form{.plan = {.task = "pretrain", .preset = "starter"}};
    if (engine_of(state).status && !engine_of(state).status->active_model.empty()) {
      const std::string& model = engine_of(state).status->active_model;
      change_setting(form.plan, "initial_model", &model);
    }
    if (train.snapshot && !train.snapshot->probes_file.empty()) {
      const std::string file = train.snapshot->probes_file.string();
      change_setting(form.plan, "probes", &file);
    }
    train.form = std::move(form);
    check(state, effects);
  } else if (id == "train.leave") {
    train.form.reset();
  } else if (id == "train.start") {
    RunForm& form = *train.form;
    form.starting = send_train(state, effects, StartRun{form.plan});
  } else if (id == "train.stop") {
    steer(ControlCommand::kStopAndSave);
  } else if (id == "train.stop_now") {
    steer(ControlCommand::kStopNow);
  } else if (id == "train.pause") {
    steer(ControlCommand::kPause);
  } else if (id == "train.resume") {
    const RunSummary* run = selected_run(train);
    if (run->state == RunState::kPaused) {
      steer(ControlCommand::kResume);
    } else {
      send_train(state, effects, ResumeRun{run->id});
    }
  } else if (id == "train.checkpoint") {
    steer(ControlCommand::kCheckpointNow);
  } else if (id == "train.refresh") {
    steer(ControlCommand::kRefreshNow);
  } else {
    return run_upkeep_command(state, effects, id) || run_model_command(state, effects, id);
  }
  return true;
}

CommandState train_command_state(const WorkbenchState& state, std::string_view id) {
  const auto disabled = [](std::string reason) {
    return CommandState{.enabled = false, .reason = std::move(reason)};
  };
  if (!has_workspace(state)) return disabled("No workspace is open.");
  const TrainState& train = state.train;
  const bool writes = id == "train.new" || id == "train.start";
  if (writes && is_read_only(state)) return disabled("This workspace is open for reading only.");
  if (id == "train.new") return {};
  if (id == "train.leave" || id == "train.start") {
    if (!train.form) return disabled("There is no form for a new run.");
    if (id == "train.leave") return {};
    if (train.form->starting != 0) return disabled("The run is being started.");
    if (train.snapshot && train.snapshot->failure)
      return disabled(train.snapshot->failure->sentence);
    const auto& plan = train.snapshot ? train.snapshot->plan : nullptr;
    if (train.form->pending != 0 || !plan || plan->plan != train.form->plan)
      return disabled("The settings are being checked.");
    if (!plan->problem.empty()) return disabled(plan->problem);
    return {};
  }
  if (auto upkeep = upkeep_command_state(state, id)) return *std::move(upkeep);
  if (auto model = model_command_state(state, id)) return *std::move(model);
  const RunSummary* run = selected_run(train);
  if (run == nullptr) return disabled("Choose a run first.");
  if (const char* asked = asked_already(*run, id)) return disabled(asked);
  if (id == "train.resume") {
    if (run->state == RunState::kPaused) return {.title = "Go on"};
    if (run->state == RunState::kFinished) return disabled("The run did all its steps.");
    if (run->state == RunState::kQueued) return disabled("The run waits in the queue.");
    if (run->state == RunState::kCreated) return disabled("Its trainer is about to begin.");
    if (is_alive(*run)) return disabled("The run is going on.");
    if (const std::string* trouble = trouble_of(train, run->id)) return disabled(*trouble);
    if (is_read_only(state)) return disabled("This workspace is open for reading only.");
    return {.title = "Resume from the newest checkpoint"};
  }
  if (!is_alive(*run)) return disabled(fmt::format("The run is {}.", state_word(run->state)));
  if (is_read_only(state)) return disabled("This workspace is open for reading only.");
  if (run->state == RunState::kQueued) {
    if (id == "train.stop" || id == "train.stop_now") return {.title = "Take it out of the queue"};
    return disabled("The run waits in the queue.");
  }
  if (id == "train.pause" && run->state == RunState::kPaused)
    return disabled("The run waits already.");
  if (id == "train.refresh" && run->task != "pretrain")
    return disabled("Only pre-training has an index that is refreshed.");
  return {};
}

}  // namespace realm::view
