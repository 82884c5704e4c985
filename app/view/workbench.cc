#include "app/view/workbench.h"

#include <algorithm>
#include <utility>

#include "app/view/reducers.h"

namespace realm::view {
namespace {

constexpr double kToastSeconds = 6;
constexpr size_t kMaxToasts = 4;
constexpr double kSettingsDelay = 1;

const EngineSnapshot kNoEngine;

void resolve_unsaved(WorkbenchState& state, Effects& effects, ResolveUnsaved::Choice choice) {
  state.popup = Popup::kNone;
  const std::string next = state.unsaved_next.value_or("");
  state.unsaved_next.reset();
  if (choice == ResolveUnsaved::Choice::kCancel) return;
  if (choice == ResolveUnsaved::Choice::kKeep) {
    keep_edit(state, effects);
    // Only what is really on its way to the disk lets the window go on; a refused edit stays on
    // screen.
    if (state.corpus.form && state.corpus.form->saving == 0) return;
  } else {
    state.corpus.form.reset();
    state.focus = Focus::kCorpusTable;
  }
  if (!next.empty() && choice == ResolveUnsaved::Choice::kDiscard)
    run_command(state, effects, next);
  if (next == "file.quit" && choice == ResolveUnsaved::Choice::kKeep) want_quit(state);
}

// Another workspace: nothing of the old one may stay on screen as if it belonged to the new.
void forget_workspace(WorkbenchState& state) {
  AskState fresh;
  fresh.sentence = state.ask.sentence;
  fresh.candidates = state.ask.candidates;
  fresh.words = state.ask.words;
  fresh.exact_sum = state.ask.exact_sum;
  fresh.watch = state.ask.watch;
  fresh.history = state.ask.history;
  fresh.pending = state.ask.pending;
  state.ask = std::move(fresh);
  CorpusState corpus;
  corpus.shows_revisions = state.corpus.shows_revisions;
  state.corpus = std::move(corpus);
}

// The machine is looked at only while it is on screen.
void watch_machine(WorkbenchState& state, Effects& effects) {
  const bool on = state.tab == Tab::kTrain && has_workspace(state) &&
                  (state.train.form || state.train.look.bottom == TrainBottom::kMachine);
  WatchMachine wanted{on, on ? engine_of(state).folder : std::filesystem::path()};
  if (wanted == state.watched) return;
  state.watched = wanted;
  effects.emplace_back(std::move(wanted));
}

struct Reducer {
  WorkbenchState& state;
  Effects& effects;

  void operator()(const RunCommand& action) { run_command(state, effects, action.id); }
  void operator()(const SetTab& action) {
    if (state.tab != action.tab) state.zoomed = Pane::kNone;
    state.tab = action.tab;
    state.focus = action.tab == Tab::kAsk      ? Focus::kSentence
                  : action.tab == Tab::kCorpus ? Focus::kCorpusTable
                                               : Focus::kNone;
  }
  void operator()(const SetFocus& action) { focus_on(state, action.focus); }
  void operator()(const SetPanes& action) { state.memory.panes = action.panes; }
  void operator()(const SetPopup& action) {
    if (state.popup == Popup::kImport) end_preview(state, effects);
    state.popup = action.popup;
    state.popup_text.clear();
    state.popup_name.clear();
    state.popup_selected = 0;
    forget_saving(state);
    state.model_to_remove.clear();
  }
  void operator()(const ChangePopup& action) {
    const bool is_other = state.popup_text != action.text;
    if (is_other) state.popup_failure.clear();
    state.popup_text = action.text;
    state.popup_selected = action.selected;
    if (is_other && state.popup == Popup::kEnglish) look_at_setup_folder(state, effects);
  }
  void operator()(const NamePopup& action) {
    state.popup_name = action.name;
    state.popup_failure.clear();
  }
  void operator()(const ZoomPane& action) {
    state.zoomed = state.zoomed == action.pane ? Pane::kNone : action.pane;
  }
  void operator()(const OpenFolder& action) { open_folder(state, effects, action.folder); }
  void operator()(const OpenEnglish& /*action*/) {
    const std::string folder = setup_folder(state).string();
    if (!held_by_unsaved_edit(state, "file.get_english")) open_folder(state, effects, folder);
  }
  void operator()(const ResolveUnsaved& action) { resolve_unsaved(state, effects, action.choice); }
  void operator()(const DismissToast& action) {
    std::erase_if(state.toasts, [&](const Toast& toast) { return toast.id == action.id; });
  }
  void operator()(const CancelWork& /*action*/) {
    const Activity& activity = engine_of(state).activity;
    if (activity.id != 0 && activity.can_cancel) effects.emplace_back(CancelRequest{activity.id});
  }
  void operator()(const CopyText& action) {
    effects.emplace_back(SetClipboard{action.text});
    if (!action.what.empty()) show_toast(state, ToastKind::kDone, "Copied " + action.what + ".");
  }
  void operator()(const SetWindowPlace& action) { state.memory.window = action.place; }
  void operator()(const CloseWindow& /*action*/) {
    if (!held_by_unsaved_edit(state, "file.quit")) want_quit(state);
  }
  template <typename T>
  void operator()(const T& action) {  // those of a workspace or of saving
    reduce(state, effects, action);
  }
};

}  // namespace

const EngineSnapshot& engine_of(const WorkbenchState& state) {
  return state.engine ? *state.engine : kNoEngine;
}

bool has_workspace(const WorkbenchState& state) { return engine_of(state).status != nullptr; }

bool is_read_only(const WorkbenchState& state) {
  return state.read_only || (engine_of(state).status && engine_of(state).status->read_only);
}

bool has_foreign_index(const WorkbenchState& state) {
  const auto& status = engine_of(state).status;
  return status && status->model && !status->index.type.empty() && !status->index.matches_model;
}

bool is_editing(const WorkbenchState& state) { return state.corpus.form.has_value(); }

RequestId send(WorkbenchState& state, Effects& effects, EngineCommandBody body) {
  const RequestId id = state.next_request++;
  effects.emplace_back(SendCommand{{id, std::move(body)}});
  return id;
}

void show_toast(WorkbenchState& state, ToastKind kind, std::string text) {
  // The same error twice is one error.
  std::erase_if(state.toasts, [&](const Toast& toast) {
    return toast.text == text || (kind == ToastKind::kDone && toast.kind == ToastKind::kDone);
  });
  const uint64_t id = state.next_request++;
  state.toasts.push_back({.id = id, .kind = kind, .text = std::move(text), .shown_at = state.now});
  if (state.toasts.size() > kMaxToasts) state.toasts.erase(state.toasts.begin());
}

void focus_on(WorkbenchState& state, Focus focus) {
  state.focus = focus;
  ++state.focus_serial;
}

Effects Workbench::start(const StartOptions& options) {
  Effects effects;
  state_.preferences = options.preferences;
  state_.memory = options.memory;
  state_.folders = options.folders;
  state_.read_only = options.read_only;
  state_.tab = options.tab.value_or(options.memory.tab);
  state_.ask.candidates = options.memory.candidates;
  state_.ask.words = options.memory.words;
  state_.ask.exact_sum = options.memory.exact_sum;
  state_.ask.watch = options.memory.watch;
  state_.ask.history = History(options.memory.history);
  written_preferences_ = to_json(state_.preferences);
  written_memory_ = to_json(state_.memory);
  if (options.tab == Tab::kCorpus) state_.focus = Focus::kCorpusTable;
  if (state_.tab == Tab::kTrain) state_.focus = Focus::kNone;
  if (options.workspace.empty()) return effects;

  auto opening = std::make_shared<EngineSnapshot>();
  opening->phase = EnginePhase::kOpening;
  opening->folder = options.workspace;
  state_.engine = std::move(opening);
  send(state_, effects, OpenWorkspace{.folder = options.workspace, .read_only = options.read_only});
  const std::string& sentence = options.ask.empty() ? options.memory.sentence : options.ask;
  state_.ask.sentence = TextEditor(TextFieldKind::kSentence, sentence);
  // A sentence given at the start is asked even when it hides nothing, so that the user is told why
  // it cannot be.
  if (!options.ask.empty() || hides_something(sentence)) run_ask(state_, effects);
  return effects;
}

Effects Workbench::apply(const Action& action) {
  Effects effects;
  std::visit(Reducer{state_, effects}, action);
  read_sentence(state_, effects);
  watch_machine(state_, effects);
  look_at_typed_folder(state_, effects);
  if (settings_changed_at_ < 0) settings_changed_at_ = state_.now;
  return effects;
}

Effects Workbench::take(std::shared_ptr<const EngineSnapshot> snapshot) {
  Effects effects;
  if (!snapshot || (state_.engine && snapshot->version <= state_.engine->version)) return effects;
  const std::shared_ptr<const EngineSnapshot> before =
      std::exchange(state_.engine, std::move(snapshot));
  const EngineSnapshot& now = *state_.engine;
  const bool has_opened = now.status && !(before && before->status && before->folder == now.folder);
  if (has_opened) {
    if (state_.memory.workspace != now.folder.string() && !state_.memory.workspace.empty())
      forget_workspace(state_);
    remember_workspace(state_.memory, now.folder.string());
    take_up_draft(state_, effects);
    watch_runs(state_, effects);
    if (settings_changed_at_ < 0) settings_changed_at_ = state_.now;
  }
  if (now.phase == EnginePhase::kFailed && now.failure &&
      !(before && before->phase == EnginePhase::kFailed)) {
    state_.ask.pending = 0;
    state_.corpus.pending_page = state_.corpus.pending_detail = 0;
  }
  take_outcomes(state_, effects, now);
  take_corpus(state_, effects, now, before.get());
  take_ask(state_, effects, now);
  read_sentence(state_, effects);
  watch_machine(state_, effects);
  return effects;
}

Effects Workbench::take(std::shared_ptr<const TrainSnapshot> snapshot) {
  Effects effects;
  const TrainState& train = state_.train;
  if (!snapshot || (train.snapshot && snapshot->version <= train.snapshot->version)) return effects;
  // What still belongs to the workspace before is not shown.
  if (snapshot->folder != engine_of(state_).folder) return effects;
  state_.train.snapshot = std::move(snapshot);
  take_runs(state_, effects, *state_.train.snapshot);
  return effects;
}

void Workbench::take(std::shared_ptr<const MachineSnapshot> snapshot) {
  if (snapshot) state_.machine = std::move(snapshot);
}

void Workbench::take(std::shared_ptr<const FolderListing> listing) {
  if (listing) state_.folder = std::move(listing);
}

void Workbench::take(std::shared_ptr<const SetupSnapshot> snapshot) {
  take_setup(state_, std::move(snapshot));
}

Effects Workbench::tick(double now, int64_t unix_seconds) {
  Effects effects;
  state_.now = now;
  state_.unix_seconds = unix_seconds;
  look_for_duplicate(state_, effects);
  keep_notes_when_due(state_, effects);
  std::erase_if(state_.toasts, [&](const Toast& toast) {
    return toast.kind == ToastKind::kDone && now - toast.shown_at >= kToastSeconds;
  });
  if (settings_changed_at_ >= 0 && now - settings_changed_at_ >= kSettingsDelay) {
    settings_changed_at_ = -1;
    Memory& memory = state_.memory;
    memory.tab = state_.tab;
    memory.sentence = state_.ask.sentence.text();
    memory.candidates = state_.ask.candidates;
    memory.words = state_.ask.words;
    memory.exact_sum = state_.ask.exact_sum;
    memory.draft = draft_of(state_);
    memory.watch = state_.ask.watch;
    memory.history = state_.ask.history.entries();
    const auto write = [&](const std::filesystem::path& folder, const char* name, std::string text,
                           std::string& written) {
      if (text == written || folder.empty()) return;
      send(state_, effects, WriteTextFile{folder / name, text});
      written = std::move(text);
    };
    write(state_.folders.config, "settings.json", to_json(state_.preferences),
          written_preferences_);
    write(state_.folders.state, "state.json", to_json(memory), written_memory_);
  }
  return effects;
}

double Workbench::next_deadline() const {
  double deadline = -1;
  const auto consider = [&](double at) {
    const double in = std::max(0.0, at - state_.now);
    if (deadline < 0 || in < deadline) deadline = in;
  };
  for (const Toast& toast : state_.toasts) {
    if (toast.kind == ToastKind::kDone) consider(toast.shown_at + kToastSeconds);
  }
  if (state_.ask.pending != 0 && state_.now < state_.ask.pending_since + kGreyAfter) {
    consider(state_.ask.pending_since + kGreyAfter);
  }
  if (const auto& form = state_.corpus.form; form && wants_comparison(*form))
    consider(form->changed_at + kCompareAfter);
  if (const auto& notes = state_.train.notes; notes && notes->changed_at >= 0)
    consider(notes->changed_at + kKeepNotesAfter);
  if (settings_changed_at_ >= 0) consider(settings_changed_at_ + kSettingsDelay);
  // A run without a sign of life says so by itself, and for how long.
  const RunSummary* const run = state_.tab == Tab::kTrain ? selected_run(state_.train) : nullptr;
  if (run != nullptr && state_.unix_seconds != 0) {
    if (const auto in = seconds_to_stall(*run, state_.unix_seconds))
      consider(state_.now + static_cast<double>(*in));
  }
  return deadline;
}

}  // namespace realm::view
