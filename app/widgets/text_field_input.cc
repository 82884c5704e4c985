#include "app/widgets/text_field_input.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/view/utf8.h"

namespace realm::widgets {
namespace {

constexpr float kDragDistance = 4;

void copy_selection(const view::TextEditor& editor) {
  const std::string text = editor.selected_text();
  if (!text.empty()) ImGui::SetClipboardText(text.c_str());
}

bool move_by_line(view::TextEditor& editor, const view::TextLayout& layout, int by, bool select) {
  const view::CaretPlace place = view::caret_place(layout, editor.caret());
  const float y = place.y + layout.line_height * (0.5F + static_cast<float>(by));
  editor.move_to(view::offset_at(layout, place.x + 1, y), select);
  return true;
}

bool move_in_line(view::TextEditor& editor, const view::TextLayout& layout, bool to_end,
                  bool select) {
  const view::CaretPlace place = view::caret_place(layout, editor.caret());
  editor.move_to(view::offset_at(layout, to_end ? 1e9F : -1.0F, place.y + layout.line_height / 2),
                 select);
  return true;
}

bool move(view::TextEditor& editor, view::Motion motion, bool select) {
  editor.move(motion, select);
  return true;
}

bool handle_motion(Ui& ui, view::TextEditor& editor, const view::TextLayout& layout) {
  bool moved = false;
  for (const bool shift : {false, true}) {
    while (ui.take_key("Left", false, shift)) moved = move(editor, view::Motion::kLeft, shift);
    while (ui.take_key("Right", false, shift)) moved = move(editor, view::Motion::kRight, shift);
    while (ui.take_key("Left", true, shift)) moved = move(editor, view::Motion::kWordLeft, shift);
    while (ui.take_key("Right", true, shift)) moved = move(editor, view::Motion::kWordRight, shift);
    while (ui.take_key("Up", false, shift)) moved = move_by_line(editor, layout, -1, shift);
    while (ui.take_key("Down", false, shift)) moved = move_by_line(editor, layout, 1, shift);
    while (ui.take_key("Home", false, shift)) moved = move_in_line(editor, layout, false, shift);
    while (ui.take_key("End", false, shift)) moved = move_in_line(editor, layout, true, shift);
    while (ui.take_key("Home", true, shift)) moved = move(editor, view::Motion::kTextBegin, shift);
    while (ui.take_key("End", true, shift)) moved = move(editor, view::Motion::kTextEnd, shift);
  }
  if (ui.take_key("A", true)) {
    editor.select_all();
    moved = true;
  }
  if (ui.take_key("C", true)) copy_selection(editor);
  return moved;
}

}  // namespace

std::string typed_characters() {
  std::string typed;
  ImGuiIO& io = ImGui::GetIO();
  for (const ImWchar c : io.InputQueueCharacters) {
    char utf8[5] = {};
    const auto value = static_cast<unsigned int>(c);
    if (value < 0x20 || value == 0x7F) continue;
    if (value < 0x80) {
      utf8[0] = static_cast<char>(value);
    } else if (value < 0x800) {
      utf8[0] = static_cast<char>(0xC0 | (value >> 6));
      utf8[1] = static_cast<char>(0x80 | (value & 0x3F));
    } else {
      utf8[0] = static_cast<char>(0xE0 | (value >> 12));
      utf8[1] = static_cast<char>(0x80 | ((value >> 6) & 0x3F));
      utf8[2] = static_cast<char>(0x80 | (value & 0x3F));
    }
    typed += utf8;
  }
  return typed;
}

bool handle_text_keys(Ui& ui, view::TextEditor& editor, const view::TextLayout& layout,
                      bool keeps_newlines, bool read_only) {
  bool changed = handle_motion(ui, editor, layout);
  if (read_only) return changed;
  const auto did = [&changed] { changed = true; };
  for (const bool ctrl : {false, true}) {
    while (ui.take_key("Backspace", ctrl)) editor.erase_backward(ctrl), did();
    while (ui.take_key("Delete", ctrl)) editor.erase_forward(ctrl), did();
  }
  while (keeps_newlines && ui.take_key("Enter")) editor.insert("\n"), did();
  if (ui.take_key("X", true)) {
    copy_selection(editor);
    editor.erase_selection();
    did();
  }
  if (ui.take_key("V", true)) {
    if (const char* clipboard = ImGui::GetClipboardText()) editor.insert(clipboard), did();
  }
  while (ui.take_key("Z", true)) editor.undo(), did();
  while (ui.take_key("Z", true, true) || ui.take_key("Y", true)) editor.redo(), did();
  if (const std::string typed = typed_characters(); !typed.empty()) {
    // One by one, so that undo groups what is typed into words even when several characters come in
    // one frame.
    for (size_t at = 0; at < typed.size();) {
      const size_t next = view::next_stop(typed, at);
      editor.insert(std::string_view(typed).substr(at, next - at));
      at = next;
    }
    did();
  }
  return changed;
}

TextMouse handle_text_mouse(Ui& ui, const char* name, const view::Box& area, float x, float y,
                            view::TextEditor& editor, const view::TextLayout& layout) {
  TextMouse result;
  const HitResult item = hit(ui, name, area);
  FieldMouse& mouse = ui.field_mice[name];
  const ImGuiIO& io = ImGui::GetIO();
  const float mx = io.MousePos.x - x, my = io.MousePos.y - y;
  if (ImGui::IsItemActivated()) {
    result.took_focus = true;
    const size_t on = view::glyph_at(layout, mx, my);
    mouse = {.pressed = true, .press_offset = on, .press_x = mx, .press_y = my};
    if (io.MouseClickedCount[0] >= 2) {
      mouse.pressed = false;
      result.double_clicked = true;
      result.clicked_offset = on;
    } else if (io.KeyShift) {
      mouse.pressed = false;
      editor.move_to(view::offset_at(layout, mx, my), /*select=*/true);
      result.changed = true;
    }
  }
  if (mouse.pressed && item.held) {
    const bool far = std::abs(mx - mouse.press_x) > ui.px(kDragDistance) ||
                     std::abs(my - mouse.press_y) > ui.px(kDragDistance);
    if (far && !mouse.dragged) {
      mouse.dragged = true;
      editor.move_to(view::offset_at(layout, mouse.press_x, mouse.press_y), /*select=*/false);
    }
    if (mouse.dragged) {
      editor.move_to(view::offset_at(layout, mx, my), /*select=*/true);
      result.changed = true;
    }
  }
  if (mouse.pressed && ImGui::IsItemDeactivated()) {
    if (!mouse.dragged) {
      result.clicked = true;
      result.clicked_offset = mouse.press_offset;
    }
    mouse = {};
  }
  return result;
}

void draw_selection(Ui& ui, const view::TextEditor& editor, const view::TextLayout& layout, float x,
                    float y) {
  if (editor.selection().empty()) return;
  for (const view::Box& box : view::boxes_of(layout, editor.selection())) {
    ImGui::GetWindowDrawList()->AddRectFilled(
        {x + box.x, y + box.y}, {x + box.right(), y + box.bottom()}, u32(ui.theme->selection));
  }
}

void draw_caret(Ui& ui, const view::TextEditor& editor, const view::TextLayout& layout, float x,
                float y) {
  const view::CaretPlace place = view::caret_place(layout, editor.caret());
  const float width = std::max(2.0F, ui.px(2));
  const float gap = std::floor(layout.line_height * 0.12F);
  ImGui::GetWindowDrawList()->AddRectFilled(
      {x + place.x - 1, y + place.y + gap},
      {x + place.x - 1 + width, y + place.y + layout.line_height - gap}, u32(ui.theme->accent));
}

}  // namespace realm::widgets
