// A plot as a picture of its own, drawn by the same widget as on screen, in a Dear ImGui context
// that has no window: it works without a display and leaves the window's context alone.
//
// GUI thread only; building the fonts takes most of a third of a second.
#pragma once

#include <cstdint>
#include <vector>

#include "app/platform/fonts.h"
#include "app/view/curve_export.h"
#include "app/view/text_layout.h"

namespace realm::platform {

struct ChartPicture {
  int width = 0, height = 0;    // pixels
  std::vector<uint8_t> rgba{};  // the top row first
  view::Box area{};             // pixels, of the curves within their axes
};

// `fineness`: pixels a design pixel, so that 2 gives a picture twice as wide as picture.width, with
// text and lines twice as large.
ChartPicture draw_chart(const view::CurvePicture& picture, float fineness, const FontFiles& fonts);

}  // namespace realm::platform
