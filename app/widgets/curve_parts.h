// What a curve plot is drawn with: lines, the marks of its curves, the box of values beside the
// crosshair.
//
// GUI thread only. Used by curve_plot.cc alone.
#pragma once

#include <span>

#include "app/view/curve_geometry.h"
#include "app/widgets/ui.h"

namespace realm::widgets {

void draw_shape(ImDrawList* list, size_t index, view::CurvePoint center, float radius, ImU32 color);
void draw_shape_outline(ImDrawList* list, size_t index, view::CurvePoint center, float radius,
                        ImU32 color);
void draw_curve_line(ImDrawList* list, const view::CurveLine& line, ImU32 color, float width);

struct CurveValueBox {
  std::span<const view::ShownCurve> curves{};
  std::span<const view::CurveReading> readings{};  // at least one
  double x = 0;                                    // the crosshair's
  view::CurveXKind x_kind = view::CurveXKind::kSteps;
  float line_x = 0;  // pixels
  view::Box area{};  // of the curves
};
// Beside the crosshair, within the area where there is room.
void draw_value_box(Ui& ui, const CurveValueBox& values);

}  // namespace realm::widgets
