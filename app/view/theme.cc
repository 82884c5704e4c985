#include "app/view/theme.h"

#include <algorithm>
#include <cmath>

namespace realm::view {
namespace {

constexpr Theme kLight = {
    .kind = ThemeKind::kLight,
    .neutral = {rgb(0xFFFFFF), rgb(0xF6F7F9), rgb(0xEDEFF3), rgb(0xE0E4EA), rgb(0xC6CCD6),
                rgb(0x9AA2AE), rgb(0x626B79), rgb(0x353C48), rgb(0x12161D)},
    .accent = rgb(0x4B4FC4),
    .accent_hover = rgb(0x3A3EAB),
    .on_accent = rgb(0xFFFFFF),
    .realm = rgb(0x0072B2),
    .bert = rgb(0xE69F00),
    .null_document = rgb(0x8A8F98),
    .gold = rgb(0x009E73),
    .warning = rgb(0xD55E00),
    .edited = rgb(0xCC79A7),
    .selection = rgb(0xD9DBF7),
    .query_mark = rgb(0xE8ECF4),
    .answer_mark = rgb(0xC9EBDF),
    .hit_mark = rgb(0xFBE7B8),
    .removed_mark = rgb(0xFADFD0),
    .added_mark = rgb(0xF3DDEA),
};

constexpr Theme kDark = {
    .kind = ThemeKind::kDark,
    .neutral = {rgb(0x15181D), rgb(0x0F1115), rgb(0x1E2229), rgb(0x2A2F38), rgb(0x3D4450),
                rgb(0x68717F), rgb(0x9AA4B2), rgb(0xCBD2DB), rgb(0xF0F3F7)},
    .accent = rgb(0x9A9EFF),
    .accent_hover = rgb(0xB4B7FF),
    .on_accent = rgb(0x12141C),
    .realm = rgb(0x0072B2),
    .bert = rgb(0xE69F00),
    .null_document = rgb(0x8A8F98),
    .gold = rgb(0x009E73),
    .warning = rgb(0xD55E00),
    .edited = rgb(0xCC79A7),
    .selection = rgb(0x33376B),
    .query_mark = rgb(0x2B3240),
    .answer_mark = rgb(0x0E4A3A),
    .hit_mark = rgb(0x54420F),
    .removed_mark = rgb(0x52290F),
    .added_mark = rgb(0x4B2C41),
};

double luminance(Color color) {
  const auto linear = [](uint8_t channel) {
    const double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

}  // namespace

Color mix(Color a, Color b, double t) {
  const auto channel = [t](uint8_t from, uint8_t to) {
    return static_cast<uint8_t>(std::lround(from + (to - from) * std::clamp(t, 0.0, 1.0)));
  };
  return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b), channel(a.a, b.a)};
}

double contrast_ratio(Color a, Color b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

const Theme& theme_of(ThemeKind kind) { return kind == ThemeKind::kDark ? kDark : kLight; }

}  // namespace realm::view
