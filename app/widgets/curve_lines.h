// CurveLines: the lines of plots from one frame to the next, made anew where the curve or the
// scales have changed. While only the mouse moves, a curve of a million samples costs no more than
// its points on screen.
//
// GUI thread only.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "app/view/curve_geometry.h"
#include "app/view/curve_series.h"

namespace realm::widgets {

class CurveLines {
 public:
  // To be called once a frame, first: forgets what the last frame had no use for.
  void begin_frame();
  // Of the samples as they are, or of those that stand for the series (PreparedCurve::line). Stays
  // until the next call for the same.
  const view::CurveLine& raw(const std::shared_ptr<const view::PreparedCurve>& curve,
                             const view::PlotScales& scales) {
    return line(curve, curve->raw, scales);
  }
  const view::CurveLine& main(const std::shared_ptr<const view::PreparedCurve>& curve,
                              const view::PlotScales& scales) {
    return line(curve, curve->line(), scales);
  }

 private:
  struct Kept {
    std::shared_ptr<const view::PreparedCurve> curve{};  // keeps the key's address its own
    view::PlotScales scales{};
    view::CurveLine line{};
    bool used = false;
  };
  const view::CurveLine& line(const std::shared_ptr<const view::PreparedCurve>& curve,
                              const view::CurvePyramid& values, const view::PlotScales& scales);

  std::map<const view::CurvePyramid*, Kept> kept_;
};

}  // namespace realm::widgets
