// The rules of saving a plot to a file: its popup stays until the file is written.
#include "app/view/curve_export.h"
#include "app/view/reducers.h"
#include "app/view/workbench.h"

namespace realm::view {

void forget_curves(WorkbenchState& state) {
  state.curves_to_save.reset();
  state.curves_saving = 0;
  state.curves_failure.clear();
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const SaveCurves& action) {
  forget_curves(state);
  state.curves_to_save = std::make_shared<const CurvePicture>(action.picture);
  state.popup = Popup::kSaveCurves;
  state.popup_text = action.file;
  state.popup_selected = 0;
}

void reduce(WorkbenchState& state, Effects& effects, const SaveCurvesTo& action) {
  const std::shared_ptr<const CurvePicture> picture = state.curves_to_save;
  const std::optional<CurveFile> kind = curve_file(action.file);
  if (!picture || !kind || state.curves_saving != 0) return;
  state.curves_failure.clear();
  if (*kind == CurveFile::kPng) {
    state.curves_saving = state.next_request++;
    effects.emplace_back(DrawCurves{state.curves_saving, action.file, picture});
  } else {
    state.curves_saving =
        send(state, effects, WriteCurves{.file = action.file, .picture = picture});
  }
}

bool take_saved_curves(WorkbenchState& state, const Outcome& outcome) {
  if (state.curves_saving == 0 || outcome.id != state.curves_saving) return false;
  state.curves_saving = 0;
  if (outcome.failure) {
    state.curves_failure = outcome.failure->sentence;
    return true;
  }
  forget_curves(state);
  state.popup = Popup::kNone;
  return false;
}

}  // namespace realm::view
