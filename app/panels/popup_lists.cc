// Popups that are lists to choose from: palette, shortcuts, examples.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/commands/command_search.h"
#include "app/commands/command_table.h"
#include "app/panels/popup_parts.h"
#include "app/view/sentence.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

void draw_palette_row(const view::WorkbenchState& state, Ui& ui, const view::Box& row,
                      const CommandMatch& match) {
  const view::CommandState now = view::command_state(state, match.command->id);
  const view::Color color = now.enabled ? ui.theme->text() : ui.theme->faint();
  const std::string_view title = match.command->title;
  const view::Box text{row.x + ui.px(10), row.y, row.width, row.height};
  const float y = widgets::centered_y(text, ui.fonts.body);
  float x = text.x;
  size_t next = 0;
  for (size_t i = 0; i < title.size();) {  // matched letters stand out
    const bool marked =
        next < match.matched.size() && static_cast<size_t>(match.matched[next]) == i;
    size_t end = i + 1;
    if (marked) {
      ++next;
    } else {
      const size_t stop =
          next < match.matched.size() ? static_cast<size_t>(match.matched[next]) : title.size();
      end = std::max(end, stop);
    }
    ImFont* font = marked ? ui.fonts.strong : ui.fonts.body;
    const std::string_view part = title.substr(i, end - i);
    widgets::draw_text(font, x, y, marked && now.enabled ? ui.theme->accent : color, part);
    x += widgets::text_width(font, part);
    i = end;
  }
  const std::string_view side = now.enabled ? match.command->chord : std::string_view(now.reason);
  const float side_room = row.right() - ui.px(10) - x - ui.px(16);
  const float side_width =
      std::min(widgets::text_width(ui.fonts.small_text, side), std::max(0.0F, side_room));
  widgets::draw_text_within(ui.fonts.small_text, row.right() - ui.px(10) - side_width,
                            widgets::centered_y(row, ui.fonts.small_text), side_width + 1,
                            ui.theme->body(), side);
}

}  // namespace

int chosen_row(Ui& ui, int count, int& selected) {
  if (count == 0) return -1;
  while (ui.take_key("Down")) selected = std::min(selected + 1, count - 1);
  while (ui.take_key("Up")) selected = std::max(selected - 1, 0);
  selected = std::clamp(selected, 0, count - 1);
  return ui.take_key("Enter") ? selected : -1;
}

void draw_row_ground(Ui& ui, const view::Box& row, bool is_selected, bool is_hovered) {
  if (!is_selected && !is_hovered) return;
  ImGui::GetWindowDrawList()->AddRectFilled(
      {row.x, row.y}, {row.right(), row.bottom()},
      widgets::u32(is_selected ? ui.theme->selection : ui.theme->hover()), ui.px(5));
}

void keep_in_sight(const view::Box& row) {
  const ImVec2 at = ImGui::GetWindowPos();
  const float height = ImGui::GetWindowHeight();
  if (row.y < at.y) ImGui::SetScrollY(ImGui::GetScrollY() - (at.y - row.y));
  if (row.bottom() > at.y + height)
    ImGui::SetScrollY(ImGui::GetScrollY() + row.bottom() - at.y - height);
}

void draw_palette(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  std::string typed = state.popup_text;
  int selected = state.popup_selected;
  const bool changed = widgets::input_field(
      ui, "palette.field", {box.x, box.y, box.width, ui.px(36)}, typed,
      {.placeholder = "Find a command", .takes_early = true, .focus = appeared});
  if (changed) selected = 0;
  const std::vector<CommandMatch> matches = filter_commands(typed);
  int chosen = chosen_row(ui, static_cast<int>(matches.size()), selected);
  const view::Box list{box.x, box.y + ui.px(46), box.width, box.height - ui.px(46)};
  {
    widgets::PaneScope pane("palette.list", list, view::with_alpha(ui.theme->pane(), 0));
    float y = ImGui::GetCursorScreenPos().y;
    for (size_t i = 0; i < matches.size(); ++i) {
      const view::Box row{list.x, y, list.width - ImGui::GetStyle().ScrollbarSize,
                          ui.px(kPopupRow)};
      const widgets::HitResult hit = widgets::hit(ui, fmt::format("palette.{}", i).c_str(), row);
      const bool is_selected = static_cast<int>(i) == selected;
      draw_row_ground(ui, row, is_selected, hit.hovered);
      if (is_selected && selected != state.popup_selected) keep_in_sight(row);
      draw_palette_row(state, ui, row, matches[i]);
      if (hit.clicked) chosen = static_cast<int>(i);
      y = row.bottom();
    }
    if (matches.empty()) {
      widgets::draw_text(ui.fonts.body, list.x + ui.px(10), y + ui.px(8), ui.theme->secondary(),
                         "No command has these letters.");
    }
  }
  if (changed || selected != state.popup_selected) ui.act(view::ChangePopup{typed, selected});
  if (chosen >= 0) {
    const CommandInfo& command = *matches[static_cast<size_t>(chosen)].command;
    if (view::command_state(state, command.id).enabled) {
      close_popup(ui);
      ui.act(view::RunCommand{std::string(command.id)});
    }
  }
}

void draw_shortcuts(Ui& ui) {
  const view::Box box = popup_inner_box(ui);
  const float top = draw_popup_title(ui, box, "Shortcuts and help");
  widgets::PaneScope pane("shortcuts.list", {box.x, top, box.width, box.bottom() - top},
                          view::with_alpha(ui.theme->pane(), 0));
  const float y0 = ImGui::GetCursorScreenPos().y;
  float y = y0;
  std::optional<CommandGroup> group;
  for (const CommandInfo& command : command_table()) {
    if (!command.in_window) continue;
    if (group != command.group) {
      y += group ? ui.px(14) : 0;
      group = command.group;
      widgets::draw_text(ui.fonts.small_strong, box.x, y, ui.theme->text(),
                         command_group_title(command.group));
      y += ui.px(22);
      widgets::hairline(ui, box.x, y - ui.px(3), box.width - ui.px(14));
    }
    const view::Box row{box.x, y, box.width - ui.px(14), ui.px(26)};
    widgets::draw_text_within(ui.fonts.body, row.x, widgets::centered_y(row, ui.fonts.body),
                              ui.px(256), ui.theme->text(), command.title);
    const std::string chords = command.other_chord.empty()
                                   ? std::string(command.chord)
                                   : fmt::format("{} or {}", command.chord, command.other_chord);
    widgets::draw_text_within(ui.fonts.small_text, row.x + ui.px(268),
                              widgets::centered_y(row, ui.fonts.small_text), ui.px(150),
                              ui.theme->body(), chords);
    widgets::draw_text_within(ui.fonts.small_text, row.x + ui.px(432),
                              widgets::centered_y(row, ui.fonts.small_text), row.width - ui.px(432),
                              ui.theme->secondary(), command.help);
    y = row.bottom();
  }
  ImGui::SetCursorScreenPos({box.x, y + ui.px(8)});
  ImGui::Dummy({1, 1});
}

void draw_examples(const view::WorkbenchState& state, Ui& ui) {
  const view::Box box = popup_inner_box(ui);
  const float top = draw_popup_title(ui, box, "Examples");
  const auto& examples = view::engine_of(state).examples;
  if (!examples) return;
  int selected = state.popup_selected;
  int chosen = chosen_row(ui, static_cast<int>(examples->size()), selected);
  {
    const view::Box list{box.x, top, box.width, box.bottom() - top};
    widgets::PaneScope pane("examples.list", list, view::with_alpha(ui.theme->pane(), 0));
    float y = ImGui::GetCursorScreenPos().y;
    for (size_t i = 0; i < examples->size(); ++i) {
      const view::Example& example = (*examples)[i];
      const view::Box row{list.x, y, list.width - ImGui::GetStyle().ScrollbarSize, ui.px(58)};
      const widgets::HitResult hit = widgets::hit(ui, fmt::format("examples.{}", i).c_str(), row);
      const bool is_selected = static_cast<int>(i) == selected;
      draw_row_ground(ui, row, is_selected, hit.hovered);
      if (is_selected && selected != state.popup_selected) keep_in_sight(row);
      const float x = row.x + ui.px(10), width = row.width - ui.px(20);
      const float title = widgets::draw_text_within(ui.fonts.strong, x, row.y + ui.px(8),
                                                    width * 0.5F, ui.theme->text(), example.title);
      widgets::draw_text_within(
          ui.fonts.small_text, x + title + ui.px(12), row.y + ui.px(10), width - title - ui.px(12),
          is_selected ? ui.theme->body() : ui.theme->secondary(), example.note);
      widgets::draw_text_within(ui.fonts.small_text, x, row.y + ui.px(32), width, ui.theme->body(),
                                view::plain_text(example.text));
      if (hit.clicked) chosen = static_cast<int>(i);
      y = row.bottom();
    }
  }
  if (selected != state.popup_selected) ui.act(view::ChangePopup{"", selected});
  if (chosen >= 0) ui.act(view::UseSentence{(*examples)[static_cast<size_t>(chosen)].text});
}

}  // namespace realm::panels
