// Curves that the tests of the plots begin with.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/view/curve_geometry.h"
#include "app/view/curve_series.h"

namespace realm::view {

inline std::shared_ptr<const CurveSeries> series(std::vector<double> x, std::vector<double> y,
                                                 std::string name = "loss") {
  CurveSeries made{.name = std::move(name), .x = std::move(x), .y = std::move(y)};
  return std::make_shared<const CurveSeries>(std::move(made));
}

inline ShownCurve shown(std::vector<double> x, std::vector<double> y, double smoothing = 0,
                        std::string name = "loss") {
  return {.curve = prepare_curve(series(std::move(x), std::move(y), std::move(name)), smoothing),
          .color = rgb(0x112233),
          .hidden = false};
}

}  // namespace realm::view
