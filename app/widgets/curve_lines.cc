#include "app/widgets/curve_lines.h"

namespace realm::widgets {

void CurveLines::begin_frame() {
  std::erase_if(kept_, [](const auto& item) { return !item.second.used; });
  for (auto& [values, kept] : kept_) kept.used = false;
}

const view::CurveLine& CurveLines::line(const std::shared_ptr<const view::PreparedCurve>& curve,
                                        const view::CurvePyramid& values,
                                        const view::PlotScales& scales) {
  Kept& kept = kept_[&values];
  if (kept.curve != curve || kept.scales != scales) {
    kept.line = view::curve_line(curve->series->x, values, scales);
    kept.curve = curve;
    kept.scales = scales;
  }
  kept.used = true;
  return kept.line;
}

}  // namespace realm::widgets
