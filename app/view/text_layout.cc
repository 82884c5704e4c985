#include "app/view/text_layout.h"

#include <algorithm>
#include <string>

#include "app/view/utf8.h"

namespace realm::view {
namespace {

// What may not be broken: a word with the punctuation glued to it, or a run of spaces, or a
// newline.
struct Unit {
  size_t first_glyph = 0, last_glyph = 0;  // half-open
  float width = 0;
  bool is_space = false, is_newline = false;
};

const Pill* pill_around(const std::vector<Pill>& pills, size_t at) {
  for (const Pill& pill : pills) {
    if (pill.outer.contains(at)) return &pill;
  }
  return nullptr;
}

std::vector<Glyph> measure(std::string_view text, const Advance& advance,
                           const LayoutOptions& options) {
  std::vector<Glyph> glyphs;
  glyphs.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    Glyph glyph{.offset = at, .advance = c.value == U'\n' ? 0.0F : advance(c.value)};
    if (const Pill* pill = pill_around(options.pills, at)) {
      if (!pill->inner.contains(at)) {
        const bool at_edge = at == pill->outer.begin || at + c.length == pill->outer.end;
        glyph.advance = at_edge ? options.pill_padding : 0.0F;
      }
    }
    glyphs.push_back(glyph);
    at += c.length;
  }
  return glyphs;
}

std::vector<Unit> split_units(std::string_view text, const std::vector<Glyph>& glyphs,
                              const std::vector<Pill>& pills) {
  std::vector<Unit> units;
  for (size_t i = 0; i < glyphs.size(); ++i) {
    const char32_t c = code_point_at(text, glyphs[i].offset).value;
    const bool in_pill = pill_around(pills, glyphs[i].offset) != nullptr;
    const bool newline = c == U'\n' && !in_pill;
    const bool space = !newline && !in_pill && is_space(c);
    const bool joins =
        !units.empty() && !newline && !units.back().is_newline && units.back().is_space == space;
    if (!joins)
      units.push_back(
          {.first_glyph = i, .last_glyph = i, .is_space = space, .is_newline = newline});
    units.back().last_glyph = i + 1;
    units.back().width += glyphs[i].advance;
  }
  return units;
}

}  // namespace

TextLayout layout_text(std::string_view text, const Advance& advance,
                       const LayoutOptions& options) {
  TextLayout layout;
  layout.line_height = options.line_height;
  layout.text_size = text.size();
  layout.glyphs = measure(text, advance, options);
  layout.lines.push_back({});

  float x = 0;
  const auto break_line = [&](size_t at) {
    layout.lines.back().end = at;
    layout.lines.push_back({.begin = at, .end = at});
    x = 0;
  };
  const auto place = [&](Glyph& glyph) {
    glyph.x = x;
    glyph.line = static_cast<int>(layout.lines.size()) - 1;
    x += glyph.advance;
  };
  for (const Unit& unit : split_units(text, layout.glyphs, options.pills)) {
    if (unit.is_newline) {
      Glyph& glyph = layout.glyphs[unit.first_glyph];
      place(glyph);
      break_line(glyph.offset + 1);
      continue;
    }
    const bool wraps = options.width > 0 && !unit.is_space;
    if (wraps && x > 0 && x + unit.width > options.width)
      break_line(layout.glyphs[unit.first_glyph].offset);
    for (size_t i = unit.first_glyph; i < unit.last_glyph; ++i) {
      Glyph& glyph = layout.glyphs[i];
      // A word longer than the line is broken where it must.
      if (wraps && x > 0 && x + glyph.advance > options.width && unit.width > options.width) {
        break_line(glyph.offset);
      }
      place(glyph);
    }
    if (!unit.is_space) layout.lines.back().width = x;
  }
  layout.lines.back().end = text.size();
  layout.end_x = x;
  return layout;
}

CaretPlace caret_place(const TextLayout& layout, size_t offset) {
  const auto found =
      std::lower_bound(layout.glyphs.begin(), layout.glyphs.end(), offset,
                       [](const Glyph& glyph, size_t at) { return glyph.offset < at; });
  CaretPlace place;
  if (found == layout.glyphs.end()) {
    place.line = static_cast<int>(layout.lines.size()) - 1;
    place.x = layout.end_x;
  } else {
    place.line = found->line;
    place.x = found->x;
  }
  place.y = layout.line_height * static_cast<float>(place.line);
  return place;
}

size_t offset_at(const TextLayout& layout, float x, float y) {
  if (y < 0) return 0;
  const auto line_index = static_cast<size_t>(y / std::max(1.0F, layout.line_height));
  if (line_index >= layout.lines.size()) return layout.text_size;
  const TextLine& line = layout.lines[line_index];
  size_t best = line.end;
  for (const Glyph& glyph : layout.glyphs) {
    if (glyph.line != static_cast<int>(line_index)) continue;
    if (x < glyph.x + glyph.advance / 2) return glyph.offset;
    best = glyph.offset;  // the line's last stop is before its closing space, unless it is the
                          // text's last
  }
  const bool is_last = line_index + 1 == layout.lines.size();
  if (is_last || line.begin == line.end) return line.end;
  return best;
}

size_t glyph_at(const TextLayout& layout, float x, float y) {
  for (const Glyph& glyph : layout.glyphs) {
    const float top = layout.line_height * static_cast<float>(glyph.line);
    if (y >= top && y < top + layout.line_height && x >= glyph.x && x < glyph.x + glyph.advance) {
      return glyph.offset;
    }
  }
  return std::string::npos;
}

std::vector<Box> boxes_of(const TextLayout& layout, TextRange range) {
  std::vector<Box> boxes;
  int line = -1;
  for (const Glyph& glyph : layout.glyphs) {
    if (!range.contains(glyph.offset)) continue;
    if (glyph.line != line) {
      line = glyph.line;
      boxes.push_back({.x = glyph.x,
                       .y = layout.line_height * static_cast<float>(line),
                       .width = 0,
                       .height = layout.line_height});
    }
    boxes.back().width = glyph.x + glyph.advance - boxes.back().x;
  }
  return boxes;
}

}  // namespace realm::view
