#include <array>
#include <string>

#include "app/commands/command_table.h"
#include "app/view/number_format.h"
#include "app/view/reducers.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

CommandState disabled(std::string reason) {
  return {.enabled = false, .reason = std::move(reason)};
}

CommandState ask_command_state(const WorkbenchState& state, std::string_view id) {
  const AskState& ask = state.ask;
  if (id == "ask.cancel" || id == "ask.run") return {};
  if (id == "ask.previous_query" && !ask.history.can_go_back())
    return disabled("There is no earlier question.");
  if (id == "ask.next_query" && !ask.history.can_go_forward())
    return disabled("There is no later question.");
  if (id == "ask.suggest_word" && !hide_next_salient(ask))
    return disabled("The sentence has no name, date or number to hide.");
  if (id == "ask.examples" && (!engine_of(state).examples || engine_of(state).examples->empty())) {
    return disabled("This workspace has no examples.json.");
  }
  const bool needs_result = id == "ask.pin_result" || id == "ask.copy_result" ||
                            id == "file.export_result" || id == "ask.pin_document" ||
                            id == "ask.exclude_document";
  if (needs_result && !ask.result) return disabled("There is no result yet.");
  if (id == "ask.watch_query") {
    if (!ask.result) return disabled("There is no result yet.");
    if (is_read_only(state)) return disabled("This workspace is open for reading only.");
    if (hidden_words(ask.result->query.text).empty())
      return disabled("A watched query names its answer: hide a word instead of writing [MASK].");
    return {};
  }
  if (id == "ask.pin_result") return {.checked = ask.reference && ask.reference->is_pinned};
  if (id == "ask.pin_document" || id == "ask.exclude_document") {
    const AskedDocument* document =
        ask.has_reading ? find_document(*ask.result, ask.reading, ask.reading == kNullDocumentId)
                        : nullptr;
    if (document == nullptr || document->is_null) return disabled("Choose a passage first.");
    if (id == "ask.pin_document") return {.checked = document->is_pinned};
  }
  return {};
}

CommandState edit_command_state(const WorkbenchState& state, std::string_view id) {
  const EngineSnapshot& engine = engine_of(state);
  if (!engine.status) return disabled("No workspace is open.");
  if (state.read_only || engine.status->read_only)
    return disabled("This workspace is open for reading only.");
  if (id == "edit.undo") {
    if (!engine.status->can_undo) return disabled("There is no edit to undo.");
    return {.title = "Undo " + engine.status->undo_title};
  }
  if (id == "edit.redo") {
    if (!engine.status->can_redo) return disabled("There is no undone edit.");
    return {.title = "Redo " + engine.status->redo_title};
  }
  if (id == "corpus.edit" || id == "corpus.delete") {
    if (state.corpus.selected == 0) return disabled("Choose a passage first.");
  }
  if (id == "corpus.keep" || id == "corpus.leave") {
    if (!is_editing(state)) return disabled("No passage is being edited.");
  }
  if (id == "index.build" && !engine.status->model)
    return disabled("There is no model to embed passages with.");
  return {};
}

bool is_letter(std::string_view key, std::string_view letters) {
  return key.size() == 1 && letters.find(key[0]) != std::string_view::npos;
}

// One printable character, in UTF-8; named keys have several ASCII letters.
bool is_printable(std::string_view key) {
  return key.size() == 1 || (!key.empty() && static_cast<unsigned char>(key[0]) >= 0x80);
}

// Keys that a text field has use for.
bool belongs_to_text(const KeyPress& key) {
  constexpr std::array<std::string_view, 8> kMoving = {"Left", "Right", "Up",        "Down",
                                                       "Home", "End",   "Backspace", "Delete"};
  for (const std::string_view name : kMoving) {
    if (key.key == name) return !key.alt;
  }
  if (key.alt) return false;
  if (!key.ctrl) return key.key == "Space" || is_printable(key.key);
  if (key.shift) return is_letter(key.key, "Z");
  return is_letter(key.key, "ACXVZY");
}

bool scope_holds(const WorkbenchState& state, CommandScope scope) {
  switch (scope) {
    case CommandScope::kAnywhere:
      return true;
    case CommandScope::kAskWorkspace:
      return state.tab == Tab::kAsk;
    case CommandScope::kTrainWorkspace:
      return state.tab == Tab::kTrain;
    case CommandScope::kCorpusTable:
      return state.tab == Tab::kCorpus && !is_editing(state);
    case CommandScope::kCorpusEditing:
      return state.tab == Tab::kCorpus && is_editing(state);
  }
  return false;
}

bool matches(std::string_view chord_text, const KeyPress& key) {
  const std::optional<Chord> chord = parse_chord(chord_text);
  if (!chord || chord->ctrl != key.ctrl || chord->alt != key.alt) return false;
  if (chord->key != key.key) return false;
  // On many layouts a symbol needs Shift (Ctrl+= is Ctrl+Shift+0 there): Shift counts only for
  // letters and named keys.
  const bool is_symbol =
      chord->key.size() == 1 && !is_letter(chord->key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return is_symbol || chord->key == "Plus" || chord->shift == key.shift;
}

}  // namespace

CommandState command_state(const WorkbenchState& state, std::string_view id) {
  const CommandInfo* command = find_command(id);
  if (command == nullptr || !command->in_window) return disabled("There is no such command.");
  if (id == "view.theme") return {.checked = state.preferences.theme == ThemeKind::kDark};
  if (id == "view.log_scale") return {.checked = state.preferences.logarithmic_bars};
  if (id == "view.fullscreen") return {.checked = state.fullscreen};
  if (id == "view.ask") return {.checked = state.tab == Tab::kAsk};
  if (id == "view.corpus") return {.checked = state.tab == Tab::kCorpus};
  if (id == "view.train") return {.checked = state.tab == Tab::kTrain};
  if (id.starts_with("train.")) return train_command_state(state, id);
  if (auto model = model_command_state(state, id)) return *std::move(model);
  if (id == "file.get_english") return setup_command_state(state);
  if (id == "view.pieces") return {.checked = state.preferences.shows_pieces};
  if (id == "view.zoom_pane") return {.checked = state.zoomed != Pane::kNone};
  if (id == "ask.exact_sum") return {.checked = state.ask.exact_sum};
  if (id == "corpus.log") return {.checked = state.corpus.shows_revisions};
  if (id == "corpus.filters" && has_workspace(state))
    return {.checked = state.corpus.shows_filters};
  if (id == "corpus.search" || id == "corpus.filters" || id == "corpus.export" ||
      id == "corpus.search_next" || id == "corpus.search_previous") {
    return has_workspace(state) ? CommandState{} : disabled("No workspace is open.");
  }
  const bool edits =
      id.starts_with("corpus.") || id.starts_with("edit.") || id.starts_with("index.");
  if (edits) return edit_command_state(state, id);
  return ask_command_state(state, id);
}

std::string_view command_for_key(const WorkbenchState& state, const KeyPress& key,
                                 bool imgui_field_is_active) {
  const bool own_field =
      state.popup == Popup::kNone &&
      ((state.tab == Tab::kAsk && state.focus == Focus::kSentence) ||
       (state.tab == Tab::kCorpus && state.focus == Focus::kPassageText && is_editing(state)) ||
       (state.tab == Tab::kTrain && state.focus == Focus::kRunNote));
  if ((own_field || imgui_field_is_active) && belongs_to_text(key)) return {};
  const bool plain_enter = key.key == "Enter" && !key.ctrl && !key.alt;
  if (plain_enter && (imgui_field_is_active || state.focus == Focus::kPassageText ||
                      state.focus == Focus::kRunNote))
    return {};
  for (const CommandInfo& command : command_table()) {
    if (!command.in_window) continue;
    if (!matches(command.chord, key) && !matches(command.other_chord, key)) continue;
    if (!scope_holds(state, command.scope)) continue;
    // A popup takes the keyboard, but for leaving, looks and other popups.
    if (state.popup != Popup::kNone && command.group != CommandGroup::kView &&
        command.group != CommandGroup::kHelp && command.id != "file.quit") {
      continue;
    }
    return command.id;
  }
  return {};
}

}  // namespace realm::view
