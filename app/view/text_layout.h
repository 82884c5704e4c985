// Layout of wrapped text: where each character stands, so that drawing, clicking, selecting and
// marking agree. Serves the sentence, the passage reading pane and the passage form.
//
// Pure geometry in pixels, origin at the top left of the text; the font is given as a function of
// advances (there is no kerning in the window's fonts, so the width of a run is the sum of its
// advances). Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "app/view/sentence.h"

namespace realm::view {

using Advance = std::function<float(char32_t)>;

struct Box {
  float x = 0, y = 0, width = 0, height = 0;
  float right() const { return x + width; }
  float bottom() const { return y + height; }
  bool contains(float px, float py) const {
    return px >= x && px < right() && py >= y && py < bottom();
  }
};

// A part of the text drawn as one pill: never broken over lines, its outer bytes without width but
// for the padding.
struct Pill {
  TextRange outer{}, inner{};
};

struct LayoutOptions {
  float width = 0;  // wraps here; <= 0: never
  float line_height = 0;
  float pill_padding = 0;  // on each side of a pill's inner text
  std::vector<Pill> pills{};
};

struct Glyph {
  size_t offset = 0;  // byte of its code point
  float x = 0, advance = 0;
  int line = 0;
};

struct TextLine {
  size_t begin = 0, end = 0;  // bytes; the space or newline that ends a line belongs to it
  float width = 0;            // without spaces at the end
};

struct TextLayout {
  std::vector<Glyph> glyphs{};    // in text order
  std::vector<TextLine> lines{};  // at least one
  float line_height = 0;
  size_t text_size = 0;
  float end_x = 0;  // after the last glyph

  float height() const { return line_height * static_cast<float>(lines.size()); }
};

TextLayout layout_text(std::string_view text, const Advance& advance, const LayoutOptions& options);

struct CaretPlace {
  float x = 0, y = 0;
  int line = 0;
};

CaretPlace caret_place(const TextLayout& layout, size_t offset);

// The caret stop nearest to a point; above the first line the first, below the last the last.
size_t offset_at(const TextLayout& layout, float x, float y);

// The byte whose glyph is under the point; npos: none is.
size_t glyph_at(const TextLayout& layout, float x, float y);

// One box a line for the range.
std::vector<Box> boxes_of(const TextLayout& layout, TextRange range);

}  // namespace realm::view
