#include <algorithm>
#include <cmath>

#include "app/widgets/text.h"
#include "app/widgets/text_field.h"
#include "app/widgets/text_field_input.h"

namespace realm::widgets {
namespace {

constexpr float kPadding = 10;

view::TextLayout lay_out(Ui& ui, const view::TextEditor& editor, float width) {
  return view::layout_text(
      editor.text(), advance_of(ui.fonts.body),
      {.width = width, .line_height = std::round(ui.fonts.body->FontSize * 1.5F)});
}

void scroll_to_caret(const view::TextLayout& layout, const view::TextEditor& editor,
                     float padding) {
  const view::CaretPlace place = view::caret_place(layout, editor.caret());
  const float top = place.y, bottom = place.y + layout.line_height + 2 * padding;
  if (top < ImGui::GetScrollY()) ImGui::SetScrollY(top);
  if (bottom > ImGui::GetScrollY() + ImGui::GetWindowHeight())
    ImGui::SetScrollY(bottom - ImGui::GetWindowHeight());
}

}  // namespace

std::optional<TextFieldChange> text_area(Ui& ui, const char* name, const view::Box& box,
                                         const view::TextEditor& editor,
                                         const TextFieldOptions& options) {
  TextFieldChange change{.editor = editor};
  bool changed = false;
  const float padding = ui.px(kPadding);
  {
    PaneScope pane(name, box, ui.theme->pane());
    const float width = box.width - 2 * padding - ImGui::GetStyle().ScrollbarSize;
    view::TextLayout layout = lay_out(ui, change.editor, width);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const float x = origin.x + padding, y = origin.y + padding;
    const view::Box area{origin.x, origin.y, box.width - ImGui::GetStyle().ScrollbarSize,
                         std::max(box.height, layout.height() + 2 * padding)};
    const TextMouse mouse = handle_text_mouse(ui, "text", area, x, y, change.editor, layout);
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    change.took_focus = mouse.took_focus;
    changed = mouse.changed || mouse.took_focus;
    if (mouse.double_clicked && mouse.clicked_offset != std::string::npos) {
      change.editor.select_word(mouse.clicked_offset);
      changed = true;
    }
    if (mouse.clicked) {
      const ImVec2 at = ImGui::GetIO().MousePos;
      change.editor.move_to(view::offset_at(layout, at.x - x, at.y - y), /*select=*/false);
      changed = true;
    }
    if (options.focused && !ui.popup_is_open && !ImGui::GetIO().WantTextInput) {
      if (handle_text_keys(ui, change.editor, layout, /*keeps_newlines=*/true, options.read_only)) {
        changed = true;
        layout = lay_out(ui, change.editor, width);
        scroll_to_caret(layout, change.editor, padding);
      }
    }
    draw_selection(ui, change.editor, layout, x, y);
    ImFont* font = ui.fonts.body;
    if (change.editor.text().empty())
      draw_text(font, x, y + (layout.line_height - font->FontSize) / 2, ui.theme->secondary(),
                options.placeholder);
    for (size_t i = 0; i < layout.lines.size(); ++i) {
      const view::TextLine& line = layout.lines[i];
      std::string_view shown =
          std::string_view(change.editor.text()).substr(line.begin, line.end - line.begin);
      if (!shown.empty() && shown.back() == '\n') shown.remove_suffix(1);
      draw_text(font, x,
                y + layout.line_height * static_cast<float>(i) +
                    (layout.line_height - font->FontSize) / 2,
                ui.theme->text(), shown);
    }
    if (options.focused) draw_caret(ui, change.editor, layout, x, y);
  }
  ImGui::GetWindowDrawList()->AddRect({box.x, box.y}, {box.right(), box.bottom()},
                                      u32(options.focused ? ui.theme->accent : ui.theme->control()),
                                      ui.px(5), 0,
                                      options.focused ? std::max(1.0F, ui.scale * 1.5F) : 1.0F);
  ui.note(name, box);
  if (!changed) return std::nullopt;
  return change;
}

}  // namespace realm::widgets
