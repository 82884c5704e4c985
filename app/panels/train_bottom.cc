// What stands below the charts, a tab each; the log and the settings are here.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/panels/train_parts.h"
#include "app/view/number_format.h"
#include "app/view/train_log.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kHead = 40, kLine = 22, kGap = 8;
constexpr float kField = 220, kLeastField = 110;  // where words are searched for

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

// Of the count of errors, at the longest that it usually is: what stands beside it stays in place.
float count_width(Ui& ui, std::string_view errors) {
  return std::max(widgets::text_width(ui.fonts.small_text, errors),
                  widgets::text_width(ui.fonts.small_text, "error 1 of 2"));
}

float log_tools_width(Ui& ui, std::string_view errors) {
  float width = count_width(ui, errors) + ui.px(kGap);
  for (const char* text : {"Copy", "<", ">"})
    width += widgets::button_width(ui, text) + ui.px(kGap);
  return width;
}

// The copy, the way from error to error, the words that are searched for, up to the line's right
// end. Gives the error that the user goes to.
std::optional<size_t> draw_log_tools(const view::WorkbenchState& state, Ui& ui,
                                     const view::Box& line, const view::ShownLog& log) {
  const view::TrainLook& look = state.train.look;
  const std::optional<size_t> marked = view::find_line(log, look.log_mark);
  const std::string errors = view::errors_text(log, marked);
  float x = std::max(line.x, line.right() - log_tools_width(ui, errors) - ui.px(kField));
  const auto place = [&](const char* name, const char* text, bool enabled, std::string_view hint) {
    const widgets::ButtonOptions options{.enabled = enabled, .hint = hint};
    const bool clicked = widgets::button(ui, name, x, line.y, text, options);
    x += widgets::button_width(ui, text, options) + ui.px(kGap);
    return clicked;
  };
  const bool has_lines = !log.lines.empty(), has_errors = !log.errors.empty();
  if (place("train.log_copy", "Copy", has_lines,
            has_lines ? "Copies the lines that are shown" : "There is no line."))
    ui.act(view::CopyText{view::log_text(log), "the lines of the log"});
  const view::Box count{x, line.y, count_width(ui, errors), line.height};
  widgets::draw_text(ui.fonts.small_text, x, widgets::centered_y(count, ui.fonts.small_text),
                     has_errors ? ui.theme->warning : ui.theme->secondary(), errors);
  ui.note("train.log_errors", count);
  x = count.right() + ui.px(kGap);
  const std::string_view none = look.log_filter.empty()
                                    ? "No line is an error."
                                    : "No line that has these words is an error.";
  std::optional<size_t> to;
  if (place("train.error_before", "<", has_errors, has_errors ? "The error before" : none))
    to = view::next_error(log, marked, -1);
  if (place("train.error_after", ">", has_errors, has_errors ? "The next error" : none))
    to = view::next_error(log, marked, 1);
  view::TrainLook next = look;
  const view::Box field{x, line.y, line.right() - x, line.height};
  if (field.width > ui.px(40))
    widgets::input_field(ui, "train.log_filter", field, next.log_filter,
                         {.placeholder = "Search the log"});
  if (to) next.log_mark = view::key_of(*log.lines[*to]);
  if (next != look) ui.act(view::SetTrainLook{std::move(next)});
  return to;
}

void draw_log_line(Ui& ui, const view::Box& line, const RunEvent& event, bool is_marked) {
  ui.note("train.log_line", line);  // the last one drawn
  if (is_marked) {
    ui.note("train.log_mark", line);
    ImGui::GetWindowDrawList()->AddRectFilled({line.x, line.y}, {line.right(), line.bottom()},
                                              widgets::u32(ui.theme->selection));
  }
  const bool is_error = view::is_error(event), is_warning = event.kind == "warning";
  float x = line.x + ui.px(kPad);
  const float y = widgets::centered_y(line, ui.fonts.small_text);
  widgets::draw_text(ui.fonts.mono, x, widgets::centered_y(line, ui.fonts.mono),
                     ui.theme->secondary(), view::clock_text(event.time));
  x += ui.px(76);
  widgets::draw_text_right(ui.fonts.small_text, x + ui.px(56), y, ui.theme->secondary(),
                           view::format_count(event.step));
  x += ui.px(70);
  widgets::draw_text_within(is_error ? ui.fonts.small_strong : ui.fonts.small_text, x, y, ui.px(76),
                            is_error || is_warning ? ui.theme->warning : ui.theme->secondary(),
                            event.kind);
  x += ui.px(84);
  widgets::draw_text_within(ui.fonts.small_text, x, y, line.right() - ui.px(kPad) - x,
                            is_error ? ui.theme->warning : ui.theme->text(), event.message);
}

// Scrolls to line `to` where there is one.
void draw_log(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
              const view::ShownLog& log, std::optional<size_t> to) {
  const float height = ui.px(kLine);
  // Whole lines: at its end the first one in sight is not cut.
  const view::Box lines{box.x, box.y, box.width, std::floor(box.height / height) * height};
  ui.note("train.log_lines", lines);
  widgets::PaneScope pane("train.log_lines", lines, ui.theme->pane());
  if (log.lines.empty()) {
    widgets::draw_text(ui.fonts.body, box.x + ui.px(kPad), box.y + ui.px(6), ui.theme->secondary(),
                       state.train.look.log_filter.empty() ? "Nothing has been said yet."
                                                           : "No line has all of these words.");
    return;
  }
  // At the end, which is where news come, until somebody scrolls up.
  const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
  const std::optional<size_t> marked = view::find_line(log, state.train.look.log_mark);
  draw_lines(lines, log.lines.size(), height, [&](size_t i, const view::Box& line) {
    draw_log_line(ui, line, *log.lines[i], i == marked);
  });
  if (to) {  // to the middle, again by whole lines
    const float before = std::floor((lines.height / height - 1) / 2);
    ImGui::SetScrollY(std::max(0.0F, (static_cast<float>(*to) - before) * height));
  } else if (at_end) {
    ImGui::SetScrollHereY(1.0F);
  }
}

// `line` is what the tabs have left of theirs: the tools stand there, or below it where that is too
// little.
void draw_log_part(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
                   const view::Box& below, const view::RunDetail& detail) {
  const RunSummary* run = view::find_run(state.train, detail.run);
  if (run == nullptr) return;
  const view::ShownLog log = view::shown_log(*run, detail, state.train.look.log_filter);
  const std::string errors =
      view::errors_text(log, view::find_line(log, state.train.look.log_mark));
  view::Box tools = line, lines = below;
  if (line.width < log_tools_width(ui, errors) + ui.px(kLeastField)) {
    tools = {below.x + ui.px(kPad), below.y, below.width - 2 * ui.px(kPad), line.height};
    lines.y += ui.px(kHead);
    lines.height -= ui.px(kHead);
  }
  const std::optional<size_t> to = draw_log_tools(state, ui, tools, log);
  if (lines.height >= ui.px(kLine)) draw_log(state, ui, lines, log, to);
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
  ui.note("train.setting_lines", box);
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
  const view::Box line{x, y, box.right() - ui.px(kPad) - x, widgets::control_height(ui)};
  draw_log_part(state, ui, line, below, *details.front());
}

}  // namespace realm::panels
