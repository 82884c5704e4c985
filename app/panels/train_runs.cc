#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "app/panels/menu.h"
#include "app/panels/train_parts.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/view/utf8.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kRow = 72, kTags = 22, kHead = 54, kPad = 14, kTrash = 58;
constexpr size_t kFewRuns = 6;  // are seen at a glance

float row_height(const Ui& ui, const RunSummary& run) {
  return ui.px(run.tags.empty() ? kRow : kRow + kTags);
}

// Words on a faint ground, as many as fit.
void draw_tags(Ui& ui, float x, float y, float right, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    const float width =
        std::min(widgets::text_width(ui.fonts.small_text, tag) + ui.px(12), right - x);
    if (width < std::min(ui.px(30), widgets::text_width(ui.fonts.small_text, tag))) return;
    ImGui::GetWindowDrawList()->AddRectFilled({x, y}, {x + width, y + ui.px(17)},
                                              widgets::u32(ui.theme->hover()), ui.px(3));
    widgets::draw_text_within(ui.fonts.small_text, x + ui.px(6), y + ui.px(1), width - ui.px(12),
                              ui.theme->body(), tag);
    x += width + ui.px(5);
  }
}

// Cut in its middle: what runs of a kind differ in stands at the end of their names.
void draw_name(ImFont* font, const ImVec2& at, float width, view::Color color,
               const std::string& name) {
  if (widgets::text_width(font, name) <= width) {
    widgets::draw_text(font, at.x, at.y, color, name);
    return;
  }
  size_t tail = name.size();
  while (tail > 0) {
    const size_t before = view::previous_stop(name, tail);
    if (widgets::text_width(font, std::string_view(name).substr(before)) > width * 0.4F) break;
    tail = before;
  }
  const std::string_view end = std::string_view(name).substr(tail);
  const float end_width = widgets::text_width(font, end);
  const float taken = widgets::draw_text_within(font, at.x, at.y, width - end_width, color,
                                                std::string_view(name).substr(0, tail));
  widgets::draw_text(font, at.x + taken, at.y, color, end);
}

// "5 min ago", "2 h ago".
std::string age_of(UnixMillis time, int64_t unix_seconds) {
  if (time == 0 || unix_seconds == 0) return {};
  const int64_t seconds = std::max<int64_t>(0, unix_seconds - time / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return fmt::format("{} min ago", seconds / 60);
  if (seconds < 86400) return fmt::format("{} h ago", seconds / 3600);
  return view::format_counted(seconds / 86400, "day") + " ago";
}

void draw_run_row(const view::WorkbenchState& state, Ui& ui, const view::Box& row,
                  const RunSummary& run, size_t index) {
  const view::TrainState& train = state.train;
  const bool selected = train.selected == run.id && !train.form;
  const bool compared =
      std::find(train.compared.begin(), train.compared.end(), run.id) != train.compared.end();
  const widgets::HitResult hit = widgets::hit(ui, fmt::format("train.row.{}", index).c_str(), row);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (selected || compared || hit.hovered) {
    list->AddRectFilled({row.x, row.y}, {row.right(), row.bottom()},
                        widgets::u32(selected ? ui.theme->selection : ui.theme->hover()));
  }
  if (selected || compared) {
    list->AddRectFilled({row.x, row.y}, {row.x + ui.px(3), row.bottom()},
                        widgets::u32(selected ? ui.theme->accent : ui.theme->faint()));
  }
  const int64_t stalled = view::stalled_seconds(run, state.unix_seconds);
  const float x = row.x + ui.px(kPad), top = row.y + ui.px(8);
  draw_state_dot(ui, x + ui.px(5), top + ui.px(9), run.state,
                 stalled > 0 || view::trouble_of(train, run.id) != nullptr);
  const float text_x = x + ui.px(20), right = row.right() - ui.px(kPad);
  const std::string* trouble = view::trouble_of(train, run.id);
  const std::string word = stalled > 0          ? "no progress"
                           : trouble != nullptr ? "incomplete"
                                                : std::string(view::state_word(run.state));
  const float word_width = widgets::text_width(ui.fonts.small_text, word);
  widgets::draw_text(
      ui.fonts.small_text, right - word_width, top + ui.px(2),
      trouble != nullptr ? ui.theme->warning : state_color(*ui.theme, run.state, stalled > 0),
      word);
  const std::string title = view::title_of(run);
  draw_name(ui.fonts.body, {text_x, top}, right - word_width - ui.px(8) - text_x, ui.theme->text(),
            title);
  const std::string steps = run.task == "vocabulary" ? std::string("word pieces")
                            : run.total_steps > 0
                                ? fmt::format("{} of {} steps", view::format_count(run.step),
                                              view::format_count(run.total_steps))
                                : fmt::format("step {}", view::format_count(run.step));
  const std::string age = age_of(view::is_alive(run) ? run.started
                                 : run.ended > 0     ? run.ended
                                                     : run.heartbeat,
                                 state.unix_seconds);
  widgets::draw_text_within(ui.fonts.small_text, text_x, top + ui.px(21), right - text_x,
                            ui.theme->secondary(),
                            age.empty() ? steps : fmt::format("{} \u00B7 {}", steps, age));
  widgets::draw_text_within(ui.fonts.small_text, text_x, top + ui.px(40), right - text_x,
                            ui.theme->body(), view::result_of(train, run));
  draw_tags(ui, text_x, top + ui.px(61), right, run.tags);
  if (view::is_alive(run)) {
    if (const std::optional<double> done = view::share_done(run))
      widgets::progress_line(ui, text_x, row.bottom() - ui.px(7), right - text_x, *done);
  }
  if (hit.hovered) {
    std::string about = run.id;
    if (view::label_of(run) != run.id) about += "\n" + title;
    if (!run.note.empty()) about += "\n" + run.note;
    widgets::tooltip(ui, trouble != nullptr ? run.id + "\n" + *trouble : about,
                     "A click shows it; Ctrl and a click puts its curves beside those shown.");
  }
  if (hit.clicked) ui.act(view::SelectRun{run.id, ImGui::GetIO().KeyCtrl});
  const bool ended = !view::is_alive(run) && !view::is_read_only(state);
  const view::CheckpointOffer offer = view::offer_checkpoint(state, run.id, std::nullopt);
  const std::string ask =
      offer.step ? fmt::format("Ask its checkpoint of step {}", view::format_count(*offer.step))
                 : std::string("Ask its newest checkpoint");
  const std::array<MenuItem, 4> items = {
      MenuItem{"compare", compared ? "Compare no more" : "Compare with the run shown",
               view::SelectRun{run.id, true}, train.selected != run.id},
      MenuItem{"ask", ask, view::AskCheckpoint{run.id}, offer.step.has_value()},
      MenuItem{"copy", "Copy the run's name", view::CopyText{run.id, "the run's name"}},
      MenuItem{"delete", view::is_alive(run) ? "Delete (once it has stopped)" : "Delete",
               view::EraseRun{run.id}, ended}};
  widgets::IdScope id(static_cast<int>(index));
  context_menu(ui, "train.row_menu", hit.right_clicked, items);
}

void draw_rows(const view::WorkbenchState& state, Ui& ui, const view::Box& list,
               const std::vector<size_t>& listed) {
  widgets::PaneScope rows("train.rows", list, ui.theme->window());
  const ImVec2 start = ImGui::GetCursorScreenPos();
  float y = start.y;
  const auto& runs = *state.train.snapshot->runs;
  if (listed.empty() && !runs.empty()) {
    widgets::draw_wrapped(ui.fonts.small_text, list.x + ui.px(kPad), y + ui.px(6),
                          list.width - 2 * ui.px(kPad), ui.theme->secondary(),
                          "No run has all of these words in its name, task, state, model, tags or "
                          "note.");
  }
  for (const size_t i : listed) {
    const view::Box row{list.x, y, list.width, row_height(ui, runs[i])};
    // Only what is in sight is drawn.
    if (row.bottom() >= list.y && row.y <= list.bottom()) draw_run_row(state, ui, row, runs[i], i);
    y = row.bottom();
  }
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, y - start.y});
}

void draw_filter(const view::WorkbenchState& state, Ui& ui, const view::Box& line) {
  view::TrainLook look = state.train.look;
  const view::Box field{line.x + ui.px(kPad), line.y, line.width - 2 * ui.px(kPad), line.height};
  if (widgets::input_field(ui, "train.run_filter", field, look.run_filter,
                           {.placeholder = "Search the runs"}))
    ui.act(view::SetTrainLook{std::move(look)});
}

// What was deleted, and the way back.
void draw_trash(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.trash", box, ui.theme->window());
  widgets::hairline(ui, box.x, box.y, box.width);
  const view::CommandState can = view::command_state(state, "train.undelete");
  const widgets::ButtonOptions options{.enabled = can.enabled,
                                       .hint = can.enabled ? can.title : can.reason};
  const float x = box.x + ui.px(kPad), right = box.right() - ui.px(kPad);
  const float button_x = right - widgets::button_width(ui, "Put back", options);
  const auto count = static_cast<int64_t>(state.train.snapshot->deleted->size());
  widgets::draw_text_within(ui.fonts.small_text, x, box.y + ui.px(12), button_x - x - ui.px(8),
                            ui.theme->body(), view::format_counted(count, "deleted run"));
  widgets::draw_text_within(ui.fonts.small_text, x, box.y + ui.px(30), button_x - x - ui.px(8),
                            ui.theme->secondary(), "until the window closes");
  if (widgets::button(ui, "train.undelete", button_x, box.y + ui.px(14), "Put back", options))
    ui.act(view::RunCommand{"train.undelete"});
}

}  // namespace

view::Color state_color(const view::Theme& theme, RunState state, bool is_stalled) {
  if (is_stalled || state == RunState::kFailed || state == RunState::kLost) return theme.warning;
  if (state == RunState::kRunning || state == RunState::kCreated || state == RunState::kQueued)
    return theme.accent;
  if (state == RunState::kFinished) return theme.gold;
  return theme.secondary();
}

void draw_state_dot(Ui& ui, float x, float y, RunState run, bool is_stalled) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 color = widgets::u32(state_color(*ui.theme, run, is_stalled));
  const float radius = ui.px(4.5F);
  if (is_stalled || run == RunState::kFailed || run == RunState::kLost) {
    list->AddRectFilled({x - radius, y - radius}, {x + radius, y + radius}, color, ui.px(1));
  } else if (run == RunState::kRunning || run == RunState::kFinished) {
    list->AddCircleFilled({x, y}, radius, color, 20);
  } else {
    list->AddCircle({x, y}, radius - ui.px(0.75F), color, 20, std::max(1.0F, ui.px(1.5F)));
  }
}

void draw_train_runs(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.runs", box, ui.theme->window());
  const auto& runs = *state.train.snapshot->runs;
  const view::CommandState can = view::command_state(state, "train.new");
  const widgets::ButtonOptions button{
      .kind = state.train.form ? widgets::ButtonKind::kNormal : widgets::ButtonKind::kPrimary,
      .enabled = can.enabled,
      .is_on = state.train.form.has_value(),
      .hint = can.enabled ? "Ctrl+Shift+N" : std::string_view(can.reason)};
  const std::vector<size_t> listed = view::listed_runs(state.train);
  const std::string count = view::format_counted(static_cast<int64_t>(runs.size()), "run");
  const float button_x =
      box.right() - ui.px(kPad) - widgets::button_width(ui, "New run\u2026", button);
  widgets::draw_text(
      ui.fonts.strong, box.x + ui.px(kPad),
      widgets::centered_y({box.x, box.y, box.width, ui.px(kHead)}, ui.fonts.strong),
      ui.theme->text(),
      listed.size() == runs.size()
          ? count
          : fmt::format("{} of {}", view::format_count(static_cast<int64_t>(listed.size())),
                        count));
  if (widgets::button(ui, "train.new", button_x, box.y + ui.px(12), "New run\u2026", button))
    ui.act(view::RunCommand{"train.new"});
  const auto& trash = *state.train.snapshot->deleted;
  const float bottom = trash.empty() ? 0 : ui.px(kTrash);
  float head = ui.px(kHead);
  if (runs.size() > kFewRuns || !state.train.look.run_filter.empty()) {
    draw_filter(state, ui, {box.x, box.y + head, box.width, widgets::control_height(ui)});
    head += widgets::control_height(ui) + ui.px(10);
  }
  const view::Box list{box.x, box.y + head, box.width, std::max(1.0F, box.height - head - bottom)};
  draw_rows(state, ui, list, listed);
  if (!trash.empty()) draw_trash(state, ui, {box.x, list.bottom(), box.width, bottom});
}

}  // namespace realm::panels
