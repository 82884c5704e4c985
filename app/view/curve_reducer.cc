// The rules of saving a plot to a file.
#include <utility>

#include "app/view/curve_export.h"
#include "app/view/reducers.h"
#include "app/view/workbench.h"

namespace realm::view {

void reduce(WorkbenchState& state, Effects& /*effects*/, const SaveCurves& action) {
  state.curves_to_save = std::make_shared<const CurvePicture>(action.picture);
  state.popup = Popup::kSaveCurves;
  state.popup_text = action.file;
  state.popup_selected = 0;
}

void reduce(WorkbenchState& state, Effects& effects, const SaveCurvesTo& action) {
  const std::shared_ptr<const CurvePicture> picture = std::exchange(state.curves_to_save, nullptr);
  state.popup = Popup::kNone;
  const std::optional<CurveFile> kind = curve_file(action.file);
  if (!picture || !kind) return;
  if (*kind == CurveFile::kPng) {
    effects.emplace_back(DrawCurves{state.next_request++, action.file, picture});
  } else {
    send(state, effects, WriteCurves{.file = action.file, .picture = picture});
  }
}

}  // namespace realm::view
