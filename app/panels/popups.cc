#include "app/panels/popups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "app/commands/command_table.h"
#include "app/view/sentence.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using view::Popup;
using widgets::IdScope;
using widgets::StyleScope;
using widgets::Ui;

constexpr float kPad = 18;
constexpr float kRow = 32;

struct Place {
  float width = 560, height = 420;
};

Place place_of(Popup popup) {
  switch (popup) {
    case Popup::kPalette:
      return {580, 440};
    case Popup::kShortcuts:
      return {820, 600};
    case Popup::kExamples:
      return {760, 600};
    case Popup::kOpenWorkspace:
      return {640, 380};
    case Popup::kExport:
      return {560, 190};
    case Popup::kAbout:
      return {560, 330};
    case Popup::kUnsavedEdit:
      return {500, 170};
    case Popup::kNone:
      break;
  }
  return {};
}

void close(Ui& ui) { ui.act(view::SetPopup{Popup::kNone}); }

view::Box inner_box(Ui& ui) {
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  return widgets::inset({at.x, at.y, size.x, size.y}, ui.px(kPad), ui.px(kPad));
}

float draw_title(Ui& ui, const view::Box& box, std::string_view title, std::string_view text = {}) {
  widgets::draw_text_within(ui.fonts.strong, box.x, box.y, box.width - ui.px(24), ui.theme->text(),
                            title);
  if (widgets::close_button(ui, "popup.close", box.right() - ui.px(8), box.y + ui.px(9), "Esc"))
    close(ui);
  float y = box.y + ui.px(28);
  if (!text.empty())
    y += widgets::draw_wrapped(ui.fonts.body, box.x, y, box.width, ui.theme->body(), text) +
         ui.px(8);
  return y;
}

// A list of rows moved through with the arrow keys: gives the row that was chosen by click or
// Enter, else -1.
int chosen_row(Ui& ui, int count, int& selected) {
  if (count == 0) return -1;
  while (ui.take_key("Down")) selected = std::min(selected + 1, count - 1);
  while (ui.take_key("Up")) selected = std::max(selected - 1, 0);
  selected = std::clamp(selected, 0, count - 1);
  return ui.take_key("Enter") ? selected : -1;
}

void keep_in_sight(const view::Box& row) {
  const ImVec2 at = ImGui::GetWindowPos();
  const float height = ImGui::GetWindowHeight();
  if (row.y < at.y) ImGui::SetScrollY(ImGui::GetScrollY() - (at.y - row.y));
  if (row.bottom() > at.y + height)
    ImGui::SetScrollY(ImGui::GetScrollY() + row.bottom() - at.y - height);
}

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
                            ui.theme->secondary(), side);
}

void draw_palette(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = inner_box(ui);
  std::string typed = state.popup_text;
  int selected = state.popup_selected;
  const bool changed =
      widgets::input_field(ui, "palette.field", {box.x, box.y, box.width, ui.px(36)}, typed,
                           {.placeholder = "Find a command", .focus = appeared});
  if (changed) selected = 0;
  const std::vector<CommandMatch> matches = filter_commands(typed);
  int chosen = chosen_row(ui, static_cast<int>(matches.size()), selected);
  const view::Box list{box.x, box.y + ui.px(46), box.width, box.height - ui.px(46)};
  {
    widgets::PaneScope pane("palette.list", list, view::with_alpha(ui.theme->pane(), 0));
    float y = ImGui::GetCursorScreenPos().y;
    for (size_t i = 0; i < matches.size(); ++i) {
      const view::Box row{list.x, y, list.width - ImGui::GetStyle().ScrollbarSize, ui.px(kRow)};
      const widgets::HitResult hit = widgets::hit(ui, fmt::format("palette.{}", i).c_str(), row);
      const bool is_selected = static_cast<int>(i) == selected;
      if (is_selected || hit.hovered) {
        ImGui::GetWindowDrawList()->AddRectFilled(
            {row.x, row.y}, {row.right(), row.bottom()},
            widgets::u32(is_selected ? ui.theme->selection : ui.theme->hover()), ui.px(5));
      }
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
      close(ui);
      ui.act(view::RunCommand{std::string(command.id)});
    }
  }
}

void draw_shortcuts(Ui& ui) {
  const view::Box box = inner_box(ui);
  const float top = draw_title(ui, box, "Shortcuts and help");
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
                              ui.px(200), ui.theme->text(), command.title);
    const std::string chords = command.other_chord.empty()
                                   ? std::string(command.chord)
                                   : fmt::format("{} or {}", command.chord, command.other_chord);
    widgets::draw_text_within(ui.fonts.small_text, row.x + ui.px(214),
                              widgets::centered_y(row, ui.fonts.small_text), ui.px(150),
                              ui.theme->body(), chords);
    widgets::draw_text_within(ui.fonts.small_text, row.x + ui.px(372),
                              widgets::centered_y(row, ui.fonts.small_text), row.width - ui.px(372),
                              ui.theme->secondary(), command.help);
    y = row.bottom();
  }
  ImGui::SetCursorScreenPos({box.x, y + ui.px(8)});
  ImGui::Dummy({1, 1});
}

void draw_about(Ui& ui, const AboutText& about) {
  const view::Box box = inner_box(ui);
  float y = draw_title(ui, box, "REALM workbench",
                       "Hides words, retrieves passages, and shows how they add up to the answer: "
                       "Guu et al., REALM (2020).");
  y += widgets::draw_wrapped(ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
                             about.text);
  if (widgets::button(ui, "about.copy", box.x, box.bottom() - widgets::control_height(ui),
                      "Copy")) {
    ui.act(view::CopyText{about.text, "the versions"});
  }
}

void draw_open(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = inner_box(ui);
  float y =
      draw_title(ui, box, "Open a workspace",
                 "The folder that holds a workspace.json. It can also be dropped on the window.");
  std::string typed = state.popup_text;
  bool submitted = false;
  const float open_width = widgets::button_width(ui, "Open");
  const bool changed = widgets::input_field(
      ui, "open.field", {box.x, y, box.width - open_width - ui.px(8), ui.px(30)}, typed,
      {.placeholder = "/path/to/workspace", .focus = appeared, .submitted = &submitted});
  const bool clicked =
      widgets::button(ui, "open.go", box.right() - open_width, y, "Open",
                      {.kind = widgets::ButtonKind::kPrimary, .enabled = !typed.empty()});
  y += ui.px(44);
  if (changed) ui.act(view::ChangePopup{typed, 0});
  if ((clicked || submitted) && !typed.empty()) ui.act(view::OpenFolder{typed});
  if (!state.memory.recent.empty()) {
    widgets::draw_text(ui.fonts.small_text, box.x, y, ui.theme->secondary(), "Opened before");
    y += ui.px(22);
  }
  for (size_t i = 0; i < state.memory.recent.size() && y + ui.px(kRow) <= box.bottom(); ++i) {
    const view::Box row{box.x, y, box.width, ui.px(kRow)};
    const widgets::HitResult hit = widgets::hit(ui, fmt::format("open.recent.{}", i).c_str(), row);
    if (hit.hovered) {
      ImGui::GetWindowDrawList()->AddRectFilled({row.x, row.y}, {row.right(), row.bottom()},
                                                widgets::u32(ui.theme->hover()), ui.px(5));
    }
    widgets::draw_text_within(ui.fonts.body, row.x + ui.px(10),
                              widgets::centered_y(row, ui.fonts.body), row.width - ui.px(20),
                              ui.theme->accent, state.memory.recent[i]);
    if (hit.clicked) ui.act(view::OpenFolder{state.memory.recent[i]});
    y = row.bottom();
  }
}

void draw_export(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = inner_box(ui);
  float y = draw_title(ui, box, "Export the result",
                       "Every number of the result as JSON, with the fields of realm ask --json.");
  std::string typed = state.popup_text;
  bool submitted = false;
  const float width = widgets::button_width(ui, "Write");
  const bool changed = widgets::input_field(
      ui, "export.field", {box.x, y, box.width - width - ui.px(8), ui.px(30)}, typed,
      {.placeholder = "result.json", .focus = appeared, .submitted = &submitted});
  if (changed) ui.act(view::ChangePopup{typed, 0});
  const bool clicked =
      widgets::button(ui, "export.go", box.right() - width, y, "Write",
                      {.kind = widgets::ButtonKind::kPrimary, .enabled = !typed.empty()});
  if ((clicked || submitted) && !typed.empty()) ui.act(view::ExportTo{typed});
}

void draw_examples(const view::WorkbenchState& state, Ui& ui) {
  const view::Box box = inner_box(ui);
  const float top = draw_title(ui, box, "Examples");
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
      if (is_selected || hit.hovered) {
        ImGui::GetWindowDrawList()->AddRectFilled(
            {row.x, row.y}, {row.right(), row.bottom()},
            widgets::u32(is_selected ? ui.theme->selection : ui.theme->hover()), ui.px(5));
      }
      if (is_selected && selected != state.popup_selected) keep_in_sight(row);
      const float x = row.x + ui.px(10), width = row.width - ui.px(20);
      const float title = widgets::draw_text_within(ui.fonts.strong, x, row.y + ui.px(8),
                                                    width * 0.5F, ui.theme->text(), example.title);
      widgets::draw_text_within(ui.fonts.small_text, x + title + ui.px(12), row.y + ui.px(10),
                                width - title - ui.px(12), ui.theme->secondary(), example.note);
      widgets::draw_text_within(ui.fonts.small_text, x, row.y + ui.px(32), width, ui.theme->body(),
                                view::plain_text(example.text));
      if (hit.clicked) chosen = static_cast<int>(i);
      y = row.bottom();
    }
  }
  if (selected != state.popup_selected) ui.act(view::ChangePopup{"", selected});
  if (chosen >= 0) ui.act(view::UseSentence{(*examples)[static_cast<size_t>(chosen)].text});
}

void draw_unsaved(const view::WorkbenchState& state, Ui& ui) {
  using Choice = view::ResolveUnsaved::Choice;
  const view::Box box = inner_box(ui);
  const std::string title = state.corpus.form ? state.corpus.form->title : "";
  widgets::draw_text_within(ui.fonts.strong, box.x, box.y, box.width, ui.theme->text(),
                            "Keep the edit?");
  widgets::draw_wrapped(ui.fonts.body, box.x, box.y + ui.px(28), box.width, ui.theme->body(),
                        fmt::format("The passage {} was changed and is not in the corpus yet.",
                                    title.empty() ? "being edited" : "\u201C" + title + "\u201D"));
  const float y = box.bottom() - widgets::control_height(ui);
  float x = box.x;
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options, Choice choice) {
    if (widgets::button(ui, name, x, y, text, options)) ui.act(view::ResolveUnsaved{choice});
    x += widgets::button_width(ui, text, options) + ui.px(8);
  };
  next("unsaved.keep", "Keep edit", {.kind = widgets::ButtonKind::kPrimary}, Choice::kKeep);
  next("unsaved.discard", "Discard", {}, Choice::kDiscard);
  next("unsaved.cancel", "Cancel", {.chord = "Esc"}, Choice::kCancel);
}

}  // namespace

void draw_popups(const view::WorkbenchState& state, Ui& ui, const view::Box& window,
                 const AboutText& about) {
  constexpr const char* kId = "###popup";
  if (state.popup == Popup::kNone) return;
  const bool was_open = ImGui::IsPopupOpen(kId);
  if (!was_open) ImGui::OpenPopup(kId);
  const Place place = place_of(state.popup);
  const float width = std::min(ui.px(place.width), window.width - ui.px(40));
  const float height = std::min(ui.px(place.height), window.height - ui.px(80));
  ImGui::SetNextWindowPos(
      {std::floor(window.x + (window.width - width) / 2), window.y + ui.px(60)});
  ImGui::SetNextWindowSize({width, height});
  StyleScope style;
  style.var(ImGuiStyleVar_WindowPadding, ImVec2(0, 0))
      .var(ImGuiStyleVar_WindowRounding, ui.px(8))
      .var(ImGuiStyleVar_WindowBorderSize, 1.0F);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                      ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoScrollbar;
  if (!ImGui::BeginPopupModal(kId, nullptr, kFlags)) return;
  const bool appeared = ImGui::IsWindowAppearing();
  const bool clicked_outside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !appeared &&
                               !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows);
  if (ui.take_key("Esc") || clicked_outside) {
    if (state.popup == Popup::kUnsavedEdit) {
      ui.act(view::ResolveUnsaved{view::ResolveUnsaved::Choice::kCancel});
    } else {
      close(ui);
    }
  }
  {
    IdScope id(static_cast<int>(state.popup));
    switch (state.popup) {
      case Popup::kPalette:
        draw_palette(state, ui, appeared);
        break;
      case Popup::kShortcuts:
        draw_shortcuts(ui);
        break;
      case Popup::kAbout:
        draw_about(ui, about);
        break;
      case Popup::kOpenWorkspace:
        draw_open(state, ui, appeared);
        break;
      case Popup::kExport:
        draw_export(state, ui, appeared);
        break;
      case Popup::kExamples:
        draw_examples(state, ui);
        break;
      case Popup::kUnsavedEdit:
        draw_unsaved(state, ui);
        break;
      case Popup::kNone:
        break;
    }
  }
  ImGui::EndPopup();
}

}  // namespace realm::panels
