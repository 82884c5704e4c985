// The colours of the window: one neutral ramp of nine steps for light and for dark, one accent for
// what can be clicked, and a fixed colour for each source of a number (Okabe and Ito's set, safe
// for colour-blind eyes).
//
// Plain constants without Dear ImGui, so that pictures can be written with the same colours.
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace realm::view {

struct Color {
  uint8_t r = 0, g = 0, b = 0, a = 255;
  friend constexpr bool operator==(const Color&, const Color&) = default;
};

constexpr Color rgb(uint32_t hex) {
  return {static_cast<uint8_t>(hex >> 16), static_cast<uint8_t>(hex >> 8),
          static_cast<uint8_t>(hex), 255};
}
constexpr Color with_alpha(Color color, uint8_t alpha) {
  return {color.r, color.g, color.b, alpha};
}

// Per channel from a (t = 0) to b (t = 1).
Color mix(Color a, Color b, double t);

// Contrast of two opaque colours, 1 to 21 (WCAG 2).
double contrast_ratio(Color a, Color b);

enum class ThemeKind { kLight, kDark };

struct Theme {
  ThemeKind kind = ThemeKind::kLight;
  std::array<Color, 9> neutral{};  // 0 is the ground of panes, 8 the text

  Color accent, accent_hover, on_accent;
  // Sources of numbers; each is also told by shape, position or word.
  Color realm, bert, null_document, gold, warning, edited;
  Color selection;  // ground of what is selected in text
  Color query_mark, answer_mark, hit_mark, removed_mark,
      added_mark;  // grounds of marks in passages

  Color pane() const { return neutral[0]; }
  Color window() const { return neutral[1]; }
  Color hover() const { return neutral[2]; }
  Color hairline() const { return neutral[3]; }
  Color control() const { return neutral[4]; }  // outlines of controls, empty tracks of bars
  Color faint() const {
    return neutral[5];
  }  // shapes and what is disabled; never text that must be read
  Color secondary() const {
    return neutral[6];
  }  // secondary text: 4.5:1 or better on panes and the window
  Color body() const { return neutral[7]; }
  Color text() const { return neutral[8]; }
};

const Theme& theme_of(ThemeKind kind);

}  // namespace realm::view
