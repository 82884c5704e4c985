// The window's fonts: Inter where it is installed, else DejaVu Sans; DejaVu Sans Mono for ids and
// exact numbers. Read with FreeType, with figures of one width, so that digits line up, and DejaVu
// Sans behind Inter for signs that it lacks.
//
// GUI thread only; building an atlas reads font files (some 50 ms at start and on a change of
// scale).
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "app/widgets/ui.h"

namespace realm::platform {

struct FontFiles {
  // Empty: not installed.
  std::filesystem::path text, strong, mono, fallback;
};

// The first of each that exists under `folders` (searched for known file names, not walked).
FontFiles find_fonts(const std::vector<std::filesystem::path>& folders);
std::vector<std::filesystem::path> system_font_folders();

// Clears the current context's atlas and fills it for a scale (1 = one design pixel is one pixel).
// Without any font file Dear ImGui's own bitmap font stands in, so that the window always opens.
// `max_texture`: the graphics card's limit.
widgets::Fonts build_fonts(const FontFiles& files, float scale, int max_texture = 8192);

}  // namespace realm::platform
