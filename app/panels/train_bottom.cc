// What stands below the charts, a tab each; the log and the settings are here.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <string>

#include "app/panels/train_parts.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kHead = 40, kLine = 22;

std::string clock_text(UnixMillis time) {
  const auto seconds = static_cast<std::time_t>(time / 1000);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// Draws the lines in sight of `count`, each `height` high, and keeps the place for all.
template <typename Draw>
void draw_lines(const view::Box& box, size_t count, float height, const Draw& draw) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const auto first = static_cast<size_t>(std::max(0.0F, ImGui::GetScrollY() / height));
  const size_t last = std::min(count, first + static_cast<size_t>(box.height / height) + 2);
  for (size_t i = first; i < last; ++i)
    draw(i, view::Box{box.x, start.y + static_cast<float>(i) * height, box.width, height});
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, static_cast<float>(count) * height});
}

void draw_log(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
              const view::RunDetail& detail) {
  const std::vector<const RunEvent*> events =
      view::shown_events(detail, state.train.look.log_filter);
  // Whole lines: at its end the first one in sight is not cut.
  const float whole = std::floor(box.height / ui.px(kLine)) * ui.px(kLine);
  const view::Box lines{box.x, box.y, box.width, whole};
  ui.note("train.log_lines", lines);
  widgets::PaneScope pane("train.log_lines", lines, ui.theme->pane());
  if (events.empty()) {
    widgets::draw_text(
        ui.fonts.body, box.x + ui.px(kPad), box.y + ui.px(6), ui.theme->secondary(),
        detail.events->empty() ? "Nothing has been said yet." : "No line has all of these words.");
    return;
  }
  // At the end, which is where news come, until somebody scrolls up.
  const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
  draw_lines(lines, events.size(), ui.px(kLine), [&](size_t i, const view::Box& line) {
    const RunEvent& event = *events[i];
    ui.note("train.log_line", line);  // the last one drawn
    float x = line.x + ui.px(kPad);
    const float y = widgets::centered_y(line, ui.fonts.small_text);
    widgets::draw_text(ui.fonts.mono, x, widgets::centered_y(line, ui.fonts.mono),
                       ui.theme->secondary(), clock_text(event.time));
    x += ui.px(76);
    widgets::draw_text_right(ui.fonts.small_text, x + ui.px(56), y, ui.theme->secondary(),
                             view::format_count(event.step));
    x += ui.px(70);
    const bool bad = event.kind == "error" || event.kind == "warning";
    widgets::draw_text_within(ui.fonts.small_text, x, y, ui.px(76),
                              bad ? ui.theme->warning : ui.theme->secondary(), event.kind);
    x += ui.px(84);
    widgets::draw_text_within(ui.fonts.small_text, x, y, line.right() - ui.px(kPad) - x,
                              ui.theme->text(), event.message);
  });
  if (at_end) ImGui::SetScrollHereY(1.0F);
}

void draw_settings(const view::WorkbenchState& state, Ui& ui, const view::Box& whole) {
  std::vector<const RunSummary*> runs = {view::selected_run(state.train)};
  for (const RunId& id : state.train.compared) {
    if (const RunSummary* run = view::find_run(state.train, id)) runs.push_back(run);
  }
  std::vector<view::SettingRow> rows = view::settings_of(runs);
  if (runs.size() > 1) {  // what they differ in comes first
    std::stable_partition(rows.begin(), rows.end(),
                          [](const view::SettingRow& row) { return row.differs; });
  }
  const float key_width = ui.px(220);
  const float column =
      (whole.width - 2 * ui.px(kPad) - key_width) / static_cast<float>(runs.size());
  view::Box box = whole;
  if (runs.size() > 1 && whole.height > 2 * ui.px(kLine)) {  // which column is whose
    for (size_t run = 0; run < runs.size(); ++run) {
      const float x = whole.x + ui.px(kPad) + key_width + static_cast<float>(run) * column;
      widgets::draw_text_within(
          ui.fonts.small_text, x,
          widgets::centered_y({x, whole.y, column, ui.px(kLine)}, ui.fonts.small_text),
          column - ui.px(12), ui.theme->secondary(), runs[run]->id);
      ui.note(fmt::format("train.settings_of.{}", run), {x, whole.y, column, ui.px(kLine)});
    }
    box.y += ui.px(kLine);
    box.height -= ui.px(kLine);
  }
  widgets::PaneScope pane("train.setting_lines", box, ui.theme->pane());
  draw_lines(box, rows.size(), ui.px(kLine), [&](size_t i, const view::Box& line) {
    const view::SettingRow& row = rows[i];
    const float y = widgets::centered_y(line, ui.fonts.small_text);
    ImFont* font = row.differs ? ui.fonts.small_strong : ui.fonts.small_text;
    widgets::draw_text_within(font, line.x + ui.px(kPad), y, key_width - ui.px(8),
                              row.differs ? ui.theme->text() : ui.theme->secondary(), row.key);
    for (size_t run = 0; run < row.values.size(); ++run) {
      widgets::draw_text_within(font,
                                line.x + ui.px(kPad) + key_width + static_cast<float>(run) * column,
                                y, column - ui.px(12), ui.theme->text(),
                                row.values[run].empty() ? "\u2013" : row.values[run]);
    }
  });
}

}  // namespace

void draw_train_bottom(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                       TrainFilm& film) {
  const view::TrainLook& look = state.train.look;
  struct Tab {
    view::TrainBottom bottom;
    const char* name;
    const char* text;
  };
  constexpr Tab kTabs[] = {{view::TrainBottom::kLog, "train.tab.log", "Log"},
                           {view::TrainBottom::kProbes, "train.tab.probes", "Probe queries"},
                           {view::TrainBottom::kSamples, "train.tab.samples", "Samples"},
                           {view::TrainBottom::kSettings, "train.tab.settings", "Settings"},
                           {view::TrainBottom::kNotes, "train.tab.notes", "Notes"},
                           {view::TrainBottom::kMachine, "train.tab.machine", "Machine"}};
  float x = box.x + ui.px(kPad) - ui.px(8);
  const float y = box.y + ui.px(5);
  for (const Tab& tab : kTabs) {
    const widgets::ButtonOptions options{.kind = look.bottom == tab.bottom
                                                     ? widgets::ButtonKind::kNormal
                                                     : widgets::ButtonKind::kQuiet,
                                         .is_on = look.bottom == tab.bottom};
    if (widgets::button(ui, tab.name, x, y, tab.text, options)) {
      view::TrainLook next = look;
      next.bottom = tab.bottom;
      next.bottom_share.reset();
      ui.act(view::SetTrainLook{std::move(next)});
    }
    x += widgets::button_width(ui, tab.text, options) + ui.px(6);
  }
  const std::vector<const view::RunDetail*> details = view::shown_details(state.train);
  const view::Box below{box.x, box.y + ui.px(kHead), box.width, box.height - ui.px(kHead)};
  if (below.height < ui.px(kLine)) return;
  if (look.bottom == view::TrainBottom::kSettings) return draw_settings(state, ui, below);
  if (look.bottom == view::TrainBottom::kNotes) return draw_train_notes(state, ui, below);
  if (look.bottom == view::TrainBottom::kMachine) return draw_train_machine(state, ui, below);
  if (details.empty()) return;
  if (look.bottom == view::TrainBottom::kProbes)
    return film.draw(state, ui, below, *details.front());
  if (look.bottom == view::TrainBottom::kSamples)
    return draw_train_samples(state, ui, below, *details.front());
  const view::Box field{box.right() - ui.px(kPad) - ui.px(220), y, ui.px(220),
                        widgets::control_height(ui)};
  std::string filter = look.log_filter;
  if (widgets::input_field(ui, "train.log_filter", field, filter,
                           {.placeholder = "Search the log"})) {
    view::TrainLook next = look;
    next.log_filter = filter;
    ui.act(view::SetTrainLook{std::move(next)});
  }
  draw_log(state, ui, below, *details.front());
}

}  // namespace realm::panels
