// What is written in the form of Corpus while it is not kept: drafts that outlive the window, and
// the look for another passage with the same text.
#include <fmt/format.h>

#include <utility>

#include "app/view/reducers.h"

namespace realm::view {
namespace {

void tell_of_draft(WorkbenchState& state, const std::string& title) {
  show_toast(
      state, ToastKind::kDone,
      title.empty()
          ? std::string("An edit that was not kept is open again in Corpus.")
          : fmt::format("The edit of \u201C{}\u201D that was not kept is open again in Corpus.",
                        title));
}

}  // namespace

Draft draft_of(const WorkbenchState& state) {
  if (state.draft_to_open) return *state.draft_to_open;
  if (const auto& form = state.corpus.form; form && form->is_changed())
    return {.workspace = state.memory.workspace,
            .id = form->id,
            .title = form->title,
            .text = form->text.text()};
  // One of another workspace waits for it.
  return state.memory.draft.workspace == state.memory.workspace ? Draft{} : state.memory.draft;
}

void take_up_draft(WorkbenchState& state, Effects& effects) {
  const Draft& draft = state.memory.draft;
  const bool read_only = state.read_only || engine_of(state).status->read_only;
  if (draft.workspace.empty() || draft.workspace != state.memory.workspace || read_only ||
      state.corpus.form)
    return;
  if (draft.id != 0) {
    state.draft_to_open = draft;
    state.corpus.selected = draft.id;
    load_detail(state, effects);
    return;
  }
  open_draft(state, draft, nullptr);
}

void open_draft(WorkbenchState& state, Draft draft, const Document* document) {
  PassageForm form;
  if (document != nullptr) {
    form.id = document->id;
    form.title_before = document->title;
    form.text_before = TextEditor(TextFieldKind::kPlain, document->text).text();
  }  // else it is a new one, or its passage is gone: nothing of it may be lost
  form.title = draft.title;
  form.text = TextEditor(TextFieldKind::kPlain, draft.text);
  form.changed_at = state.now;
  state.draft_to_open.reset();
  if (!form.is_changed()) return;
  state.corpus.form = std::move(form);
  if (state.tab == Tab::kCorpus) focus_on(state, Focus::kPassageText);
  tell_of_draft(state, draft.title);
}

bool wants_comparison(const PassageForm& form) {
  return form.pending_duplicate == 0 && form.saving == 0 && form.is_changed() &&
         form.compared != form.text.text();
}

void look_for_duplicate(WorkbenchState& state, Effects& effects) {
  if (!state.corpus.form) return;
  PassageForm& form = *state.corpus.form;
  const EngineSnapshot& engine = engine_of(state);
  if (engine.duplicate && form.pending_duplicate != 0 &&
      engine.duplicate->id == form.pending_duplicate) {
    form.pending_duplicate = 0;
    form.duplicate = engine.duplicate->found;
  }
  if (!wants_comparison(form) || state.now - form.changed_at < kCompareAfter) return;
  form.compared = form.text.text();
  form.duplicate.reset();
  form.pending_duplicate =
      send(state, effects, FindDuplicate{.id = form.id, .text = form.compared});
}

}  // namespace realm::view
