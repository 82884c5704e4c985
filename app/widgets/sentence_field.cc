#include <algorithm>
#include <cmath>

#include "app/widgets/text.h"
#include "app/widgets/text_field.h"
#include "app/widgets/text_field_input.h"

namespace realm::widgets {
namespace {

constexpr float kPillPadding = 9;

view::TextLayout lay_out(Ui& ui, const view::TextEditor& editor, float width) {
  view::LayoutOptions options{
      .width = width, .line_height = sentence_line_height(ui), .pill_padding = ui.px(kPillPadding)};
  for (const view::HiddenPart& part : view::hidden_parts(editor.text())) {
    options.pills.push_back({part.outer, part.inner});
  }
  return view::layout_text(editor.text(), advance_of(ui.fonts.hero), options);
}

void draw_pill(Ui& ui, const view::TextLayout& layout, const view::HiddenPart& part,
               std::string_view text, float x, float y, bool hovered) {
  ImFont* font = ui.fonts.hero;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float gap = std::floor(layout.line_height * 0.08F);
  for (const view::Box& box : view::boxes_of(layout, part.outer)) {
    const ImVec2 from{x + box.x, y + box.y + gap}, to{x + box.right(), y + box.bottom() - gap};
    if (part.is_mask) {
      list->AddRect(from, to, u32(ui.theme->accent), ui.px(6), 0, std::max(1.0F, ui.scale * 1.5F));
    } else {
      list->AddRectFilled(from, to, u32(hovered ? ui.theme->accent_hover : ui.theme->accent),
                          ui.px(6));
    }
  }
  const view::CaretPlace place = view::caret_place(layout, part.inner.begin);
  draw_text(font, x + place.x, y + place.y + (layout.line_height - font->FontSize) / 2,
            part.is_mask ? ui.theme->accent : ui.theme->on_accent,
            text.substr(part.inner.begin, part.inner.end - part.inner.begin));
}

// Draws [begin, end) line by line, as wide as it stands.
void draw_run(Ui& ui, const view::TextLayout& layout, std::string_view text, view::TextRange range,
              float x, float y) {
  ImFont* font = ui.fonts.hero;
  for (const view::TextLine& line : layout.lines) {
    const size_t begin = std::max(line.begin, range.begin), end = std::min(line.end, range.end);
    if (begin >= end) continue;
    const view::CaretPlace place = view::caret_place(layout, begin);
    draw_text(font, x + place.x, y + place.y + (layout.line_height - font->FontSize) / 2,
              ui.theme->text(), text.substr(begin, end - begin));
  }
}

void draw_sentence(Ui& ui, const view::TextLayout& layout, const view::TextEditor& editor, float x,
                   float y, size_t hovered_offset) {
  const std::string_view text = editor.text();
  const std::vector<view::HiddenPart> parts = view::hidden_parts(text);
  size_t at = 0;
  for (const view::HiddenPart& part : parts) {
    draw_run(ui, layout, text, {at, part.outer.begin}, x, y);
    draw_pill(ui, layout, part, text, x, y, part.outer.contains(hovered_offset));
    at = part.outer.end;
  }
  draw_run(ui, layout, text, {at, text.size()}, x, y);
}

void draw_dots(Ui& ui, const view::TextLayout& layout, std::span<const view::TextRange> words,
               float x, float y) {
  const float size = std::max(1.0F, ui.px(2)), step = ui.px(5);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const view::TextRange& word : words) {
    for (const view::Box& part : view::boxes_of(layout, word)) {
      const float line = std::floor(y + part.bottom() - ui.px(4));
      for (float at = std::floor(x + part.x); at + size <= x + part.right(); at += step)
        list->AddRectFilled({at, line}, {at + size, line + size}, u32(ui.theme->accent));
    }
  }
}

// The word under the mouse, if a click would hide it.
std::optional<view::TextRange> hovered_word(const view::TextEditor& editor, size_t offset) {
  if (offset == std::string::npos) return std::nullopt;
  for (const view::HiddenPart& part : view::hidden_parts(editor.text())) {
    if (part.outer.contains(offset)) return std::nullopt;
  }
  const std::optional<view::TextRange> word = view::word_at(editor.text(), offset);
  return word && word->contains(offset) ? word : std::nullopt;
}

}  // namespace

float sentence_line_height(Ui& ui) { return std::round(ui.fonts.hero->FontSize * 1.6F); }

int sentence_lines(Ui& ui, const view::TextEditor& editor, float width) {
  return static_cast<int>(lay_out(ui, editor, width).lines.size());
}

std::optional<TextFieldChange> sentence_field(Ui& ui, const char* name, const view::Box& box,
                                              const view::TextEditor& editor,
                                              const TextFieldOptions& options) {
  TextFieldChange change{.editor = editor};
  bool changed = false;
  view::TextLayout layout = lay_out(ui, change.editor, box.width);
  const TextMouse mouse = handle_text_mouse(ui, name, box, box.x, box.y, change.editor, layout);
  const bool hovered = ImGui::IsItemHovered();
  change.took_focus = mouse.took_focus;
  changed = mouse.changed || mouse.took_focus;
  if (mouse.double_clicked && mouse.clicked_offset != std::string::npos) {
    // The first of the two clicks has hidden the word (or shown it): that is taken back, and the
    // word selected.
    changed = true;
    if (change.editor.toggle_hidden_at(mouse.clicked_offset) && change.editor.caret() > 0) {
      change.editor.select_word(change.editor.caret() - 1);
    }
    layout = lay_out(ui, change.editor, box.width);
  }
  if (mouse.clicked) {
    changed = true;
    const bool on_word = mouse.clicked_offset != std::string::npos && !options.read_only &&
                         change.editor.toggle_hidden_at(mouse.clicked_offset);
    change.hid_word = on_word;
    if (!on_word) {
      const ImVec2 position = ImGui::GetIO().MousePos;
      change.editor.move_to(view::offset_at(layout, position.x - box.x, position.y - box.y),
                            /*select=*/false);
    }
    layout = lay_out(ui, change.editor, box.width);
  }
  if (options.focused && !ui.popup_is_open && !ImGui::GetIO().WantTextInput) {
    if (handle_text_keys(ui, change.editor, layout, /*keeps_newlines=*/false, options.read_only)) {
      changed = true;
      layout = lay_out(ui, change.editor, box.width);
    }
  }

  const ImVec2 mouse_at = ImGui::GetIO().MousePos;
  const size_t under =
      hovered ? view::glyph_at(layout, mouse_at.x - box.x, mouse_at.y - box.y) : std::string::npos;
  if (const std::optional<view::TextRange> word = hovered_word(change.editor, under)) {
    for (const view::Box& part : view::boxes_of(layout, *word)) {
      ImGui::GetWindowDrawList()->AddRectFilled(
          {box.x + part.x - ui.px(3), box.y + part.y + ui.px(2)},
          {box.x + part.right() + ui.px(3), box.y + part.bottom() - ui.px(2)},
          u32(ui.theme->hover()), ui.px(5));
    }
  }
  if (under != std::string::npos) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (hovered && under == std::string::npos) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  draw_selection(ui, change.editor, layout, box.x, box.y);
  if (!changed) draw_dots(ui, layout, options.dotted, box.x, box.y);
  if (change.editor.text().empty() && !options.placeholder.empty()) {
    ImFont* font = ui.fonts.hero;
    draw_text(font, box.x, box.y + (layout.line_height - font->FontSize) / 2, ui.theme->secondary(),
              options.placeholder);
  }
  draw_sentence(ui, layout, change.editor, box.x, box.y, under);
  if (options.focused) draw_caret(ui, change.editor, layout, box.x, box.y);
  // Tests click words by where they stand.
  if (ui.widgets != nullptr) {
    for (const view::Glyph& glyph : layout.glyphs) {
      ui.note(std::string(name) + "@" + std::to_string(glyph.offset),
              {box.x + glyph.x, box.y + layout.line_height * static_cast<float>(glyph.line),
               glyph.advance, layout.line_height});
    }
  }
  if (!changed) return std::nullopt;
  return change;
}

}  // namespace realm::widgets
