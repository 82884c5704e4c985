// The rules of asking a run's checkpoint: it is copied into the workspace as a model, loaded, and
// asked in the Ask workspace; the model that was in use before is a click away.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/view/number_format.h"
#include "app/view/reducers.h"
#include "app/view/train_state.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

CommandState disabled(std::string reason) {
  return {.enabled = false, .reason = std::move(reason)};
}

// It reads without passages, so it has no retriever.
bool trains_plain_bert(const RunSummary& run) {
  if (run.task != "mlm") return false;
  const auto config = nlohmann::json::parse(run.config_json, nullptr, false);
  return config.is_object() && config.contains("passage") && config["passage"] == "none";
}

// The film that is looked at, where films are; nullptr: another part of the run is.
const ProbeFilm* film_on_screen(const TrainState& train) {
  if (train.look.bottom != TrainBottom::kProbes) return nullptr;
  const std::vector<const RunDetail*> details = shown_details(train);
  return details.empty() ? nullptr : shown_film(*details.front(), train.look);
}

AskCheckpoint checkpoint_on_screen(const TrainState& train) {
  AskCheckpoint wish{.run = train.selected};
  if (const ProbeFilm* film = film_on_screen(train)) {
    wish.text = film->text;
    if (train.look.film_step) wish.step = film->frames[frame_at(*film, train.look.film_step)].step;
  }
  return wish;
}

}  // namespace

CheckpointOffer offer_checkpoint(const WorkbenchState& state, const RunId& id,
                                 std::optional<int64_t> step) {
  const auto none = [](std::string reason) { return CheckpointOffer{.reason = std::move(reason)}; };
  const RunSummary* run = find_run(state.train, id);
  if (run == nullptr) return none("Choose a run first.");
  if (run->task == "vocabulary") return none("A vocabulary is no model that could be asked.");
  if (trains_plain_bert(*run))
    return none("The run trains plain BERT, which retrieves nothing and cannot be asked alone.");
  if (is_read_only(state)) return none("This workspace is open for reading only.");
  if (state.train.checkpoint) return none("A checkpoint is on its way into Ask already.");
  const auto found = state.train.snapshot->checkpoints.find(id);
  if (found == state.train.snapshot->checkpoints.end() || found->second.empty()) {
    return none(is_alive(*run) ? "The run has saved no checkpoint yet."
                               : "No checkpoint of the run is on disk.");
  }
  const std::vector<int64_t>& steps = found->second;
  if (!step) return {.step = steps.back()};
  const auto later = std::upper_bound(steps.begin(), steps.end(), *step);
  if (later == steps.begin()) {
    std::vector<std::string> kept;
    for (const int64_t each : steps) kept.push_back(format_count(each));
    return none(
        fmt::format("No checkpoint of step {} or before is on disk; kept are those of step "
                    "{}.",
                    format_count(*step), fmt::join(kept, " and ")));
  }
  return {.step = *(later - 1)};
}

void reduce(WorkbenchState& state, Effects& effects, const AskCheckpoint& action) {
  const CheckpointOffer offer = offer_checkpoint(state, action.run, action.step);
  if (!offer.step) return;
  state.train.checkpoint = CheckpointOnItsWay{
      .copying = send_train(state, effects, PublishCheckpoint{action.run, *offer.step}),
      .text = action.text};
}

void take_published(WorkbenchState& state, Effects& effects, const TrainOutcome& outcome) {
  auto& checkpoint = state.train.checkpoint;
  if (!checkpoint || checkpoint->copying != outcome.id) return;
  if (outcome.failure) return checkpoint.reset();
  checkpoint->copying = 0;
  checkpoint->loading = send(state, effects, UseModel{.name = outcome.name});
  checkpoint->said =
      fmt::format("Step {} of {} is the model now{}.", format_count(outcome.step), outcome.run,
                  outcome.borrowed.empty() ? "" : ", with " + outcome.borrowed);
}

void take_used_model(WorkbenchState& state, Effects& effects, const Outcome& outcome) {
  auto& checkpoint = state.train.checkpoint;
  std::string said =
      fmt::format("{} is the {} now.", outcome.title, outcome.as_baseline ? "baseline" : "model");
  std::string text;
  const bool is_checkpoint = checkpoint && checkpoint->loading == outcome.id;
  if (is_checkpoint) {
    said = checkpoint->said;
    text = checkpoint->text;
    checkpoint.reset();
  }
  if (outcome.failure) return;  // the model before is still in use
  AskState& ask = state.ask;
  ask.failure.reset();
  ask.pieces_text.clear();  // another model may read the sentence in other pieces
  if (has_foreign_index(state)) {
    ask.result.reset();
    if (ask.reference && !ask.reference->is_pinned) ask.reference.reset();
  }
  if (is_checkpoint) {
    state.tab = Tab::kAsk;
    if (!text.empty()) ask.sentence.set_text(text);
    focus_on(state, Focus::kSentence);
  }
  if (hides_something(ask.sentence.text())) run_ask(state, effects);
  if (!outcome.left_out.empty())
    said += fmt::format(" The baseline {} has other words and stands beside it no more.",
                        outcome.left_out);
  const auto& status = engine_of(state).status;
  if (is_checkpoint && status && !status->model_before.empty())
    said += fmt::format(" A click on its name above goes back to {}.", status->model_before);
  show_toast(state, ToastKind::kDone, std::move(said));
}

void reduce(WorkbenchState& state, Effects& effects, const UseStoredModel& action) {
  send(state, effects, UseModel{.name = action.name, .as_baseline = action.as_baseline});
}

void reduce(WorkbenchState& state, Effects& effects, const RemoveStoredModel& action) {
  state.model_to_remove = action.is_sure ? "" : action.name;
  if (action.is_sure && !is_read_only(state)) send_train(state, effects, RemoveModel{action.name});
}

bool run_model_command(WorkbenchState& state, Effects& effects, std::string_view id) {
  if (id == "train.ask_checkpoint") {
    reduce(state, effects, checkpoint_on_screen(state.train));
  } else if (id == "model.use_before") {
    send(state, effects, UseModel{.name = engine_of(state).status->model_before});
  } else if (id == "model.import") {
    reduce(state, effects, SuggestModel{});
  } else if (id == "model.list") {
    state.popup = Popup::kModels;
    state.popup_text.clear();
    state.popup_selected = 0;
    state.model_to_remove.clear();
    send_train(state, effects, ListModels{});
  } else {
    return false;
  }
  return true;
}

std::optional<CommandState> model_command_state(const WorkbenchState& state, std::string_view id) {
  if (id == "train.ask_checkpoint") {
    if (!state.train.snapshot || state.train.form) return disabled("Choose a run first.");
    const AskCheckpoint wish = checkpoint_on_screen(state.train);
    const CheckpointOffer offer = offer_checkpoint(state, wish.run, wish.step);
    if (!offer.step) return disabled(offer.reason);
    return CommandState{.title = fmt::format("Ask the run\u2019s checkpoint of step {}",
                                             format_count(*offer.step))};
  }
  if (id != "model.use_before" && id != "model.list" && id != "model.import") return std::nullopt;
  const auto& status = engine_of(state).status;
  if (!status) return disabled("No workspace is open.");
  if (id == "model.list") return CommandState{};
  if (is_read_only(state)) return disabled("This workspace is open for reading only.");
  if (id == "model.import") return CommandState{};
  if (status->model_before.empty()) return disabled("No other model was in use before.");
  return CommandState{.title = "Go back to " + status->model_before};
}

}  // namespace realm::view
