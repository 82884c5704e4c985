// The rules of writing to a file that a popup asks for: a plot, a result, the passages. The popup
// stays until that is done, or with the reason why it could not be; so do those of path_reducer.cc.
#include "app/view/curve_export.h"
#include "app/view/reducers.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

bool is_of_saving(Popup popup) {
  return popup == Popup::kSaveCurves || popup == Popup::kExport || popup == Popup::kExportCorpus ||
         popup == Popup::kImportModel || popup == Popup::kNewWorkspace ||
         popup == Popup::kOpenWorkspace;
}

// One file at a time, and none without a name.
bool can_save(const WorkbenchState& state, const std::string& file) {
  return !file.empty() && state.popup_saving == 0;
}

}  // namespace

void begin_saving(WorkbenchState& state, RequestId id) {
  state.popup_failure.clear();
  state.popup_saving = id;
}

void forget_saving(WorkbenchState& state) {
  state.curves_to_save.reset();
  state.popup_saving = 0;
  state.popup_failure.clear();
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const SaveCurves& action) {
  forget_saving(state);
  state.curves_to_save = std::make_shared<const CurvePicture>(action.picture);
  state.popup = Popup::kSaveCurves;
  state.popup_text = action.file;
  state.popup_selected = 0;
}

void reduce(WorkbenchState& state, Effects& effects, const SaveCurvesTo& action) {
  const std::shared_ptr<const CurvePicture> picture = state.curves_to_save;
  const std::filesystem::path file = path_of(action.file, state.folders.home);
  const std::optional<CurveFile> kind = curve_file(file);
  if (!picture || !kind || !can_save(state, action.file)) return;
  if (*kind == CurveFile::kPng) {
    begin_saving(state, state.next_request++);
    effects.emplace_back(DrawCurves{state.popup_saving, file, picture});
  } else {
    begin_saving(state, send(state, effects, WriteCurves{.file = file, .picture = picture}));
  }
}

void reduce(WorkbenchState& state, Effects& effects, const ExportTo& action) {
  if (!state.ask.result || !can_save(state, action.file)) return;
  begin_saving(state, send(state, effects,
                           ExportResult{.result = state.ask.result,
                                        .file = path_of(action.file, state.folders.home)}));
}

void reduce(WorkbenchState& state, Effects& effects, const ExportCorpusTo& action) {
  if (!can_save(state, action.file)) return;
  begin_saving(
      state, send(state, effects, ExportCorpus{.file = path_of(action.file, state.folders.home)}));
}

bool take_saved(WorkbenchState& state, const Outcome& outcome) {
  // Another popup may have taken the place of the one that waited.
  if (state.popup_saving == 0 || outcome.id != state.popup_saving || !is_of_saving(state.popup))
    return false;
  state.popup_saving = 0;
  if (outcome.failure) {
    state.popup_failure = outcome.failure->sentence;
    return true;
  }
  forget_saving(state);
  state.popup = Popup::kNone;
  return false;
}

}  // namespace realm::view
