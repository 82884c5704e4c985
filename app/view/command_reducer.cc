#include <fmt/format.h>

#include <algorithm>

#include "app/commands/command_table.h"
#include "app/view/reducers.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

constexpr float kScaleStep = 1.1F;

const AskedDocument* read_document(const WorkbenchState& state) {
  if (!state.ask.result || !state.ask.has_reading) return nullptr;
  return find_document(*state.ask.result, state.ask.reading, state.ask.reading == kNullDocumentId);
}

void set_scale(WorkbenchState& state, float scale) {
  state.preferences.scale = std::clamp(scale, kMinScale, kMaxScale);
}

void open_popup(WorkbenchState& state, Popup popup, std::string text = {}) {
  state.popup = state.popup == popup ? Popup::kNone : popup;
  state.popup_text = std::move(text);
  state.popup_name.clear();
  state.popup_selected = 0;
  forget_saving(state);
}

void cancel_in_ask(WorkbenchState& state, Effects& effects) {
  AskState& ask = state.ask;
  if (state.zoomed != Pane::kNone) {
    state.zoomed = Pane::kNone;
  } else if (ask.pending != 0) {
    effects.emplace_back(CancelRequest{ask.pending});
  } else if (ask.failure || !ask.hint.empty()) {
    ask.failure.reset();
    ask.hint.clear();
  } else if (ask.selected_word || ask.sorting_document) {
    ask.selected_word.reset();
    ask.sorting_document.reset();
  } else {
    ask.reference.reset();
  }
}

void toggle_reference(AskState& ask) {
  if (ask.reference && ask.reference->is_pinned) {
    ask.reference.reset();
  } else if (ask.result) {
    ask.reference =
        Reference{.result = ask.result, .label = "against the pinned result", .is_pinned = true};
  }
}

std::string export_name(const WorkbenchState& state) {
  std::string name = state.ask.result->answer.empty() ? "result" : state.ask.result->answer;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == ' ' || c == '.'; }, '-');
  return "realm-" + name + ".json";
}

bool run_ask_command(WorkbenchState& state, Effects& effects, std::string_view id) {
  AskState& ask = state.ask;
  const AskedDocument* document = read_document(state);
  if (id == "ask.run") {
    run_ask(state, effects);
  } else if (id == "ask.cancel") {
    cancel_in_ask(state, effects);
  } else if (id == "ask.focus_sentence") {
    state.tab = Tab::kAsk;
    focus_on(state, Focus::kSentence);
  } else if (id == "ask.mask_word") {
    TextEditor sentence = ask.sentence;
    if (sentence.toggle_hidden_here())
      reduce(state, effects, SetSentence{.sentence = sentence, .hid_word = true});
  } else if (id == "ask.suggest_word") {
    if (const std::optional<EditedText> hidden = hide_next_salient(ask)) {
      TextEditor sentence = ask.sentence;
      sentence.set_text(hidden->text, hidden->caret);
      reduce(state, effects, SetSentence{.sentence = sentence, .hid_word = true});
    }
  } else if (id == "ask.exact_sum") {
    ask.exact_sum = !ask.exact_sum;
    if (ask.result || ask.pending != 0) run_ask(state, effects);
  } else if (id == "ask.previous_query" || id == "ask.next_query") {
    const std::optional<std::string> text =
        id == "ask.next_query" ? ask.history.forward() : ask.history.back();
    if (text) reduce(state, effects, UseSentence{*text});
  } else if (id == "ask.watch_word") {
    focus_on(state, Focus::kWatch);
  } else if (id == "ask.watch_query") {
    const bool follows = document != nullptr && !document->is_null;
    send_train(state, effects,
               WatchQuery{ask.result->query.text, hidden_words(ask.result->query.text).front(),
                          follows ? document->document.title : std::string()});
  } else if (id == "ask.pin_result") {
    toggle_reference(ask);
  } else if (id == "ask.pin_document" && document != nullptr) {
    reduce(state, effects,
           SetPinned{{document->document.id, document->document.title}, !document->is_pinned});
  } else if (id == "ask.exclude_document" && document != nullptr) {
    reduce(state, effects, SetExcluded{{document->document.id, document->document.title}, true});
  } else if (id == "ask.copy_result") {
    send(state, effects, ExportResult{.result = ask.result});
  } else if (id == "ask.examples") {
    open_popup(state, Popup::kExamples);
  } else {
    return false;
  }
  return true;
}

bool run_corpus_command(WorkbenchState& state, Effects& effects, std::string_view id) {
  if (id == "corpus.search") {
    state.tab = Tab::kCorpus;
    focus_on(state, Focus::kSearch);
  } else if (id == "corpus.filters") {
    state.corpus.shows_filters = state.tab != Tab::kCorpus || !state.corpus.shows_filters;
    state.tab = Tab::kCorpus;
  } else if (id == "corpus.search_next") {
    step_hit(state, effects, 1);
  } else if (id == "corpus.search_previous") {
    step_hit(state, effects, -1);
  } else if (id == "corpus.add") {
    state.tab = Tab::kCorpus;
    start_add(state);
  } else if (id == "corpus.edit") {
    start_edit(state, effects, state.corpus.selected);
  } else if (id == "corpus.keep") {
    keep_edit(state, effects);
  } else if (id == "corpus.leave") {
    if (!held_by_unsaved_edit(state, "")) {
      state.corpus.form.reset();
      state.focus = Focus::kCorpusTable;
    }
  } else if (id == "corpus.delete") {
    send(state, effects, DeleteDocument{state.corpus.selected});
  } else if (id == "corpus.import") {
    state.corpus.forecast.reset();
    open_popup(state, Popup::kImport);
  } else if (id == "corpus.export") {
    open_popup(state, Popup::kExportCorpus, "corpus.jsonl");
  } else if (id == "corpus.log") {
    state.tab = Tab::kCorpus;
    state.corpus.shows_revisions = !state.corpus.shows_revisions;
  } else {
    return false;
  }
  return true;
}

Pane pane_in_use(const WorkbenchState& state) {
  if (state.tab == Tab::kCorpus)
    return state.corpus.form || state.focus == Focus::kPassageText ? Pane::kPassage : Pane::kTable;
  if (state.focus == Focus::kWords || state.focus == Focus::kWatch) return Pane::kWords;
  return state.focus == Focus::kPassages ? Pane::kPassages : Pane::kReading;
}

bool run_view_command(WorkbenchState& state, std::string_view id) {
  Preferences& preferences = state.preferences;
  if (id == "view.ask" || id == "view.corpus" || id == "view.train") state.zoomed = Pane::kNone;
  if (id == "view.ask") {
    state.tab = Tab::kAsk;
    focus_on(state, Focus::kSentence);
  } else if (id == "view.corpus") {
    state.tab = Tab::kCorpus;
    state.focus = state.corpus.form ? Focus::kPassageText : Focus::kCorpusTable;
  } else if (id == "view.train") {
    state.tab = Tab::kTrain;
    state.focus = Focus::kNone;
  } else if (id == "view.log_scale") {
    preferences.logarithmic_bars = !preferences.logarithmic_bars;
  } else if (id == "view.theme") {
    preferences.theme =
        preferences.theme == ThemeKind::kDark ? ThemeKind::kLight : ThemeKind::kDark;
  } else if (id == "view.scale_up") {
    set_scale(state, preferences.scale * kScaleStep);
  } else if (id == "view.scale_down") {
    set_scale(state, preferences.scale / kScaleStep);
  } else if (id == "view.scale_reset") {
    set_scale(state, 1.0F);
  } else if (id == "view.reset_layout") {
    state.memory.panes = PaneLayout{};
    state.zoomed = Pane::kNone;
  } else if (id == "view.pieces") {
    preferences.shows_pieces = !preferences.shows_pieces;
  } else if (id == "view.zoom_pane") {
    state.zoomed = state.zoomed == Pane::kNone ? pane_in_use(state) : Pane::kNone;
  } else if (id == "view.fullscreen") {
    state.fullscreen = !state.fullscreen;
  } else if (id == "help.palette") {
    open_popup(state, Popup::kPalette);
  } else if (id == "help.shortcuts") {
    open_popup(state, Popup::kShortcuts);
  } else if (id == "help.about") {
    open_popup(state, Popup::kAbout);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void run_command(WorkbenchState& state, Effects& effects, std::string_view id) {
  if (!command_state(state, id).enabled) return;
  if (state.popup == Popup::kPalette && id != "help.palette") state.popup = Popup::kNone;
  if (run_ask_command(state, effects, id) || run_corpus_command(state, effects, id) ||
      run_train_command(state, effects, id) || run_view_command(state, id)) {
    return;
  }
  if (id == "edit.undo") {
    send(state, effects, UndoChange{});
  } else if (id == "edit.redo") {
    send(state, effects, RedoChange{});
  } else if (id == "index.build") {
    send(state, effects, BuildIndex{});
  } else if (id == "file.open_workspace") {
    if (!held_by_unsaved_edit(state, id))
      open_popup(state, Popup::kOpenWorkspace, state.memory.workspace);
  } else if (id == "file.new_workspace") {
    if (!held_by_unsaved_edit(state, id))
      open_popup(state, Popup::kNewWorkspace, (state.folders.home / "").string());
  } else if (id == "file.get_english") {
    open_setup(state, effects);
  } else if (id == "file.export_result") {
    open_popup(state, Popup::kExport, export_name(state));
  } else if (id == "file.quit") {
    if (!held_by_unsaved_edit(state, id)) want_quit(state);
  }
}

}  // namespace realm::view
