#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/view/number_format.h"
#include "app/view/reducers.h"
#include "app/view/utf8.h"
#include "engine/base/error.h"
#include "engine/base/regular_expression.h"

namespace realm::view {
namespace {

constexpr size_t kTitleCharacters = 48;

std::string quoted(const std::string& title) {
  return title.empty() ? "an untitled passage"
                       : fmt::format("\u201C{}\u201D", shorten(title, kTitleCharacters));
}

void open_form(CorpusState& corpus, const Document& document) {
  PassageForm form;
  form.id = document.id;
  form.title = form.title_before = document.title;
  form.text = TextEditor(TextFieldKind::kPlain, document.text);
  form.text_before = form.text.text();
  corpus.form = std::move(form);
  corpus.edit_when_loaded = false;
}

bool is_corpus_change(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kAdd:
    case OutcomeKind::kEdit:
    case OutcomeKind::kDelete:
    case OutcomeKind::kUndo:
    case OutcomeKind::kRedo:
    case OutcomeKind::kImport:
      return true;
    default:
      return false;
  }
}

// "the edit of “257 (number)”", as it stands after "before".
std::string change_name(const Outcome& outcome) {
  switch (outcome.kind) {
    case OutcomeKind::kAdd:
      return "adding " + quoted(outcome.title);
    case OutcomeKind::kEdit:
      return "the edit of " + quoted(outcome.title);
    case OutcomeKind::kDelete:
      return "deleting " + quoted(outcome.title);
    case OutcomeKind::kUndo:
      return "undoing the " + outcome.title;
    case OutcomeKind::kRedo:
      return "redoing the " + outcome.title;
    case OutcomeKind::kImport:
      return "importing " + outcome.title;
    case OutcomeKind::kBuildIndex:
    case OutcomeKind::kExport:
    case OutcomeKind::kExportCorpus:
    case OutcomeKind::kWriteCurves:
    case OutcomeKind::kUseModel:
    case OutcomeKind::kImportModel:
    case OutcomeKind::kMakeWorkspace:
    case OutcomeKind::kOpenWorkspace:
    case OutcomeKind::kWriteFile:
      break;
  }
  return {};
}

std::string done_sentence(const Outcome& outcome) {
  const std::string time = format_milliseconds(outcome.milliseconds);
  switch (outcome.kind) {
    case OutcomeKind::kAdd:
      return fmt::format("Added {} in {}. Ctrl+Z takes it back.", quoted(outcome.title), time);
    case OutcomeKind::kEdit:
      return fmt::format("Kept the edit of {} in {}. Ctrl+Z takes it back.", quoted(outcome.title),
                         time);
    case OutcomeKind::kDelete:
      return fmt::format("Deleted {}. Ctrl+Z brings it back.", quoted(outcome.title));
    case OutcomeKind::kUndo:
      return fmt::format("Undid the {}.", outcome.title);
    case OutcomeKind::kRedo:
      return fmt::format("Redid the {}.", outcome.title);
    case OutcomeKind::kBuildIndex:
      return fmt::format("The index follows the corpus again; it took {}.", time);
    case OutcomeKind::kExport:
      return outcome.file.empty() ? "The result is on the clipboard."
                                  : "Wrote " + outcome.file.string() + ".";
    case OutcomeKind::kImport: {
      if (outcome.already_done)
        return fmt::format("{} was imported before; nothing was added.", outcome.title);
      std::string text = fmt::format("Imported {} from {}.",
                                     format_counted(outcome.passages, "passage"), outcome.title);
      if (outcome.passages > 0) text += " Ctrl+Z takes them out again.";
      if (!outcome.text.empty()) text += fmt::format(" Left out: {}.", outcome.text);
      return text;
    }
    case OutcomeKind::kExportCorpus:
      return fmt::format("Wrote {} to {}.", format_counted(outcome.passages, "passage"),
                         outcome.file.string());
    case OutcomeKind::kWriteCurves:
      return "Wrote " + outcome.file.string() + ".";
    case OutcomeKind::kUseModel:       // take_used_model tells it,
    case OutcomeKind::kImportModel:    // take_imported_model
    case OutcomeKind::kMakeWorkspace:  // and this one is opened
    case OutcomeKind::kOpenWorkspace:  // the page says it
    case OutcomeKind::kWriteFile:
      break;
  }
  return {};
}

void close_saved_form(WorkbenchState& state, const Outcome& outcome) {
  CorpusState& corpus = state.corpus;
  if (!corpus.form || corpus.form->saving != outcome.id) return;
  corpus.form->saving = 0;
  if (outcome.failure) {
    corpus.form->failure = outcome.failure;
    return;
  }
  corpus.form.reset();
  state.focus = Focus::kCorpusTable;
  if (!outcome.touched.empty()) corpus.selected = outcome.touched.front();
}

}  // namespace

void load_page(WorkbenchState& state, Effects& effects) {
  if (!has_workspace(state)) return;
  state.corpus.pending_page = send(state, effects, LoadPage{page_query(state.corpus)});
}

void load_detail(WorkbenchState& state, Effects& effects) {
  if (state.corpus.selected == 0 || !has_workspace(state)) return;
  state.corpus.pending_detail = send(state, effects, LoadDocument{.id = state.corpus.selected});
}

bool held_by_unsaved_edit(WorkbenchState& state, std::string_view then) {
  if (!state.corpus.form || !state.corpus.form->is_changed()) return false;
  state.popup = Popup::kUnsavedEdit;
  state.unsaved_next = std::string(then);
  return true;
}

void start_edit(WorkbenchState& state, Effects& effects, DocumentId id) {
  if (state.read_only || id == 0) return;
  CorpusState& corpus = state.corpus;
  if (corpus.form && corpus.form->id == id) return;
  if (held_by_unsaved_edit(state, "")) return;
  corpus.form.reset();
  corpus.selected = id;
  focus_on(state, Focus::kPassageText);
  if (corpus.detail && corpus.detail->document_id == id && corpus.detail->document) {
    open_form(corpus, *corpus.detail->document);
    return;
  }
  corpus.edit_when_loaded = true;
  load_detail(state, effects);
}

void start_add(WorkbenchState& state) {
  if (state.read_only || held_by_unsaved_edit(state, "corpus.add")) return;
  state.corpus.form = PassageForm{};
  focus_on(state, Focus::kPassageTitle);
}

void keep_edit(WorkbenchState& state, Effects& effects) {
  CorpusState& corpus = state.corpus;
  if (!corpus.form || corpus.form->saving != 0) return;
  PassageForm& form = *corpus.form;
  if (form.text.text().find_first_not_of(" \n") == std::string::npos) {
    form.failure = Failure{ErrorCode::kInvalidArgument,
                           "A passage needs a text; to take it out, use Delete passage."};
    return;
  }
  if (!form.is_changed()) {
    corpus.form.reset();
    state.focus = Focus::kCorpusTable;
    return;
  }
  form.failure.reset();
  if (form.id == 0) {
    form.saving = send(state, effects, AddDocument{form.title, form.text.text(), "own"});
    return;
  }
  DocumentChange change;
  if (form.title != form.title_before) change.title = form.title;
  if (form.text.text() != form.text_before) change.text = form.text.text();
  form.saving = send(state, effects, EditDocument{form.id, std::move(change)});
}

void step_hit(WorkbenchState& state, Effects& effects, int by) {
  CorpusState& corpus = state.corpus;
  if (!corpus.page || corpus.page->page.rows.empty()) return;
  const auto& rows = corpus.page->page.rows;
  const int row = selected_row(corpus);
  const int last = static_cast<int>(rows.size()) - 1;
  const int next = row < 0 ? (by > 0 ? 0 : last) : std::clamp(row + by, 0, last);
  ++corpus.scroll_serial;
  reduce(state, effects, SelectRow{rows[static_cast<size_t>(next)].id});
}

void reduce(WorkbenchState& state, Effects& effects, const OpenInCorpus& action) {
  if (held_by_unsaved_edit(state, "")) return;
  state.tab = Tab::kCorpus;
  state.focus = Focus::kCorpusTable;
  state.corpus.form.reset();
  state.corpus.selected = action.id;
  ++state.corpus.scroll_serial;
  if (action.edit) {
    start_edit(state, effects, action.id);
    if (state.corpus.form) return;
  }
  load_detail(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const SetSearch& action) {
  CorpusState& corpus = state.corpus;
  if (action.text == corpus.search) return;
  const bool was_empty = corpus.search.empty();
  corpus.search = action.text;
  corpus.offset = 0;
  // Hits come best first; without a search the table goes back to its own order.
  if (was_empty && corpus.order == DocumentOrder::kById && !corpus.descending)
    corpus.order = DocumentOrder::kByRelevance;
  if (corpus.search.empty() && corpus.order == DocumentOrder::kByRelevance)
    corpus.order = DocumentOrder::kById;
  load_page(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const SetFilters& action) {
  CorpusState& corpus = state.corpus;
  if (action.filters == corpus.filters) return;
  const DocumentQuery before = page_query(corpus);
  corpus.filters = action.filters;
  try {
    if (!corpus.filters.expression.empty()) {
      const RegularExpression checked(corpus.filters.expression);
    }
    corpus.expression_problem.clear();
    corpus.expression_in_use = corpus.filters.expression;
  } catch (const Error& error) {
    corpus.expression_problem = error.what();
  }
  if (page_query(corpus) == before) return;  // it is not one yet: the table stays as it is
  corpus.offset = 0;
  load_page(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const ShowEverything& /*action*/) {
  reduce(state, effects, SetFilters{});
  reduce(state, effects, SetSearch{});
}

void reduce(WorkbenchState& state, Effects& effects, const SetOrder& action) {
  const TableOrder now{state.corpus.order, state.corpus.descending};
  if (action.order == now) return;
  state.corpus.order = action.order.order;
  state.corpus.descending = action.order.descending;
  state.corpus.offset = 0;
  load_page(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const GoToOffset& action) {
  state.corpus.offset = std::max<int64_t>(0, action.offset);
  load_page(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const SelectRow& action) {
  CorpusState& corpus = state.corpus;
  if (corpus.form && action.id != corpus.form->id) {
    if (held_by_unsaved_edit(state, "")) return;
    corpus.form.reset();
  }
  state.focus = Focus::kCorpusTable;
  if (corpus.selected == action.id && corpus.detail && corpus.detail->document_id == action.id)
    return;
  corpus.selected = action.id;
  corpus.edit_when_loaded = false;
  load_detail(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const StartEdit& action) {
  start_edit(state, effects, action.id);
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const ChangeForm& action) {
  if (!state.corpus.form) return;
  state.corpus.form->title = action.title;
  state.corpus.form->text = action.text;
  state.corpus.form->failure.reset();
  state.corpus.form->changed_at = state.now;
}

void take_corpus(WorkbenchState& state, Effects& effects, const EngineSnapshot& snapshot,
                 const EngineSnapshot* before) {
  CorpusState& corpus = state.corpus;
  const bool opened = snapshot.status &&
                      (before == nullptr || !before->status || before->folder != snapshot.folder);
  if (opened && !corpus.page) load_page(state, effects);
  if (snapshot.page && snapshot.page->id == corpus.pending_page && corpus.pending_page != 0) {
    corpus.pending_page = 0;
    corpus.page = snapshot.page;
    const int64_t total = corpus.page->page.total;
    if (corpus.offset > 0 && corpus.offset >= total) {  // rows went away below this page
      reduce(state, effects,
             GoToOffset{Pagination{.total = total, .limit = DocumentQuery{}.limit}.last_offset()});
    } else if (corpus.selected == 0 && !corpus.page->page.rows.empty()) {
      corpus.selected = corpus.page->page.rows.front().id;
      load_detail(state, effects);
    }
  }
  if (snapshot.forecast && corpus.pending_forecast != 0 &&
      snapshot.forecast->id == corpus.pending_forecast) {
    corpus.pending_forecast = 0;
    corpus.forecast = snapshot.forecast;
  }
  if (snapshot.document && snapshot.document->id == corpus.pending_detail &&
      corpus.pending_detail != 0) {
    corpus.pending_detail = 0;
    corpus.detail = snapshot.document;
    if (state.draft_to_open && state.draft_to_open->id == corpus.detail->document_id &&
        !corpus.form) {
      const std::optional<Document>& found = corpus.detail->document;
      open_draft(state, *state.draft_to_open, found ? &*found : nullptr);
    }
    if (corpus.edit_when_loaded && corpus.detail->document &&
        corpus.detail->document_id == corpus.selected) {
      open_form(corpus, *corpus.detail->document);
    }
  }
}

void take_outcomes(WorkbenchState& state, Effects& effects, const EngineSnapshot& snapshot) {
  if (!snapshot.outcomes) return;
  for (const Outcome& outcome : *snapshot.outcomes) {
    if (outcome.id <= state.last_outcome) continue;
    state.last_outcome = outcome.id;
    close_saved_form(state, outcome);
    if (outcome.kind == OutcomeKind::kUseModel) take_used_model(state, effects, outcome);
    const bool is_told = take_saved(state, outcome);
    if (outcome.kind == OutcomeKind::kImportModel) take_imported_model(state, effects, outcome);
    if (outcome.kind == OutcomeKind::kMakeWorkspace) take_made_workspace(state, effects, outcome);
    if (outcome.failure) {
      const bool is_on_page =
          outcome.kind == OutcomeKind::kOpenWorkspace && snapshot.phase == EnginePhase::kFailed;
      if (outcome.failure->code != ErrorCode::kCancelled && !is_told && !is_on_page) {
        show_toast(state, ToastKind::kError, outcome.failure->sentence);
      }
    } else {
      if (outcome.kind == OutcomeKind::kExport && outcome.file.empty())
        effects.emplace_back(SetClipboard{outcome.text});
      if (const std::string sentence = done_sentence(outcome); !sentence.empty()) {
        show_toast(state, ToastKind::kDone, sentence);
      }
    }
    // A change that failed half-way (kept, but not embedded) shows in the table and in the badge
    // all the same.
    if (is_corpus_change(outcome.kind)) {
      load_page(state, effects);
      const bool deleted = outcome.kind == OutcomeKind::kDelete && !outcome.failure;
      if (deleted && !outcome.touched.empty() && outcome.touched.front() == state.corpus.selected) {
        state.corpus.detail.reset();
        state.corpus.form.reset();
        state.corpus.selected = 0;
      }
      load_detail(state, effects);
      if (!outcome.failure && outcome.kind == OutcomeKind::kImport) {
        // Many passages at once: embedded with progress and Cancel, not by the next question.
        if (outcome.passages > 0 && engine_of(state).status && engine_of(state).status->model)
          send(state, effects, BuildIndex{});
      } else if (!outcome.failure) {
        // An import that came back is embedded as one that comes in.
        const auto& status = engine_of(state).status;
        const bool brings_many = outcome.passages > 1 && status && status->model &&
                                 status->index.stale_documents >= outcome.passages;
        if (brings_many) send(state, effects, BuildIndex{});
        state.ask.change_title = change_name(outcome);
        repeat_ask(state, effects);
      }
    } else if (outcome.kind == OutcomeKind::kBuildIndex && !outcome.failure) {
      load_page(state, effects);
      // A question that another model's index could not answer is asked now.
      if (state.ask.result || !state.ask.failure) {
        repeat_ask(state, effects);
      } else {
        run_ask(state, effects);
      }
    }
  }
}

}  // namespace realm::view
