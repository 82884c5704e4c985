#include "app/panels/menu.h"

#include <algorithm>

#include "app/commands/command_table.h"
#include "app/view/utf8.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::FontScope;
using widgets::IdScope;
using widgets::StyleScope;
using widgets::Ui;

// One line of an open menu: text on the left, chord on the right, a tick where it is on. True: it
// was chosen.
struct MenuLine {
  std::string_view name, text, chord;
  bool enabled = true, checked = false;
};

bool menu_line(Ui& ui, const MenuLine& shown, float width, int index,
               const widgets::MenuCursor& cursor) {
  const bool is_at = index == cursor.row, enabled = shown.enabled;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const view::Box line{at.x, at.y, width, ui.px(28)};
  bool chosen = false;
  {
    StyleScope style;
    style.color(ImGuiCol_HeaderHovered,
                widgets::u32(enabled ? ui.theme->hover() : view::with_alpha(ui.theme->hover(), 0)));
    style.color(ImGuiCol_Header, widgets::u32(ui.theme->hover()));
    chosen = ImGui::Selectable("##line", is_at, enabled ? 0 : ImGuiSelectableFlags_DontClosePopups,
                               {width, line.height});
  }
  if (is_at && cursor.chosen && enabled) {
    chosen = true;
    ImGui::CloseCurrentPopup();
  }
  ui.note(shown.name, line);
  const view::Color color = enabled ? ui.theme->text() : ui.theme->faint();
  if (shown.checked) {
    const float cx = line.x + ui.px(12), cy = line.y + line.height / 2, s = ui.px(4);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddLine({cx - s, cy}, {cx - s / 3, cy + s * 0.8F}, widgets::u32(ui.theme->accent),
                  ui.scale * 1.7F);
    list->AddLine({cx - s / 3, cy + s * 0.8F}, {cx + s, cy - s * 0.8F},
                  widgets::u32(ui.theme->accent), ui.scale * 1.7F);
  }
  widgets::draw_text(ui.fonts.body, line.x + ui.px(26), widgets::centered_y(line, ui.fonts.body),
                     color, shown.text);
  widgets::draw_text_right(ui.fonts.small_text, line.right() - ui.px(8),
                           widgets::centered_y(line, ui.fonts.small_text),
                           enabled ? ui.theme->secondary() : ui.theme->faint(), shown.chord);
  return chosen && enabled;
}

std::string shown_title(const CommandInfo& command, const view::CommandState& state) {
  return state.title.empty() ? std::string(command.title) : view::shorten(state.title, 44);
}

float menu_width(Ui& ui, CommandGroup group, const view::WorkbenchState& state) {
  float width = ui.px(200);
  for (const CommandInfo& command : command_table()) {
    if (!command.in_window || command.group != group) continue;
    const std::string title = shown_title(command, view::command_state(state, command.id));
    width =
        std::max(width, widgets::text_width(ui.fonts.body, title) +
                            widgets::text_width(ui.fonts.small_text, command.chord) + ui.px(72));
  }
  return width;
}

void draw_menu(const view::WorkbenchState& state, Ui& ui, CommandGroup group) {
  const float width = menu_width(ui, group, state);
  const auto table = command_table();
  const auto is_in = [group](const CommandInfo& command) {
    return command.in_window && command.group == group;
  };
  const auto count = static_cast<int>(std::count_if(table.begin(), table.end(), is_in));
  const widgets::MenuCursor cursor = widgets::menu_cursor(ui, count, -1);
  int index = -1;
  for (const CommandInfo& command : table) {
    if (!is_in(command)) continue;
    const view::CommandState now = view::command_state(state, command.id);
    IdScope id(command.id.data());
    const std::string name = "menu." + std::string(command.id), title = shown_title(command, now);
    const bool chosen = menu_line(ui,
                                  {.name = name,
                                   .text = title,
                                   .chord = command.chord,
                                   .enabled = now.enabled,
                                   .checked = now.checked},
                                  width, ++index, cursor);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
      widgets::tooltip(ui, now.enabled ? command.help : std::string_view(now.reason));
    }
    if (chosen) ui.act(view::RunCommand{std::string(command.id)});
  }
}

bool has_window_commands(CommandGroup group) {
  return std::any_of(
      command_table().begin(), command_table().end(),
      [group](const CommandInfo& command) { return command.in_window && command.group == group; });
}

}  // namespace

void draw_menu_bar(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  float x = box.x;
  bool any_open = false;
  for (int index = 0; index <= static_cast<int>(CommandGroup::kHelp); ++index) {
    any_open = any_open || ImGui::IsPopupOpen(("menu" + std::to_string(index)).c_str());
  }
  for (int index = 0; index <= static_cast<int>(CommandGroup::kHelp); ++index) {
    const auto group = static_cast<CommandGroup>(index);
    if (!has_window_commands(group)) continue;
    const std::string_view title = command_group_title(group);
    const view::Box item{x, box.y, widgets::text_width(ui.fonts.body, title) + ui.px(20),
                         box.height};
    const std::string name = "menubar." + std::string(title);
    const std::string popup = "menu" + std::to_string(index);
    const bool open = ImGui::IsPopupOpen(popup.c_str());
    const widgets::HitResult hit = widgets::hit(ui, name.c_str(), item);
    if (hit.hovered || open) {
      ImGui::GetWindowDrawList()->AddRectFilled({item.x, item.y + ui.px(3)},
                                                {item.right(), item.bottom() - ui.px(3)},
                                                widgets::u32(ui.theme->hover()), ui.px(5));
    }
    widgets::draw_text(ui.fonts.body, item.x + ui.px(10), widgets::centered_y(item, ui.fonts.body),
                       ui.theme->body(), title);
    // With one menu open, the mouse opens its neighbours by passing over them.
    const bool passes =
        any_open && !open &&
        ImGui::IsMouseHoveringRect({item.x, item.y}, {item.right(), item.bottom()}, false);
    if (hit.clicked || passes) ImGui::OpenPopup(popup.c_str());
    ImGui::SetNextWindowPos({item.x, item.bottom()});
    StyleScope style;
    style.var(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(6), ui.px(6)))
        .var(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    if (ImGui::BeginPopup(popup.c_str(), ImGuiWindowFlags_NoMove)) {
      ui.close_menu_by_escape();
      draw_menu(state, ui, group);
      ImGui::EndPopup();
    }
    x = item.right();
  }
}

void context_menu(Ui& ui, const char* name, bool opens, std::span<const MenuItem> items) {
  IdScope id(name);
  if (opens) ImGui::OpenPopup("context");
  StyleScope style;
  style.var(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(6), ui.px(6)))
      .var(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (!ImGui::BeginPopup("context")) return;
  ui.close_menu_by_escape();
  float width = ui.px(180);
  for (const MenuItem& item : items)
    width = std::max(width, widgets::text_width(ui.fonts.body, item.text) + ui.px(48));
  const widgets::MenuCursor cursor = widgets::menu_cursor(ui, static_cast<int>(items.size()), -1);
  int index = -1;
  for (const MenuItem& item : items) {
    IdScope line(std::string(item.name).c_str());
    const std::string full = std::string(name) + "." + std::string(item.name);
    if (menu_line(ui, {.name = full, .text = item.text, .chord = {}, .enabled = item.enabled},
                  width, ++index, cursor))
      ui.act(item.action);
  }
  ImGui::EndPopup();
}

}  // namespace realm::panels
