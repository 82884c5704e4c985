#include "app/widgets/controls.h"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "app/widgets/text.h"
#include "app/widgets/text_field_input.h"

namespace realm::widgets {
namespace {

constexpr float kButtonPadding = 12;
constexpr float kChordGap = 10;
constexpr float kRadius = 5;

struct ButtonColors {
  view::Color ground, text, outline;
};

// The field that is typed into before it has the keyboard: what its buffer holds, and what it
// should hold. One at a time has the keyboard. GUI thread alone, as Dear ImGui's own state.
struct EarlyText {
  std::string held, wanted;
};
EarlyText& early_text() {
  static EarlyText text;
  return text;
}

// What becomes of the cursor of the field that has the keyboard.
struct Cursor {
  bool* typed_early;
  bool selects;
  const std::string* filled;  // nullptr: its text is its own
  bool placed = false;        // the field has the keyboard
};

ButtonColors colors_of(const view::Theme& theme, const ButtonOptions& options, bool hovered,
                       bool held) {
  const view::Color clear = view::with_alpha(theme.pane(), 0);
  if (!options.enabled) {
    return {options.kind == ButtonKind::kPrimary ? theme.hover() : clear, theme.faint(),
            options.kind == ButtonKind::kNormal ? theme.hairline() : clear};
  }
  switch (options.kind) {
    case ButtonKind::kPrimary:
      return {hovered || held ? theme.accent_hover : theme.accent, theme.on_accent, clear};
    case ButtonKind::kNormal:
      if (options.is_on) return {theme.selection, theme.text(), theme.accent};
      return {held      ? theme.hairline()
              : hovered ? theme.hover()
                        : theme.pane(),
              theme.body(), theme.control()};
    case ButtonKind::kQuiet:
      break;
  }
  return {hovered || held ? theme.hover() : clear, hovered ? theme.accent_hover : theme.accent,
          clear};
}

}  // namespace

float control_height(Ui& ui) { return ui.px(30); }

float button_width(Ui& ui, std::string_view text, const ButtonOptions& options) {
  const float padding = options.kind == ButtonKind::kQuiet ? kButtonPadding - 4 : kButtonPadding;
  float width = text_width(ui.fonts.body, text) + 2 * ui.px(padding);
  if (!options.chord.empty())
    width += ui.px(kChordGap) + text_width(ui.fonts.small_text, options.chord);
  return width;
}

bool button(Ui& ui, const char* name, float x, float y, std::string_view text,
            const ButtonOptions& options) {
  const view::Box box{x, y, button_width(ui, text, options), control_height(ui)};
  const HitResult result = hit(ui, name, box);
  const ButtonColors colors = colors_of(*ui.theme, options, result.hovered, result.held);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({box.x, box.y}, {box.right(), box.bottom()}, u32(colors.ground),
                      ui.px(kRadius));
  if (colors.outline.a > 0) {
    list->AddRect({box.x + 0.5F, box.y + 0.5F}, {box.right() - 0.5F, box.bottom() - 0.5F},
                  u32(colors.outline), ui.px(kRadius));
  }
  const float padding = options.kind == ButtonKind::kQuiet ? kButtonPadding - 4 : kButtonPadding;
  draw_text(ui.fonts.body, box.x + ui.px(padding), centered_y(box, ui.fonts.body), colors.text,
            text);
  if (!options.chord.empty()) {
    draw_text_right(ui.fonts.small_text, box.right() - ui.px(padding),
                    centered_y(box, ui.fonts.small_text),
                    view::mix(colors.text, colors.ground, 0.2), options.chord);
  }
  if (result.hovered) {
    if (options.enabled) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!options.hint.empty()) tooltip_of(ui, box, options.hint);
  }
  return result.clicked && options.enabled;
}

bool close_button(Ui& ui, const char* name, float center_x, float center_y, std::string_view hint) {
  const float radius = ui.px(9);
  const view::Box box{center_x - radius, center_y - radius, 2 * radius, 2 * radius};
  const HitResult result = hit(ui, name, box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (result.hovered) {
    list->AddCircleFilled({center_x, center_y}, radius, u32(ui.theme->hover()));
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!hint.empty()) tooltip(ui, hint);
  }
  const float arm = ui.px(3.5F);
  const ImU32 color = u32(result.hovered ? ui.theme->text() : ui.theme->secondary());
  list->AddLine({center_x - arm, center_y - arm}, {center_x + arm, center_y + arm}, color,
                ui.scale * 1.3F);
  list->AddLine({center_x - arm, center_y + arm}, {center_x + arm, center_y - arm}, color,
                ui.scale * 1.3F);
  return result.clicked;
}

std::optional<int> drop_down(Ui& ui, const char* name, const view::Box& box, std::string_view text,
                             std::span<const std::string> choices, int chosen,
                             std::string_view hint) {
  const HitResult result = hit(ui, name, box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({box.x, box.y}, {box.right(), box.bottom()},
                      u32(result.hovered ? ui.theme->hover() : ui.theme->pane()), ui.px(kRadius));
  list->AddRect({box.x + 0.5F, box.y + 0.5F}, {box.right() - 0.5F, box.bottom() - 0.5F},
                u32(ui.theme->control()), ui.px(kRadius));
  draw_text_within(ui.fonts.body, box.x + ui.px(10), centered_y(box, ui.fonts.body),
                   box.width - ui.px(34), ui.theme->body(), text);
  const float cx = box.right() - ui.px(14), cy = box.y + box.height / 2, arm = ui.px(4);
  list->AddTriangleFilled({cx - arm, cy - arm / 2}, {cx + arm, cy - arm / 2},
                          {cx, cy + arm / 2 + 1}, u32(ui.theme->secondary()));
  if (result.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!hint.empty()) tooltip_of(ui, box, hint);
  }
  std::optional<int> choice;
  IdScope id(name);
  if (result.clicked) ImGui::OpenPopup("choices");
  ImGui::SetNextWindowPos({box.x, box.bottom() + ui.px(4)}, ImGuiCond_Appearing);
  if (ImGui::BeginPopup("choices")) {
    ui.close_menu_by_escape();
    const MenuCursor cursor = menu_cursor(ui, static_cast<int>(choices.size()), chosen);
    for (size_t i = 0; i < choices.size(); ++i) {
      const bool is_at = static_cast<int>(i) == cursor.row;
      IdScope row(static_cast<int>(i));
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float width =
          std::max(box.width - ui.px(16), text_width(ui.fonts.body, choices[i]) + ui.px(20));
      const bool clicked = ImGui::Selectable("##choice", is_at, 0, {width, ui.px(24)});
      if (is_at && cursor.moved && !ImGui::IsItemVisible()) ImGui::SetScrollHereY(0.5F);
      const view::Box line{at.x, at.y, width, ui.px(24)};
      ui.note(std::string(name) + "." + std::to_string(i), line);
      draw_text(ui.fonts.body, line.x + ui.px(6), centered_y(line, ui.fonts.body), ui.theme->text(),
                choices[i]);
      if (clicked || (is_at && cursor.chosen)) choice = static_cast<int>(i);
    }
    if (choice) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  return choice;
}

bool input_field(Ui& ui, const char* name, const view::Box& box, std::string& text,
                 const FieldOptions& options) {
  IdScope id(name);
  ImGui::SetCursorScreenPos({box.x, box.y});
  ImGui::SetNextItemWidth(box.width);
  FontScope font(ui.fonts.body);
  StyleScope style;
  const float padding = std::floor((box.height - ui.fonts.body->FontSize) / 2);
  style.var(ImGuiStyleVar_FramePadding, ImVec2(ui.px(10), padding))
      .var(ImGuiStyleVar_FrameBorderSize, 1.0F);
  style.color(ImGuiCol_FrameBg, u32(ui.theme->pane()))
      .color(ImGuiCol_Border, u32(ui.theme->control()));
  if (options.focus || ui.field_to_focus == name) ImGui::SetKeyboardFocusHere();
  if (ui.field_to_focus == name) ui.field_to_focus.clear();
  // Dear ImGui selects the text of a field only when it gets the keyboard for the first time.
  if (options.focus && options.replaced_by_early && !text.empty()) ui.field_to_select = name;
  if (ImGui::GetActiveID() == ImGui::GetID("##field") && ui.take_key("A", true))
    ui.field_to_select = name;
  Cursor cursor{&ui.typed_early, ui.field_to_select == name,
                ui.field_to_fill == name ? &ui.text_to_fill : nullptr};
  // Behind what came early the cursor stands free.
  const auto place_cursor = [](ImGuiInputTextCallbackData* data) {
    auto* wanted = static_cast<Cursor*>(data->UserData);
    bool* typed_early = wanted->typed_early;
    // In the frame of the Tab key this is the only call.
    if (wanted->filled != nullptr) {
      data->DeleteChars(0, data->BufTextLen);
      data->InsertChars(0, wanted->filled->c_str());
      data->ClearSelection();
      data->CursorPos = data->BufTextLen;
    } else if (data->EventFlag == ImGuiInputTextFlags_CallbackCompletion) {
      return 0;
    } else if (*typed_early) {
      // The field holds less of it, or only what came in this very frame and replaced the selected
      // text.
      const EarlyText& early = early_text();
      const std::string_view now(data->Buf, static_cast<size_t>(data->BufTextLen));
      if (!now.starts_with(early.wanted)) {
        if (now.starts_with(early.held)) data->DeleteChars(0, static_cast<int>(early.held.size()));
        data->InsertChars(0, early.wanted.c_str());
      }
      data->ClearSelection();
      data->CursorPos = data->BufTextLen;
      *typed_early = false;
    } else if (wanted->selects) {
      data->SelectAll();
    }
    wanted->placed = true;
    return 0;
  };
  const std::string typed = options.takes_early ? typed_characters() : std::string();
  const bool entered = ImGui::InputTextWithHint(
      "##field", options.placeholder, &text,
      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackAlways |
          (options.keeps_tab ? ImGuiInputTextFlags_CallbackCompletion : 0),
      place_cursor, &cursor);
  if (cursor.selects && cursor.placed) ui.field_to_select.clear();
  // Until it has the keyboard its text is what it is given.
  if (cursor.filled != nullptr && cursor.placed) ui.field_to_fill.clear();
  // With EnterReturnsTrue the field reports only Enter; edits are told apart by the item.
  bool changed = ImGui::IsItemEdited();
  const bool active = ImGui::IsItemActive();
  // Dear ImGui misses a key that goes down and up within one slow frame; our own queue has it.
  const bool has_enter =
      options.submitted != nullptr && (entered || active) && ui.take_key("Enter");
  if (has_enter && active) ImGui::ClearActiveID();
  if (options.submitted != nullptr) {
    *options.submitted = entered || has_enter;
    // Enter lets go of the keyboard; a field that stays on screen is ready for another text at
    // once.
    if (*options.submitted && options.takes_early) ui.field_to_focus = name;
  }
  // In the frame in which it gets the keyboard Dear ImGui drops characters.
  const bool waits = !active && !ImGui::GetIO().WantTextInput;
  if (options.takes_early && (waits || ImGui::IsItemActivated())) {
    if (!typed.empty()) {
      if (!ui.typed_early && waits && options.replaced_by_early) text.clear();
      early_text() = {.held = text, .wanted = text + typed};
      text += typed;
      ui.typed_early = changed = true;
    }
  }
  if (options.active != nullptr) *options.active = active;
  if (active) {
    ImGui::GetWindowDrawList()->AddRect({box.x, box.y}, {box.right(), box.bottom()},
                                        u32(ui.theme->accent), ui.px(kRadius), 0,
                                        std::max(1.0F, ui.scale * 1.5F));
  }
  ui.note(name, box);
  return changed;
}

SplitterResult splitter(Ui& ui, const char* name, const view::Box& line, bool vertical) {
  const float grab = ui.px(4);
  const view::Box box = vertical ? view::Box{line.x - grab, line.y, 2 * grab + 1, line.height}
                                 : view::Box{line.x, line.y - grab, line.width, 2 * grab + 1};
  // A window of its own, made after the panes that it parts, lies above them.
  PaneScope above(name, box, view::with_alpha(ui.theme->pane(), 0));
  const HitResult result = hit(ui, name, box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool lit = result.hovered || result.held;
  const ImU32 color = u32(lit ? ui.theme->accent : ui.theme->hairline());
  const float thickness = lit ? std::max(2.0F, ui.px(2)) : 1.0F;
  if (vertical) {
    list->AddRectFilled({line.x, line.y}, {line.x + thickness, line.bottom()}, color);
  } else {
    list->AddRectFilled({line.x, line.y}, {line.right(), line.y + thickness}, color);
  }
  if (lit) ImGui::SetMouseCursor(vertical ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
  SplitterResult moved;
  if (result.held)
    moved.moved = vertical ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
  moved.reset = result.double_clicked;
  return moved;
}

void progress_line(Ui& ui, float x, float y, float width, double fraction) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float height = std::max(2.0F, ui.px(2));
  if (fraction >= 0) {
    list->AddRectFilled({x, y}, {x + width, y + height}, u32(ui.theme->hairline()));
    list->AddRectFilled({x, y},
                        {x + width * static_cast<float>(std::min(1.0, fraction)), y + height},
                        u32(ui.theme->accent));
    return;
  }
  list->AddRectFilled({x, y}, {x + width, y + height}, u32(ui.theme->hairline()));
  const float part = 0.25F;
  const auto phase = static_cast<float>(std::fmod(ui.now / 1.6, 1.0));
  const float from = (phase * (1 + part) - part) * width, to = from + part * width;
  list->AddRectFilled({x + std::max(0.0F, from), y}, {x + std::min(width, to), y + height},
                      u32(ui.theme->accent));
  ui.needs_another_frame = true;
}

void hairline(Ui& ui, float x, float y, float length, bool vertical) {
  const ImVec2 end = vertical ? ImVec2{x + 1, y + length} : ImVec2{x + length, y + 1};
  ImGui::GetWindowDrawList()->AddRectFilled({x, y}, end, u32(ui.theme->hairline()));
}

}  // namespace realm::widgets
