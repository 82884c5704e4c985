// What Dear ImGui would draw, as pixels, without a graphics card: its triangles filled one after
// the other. Edges are as smooth as its own fringes make them.
//
// GUI thread only: reads the current context's draw data. 1600 x 880 pixels of plot take some 10
// ms.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

struct ImDrawData;
struct ImFontAtlas;

namespace realm::platform {

// Gives width * height * 4 bytes of the display, the top row first, on an opaque ground. All of the
// data must be drawn with the one texture of `atlas`, which must be built.
std::vector<uint8_t> rasterize(const ImDrawData& data, ImFontAtlas& atlas,
                               const std::array<uint8_t, 4>& ground);

}  // namespace realm::platform
