// The form for a new run: task and preset, the options with unit, default and meaning, and what the
// run would need.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/train_parts.h"
#include "app/view/machine_state.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kRow = 50, kField = 230, kSide = 290;

constexpr const char* kTasks[] = {"pretrain", "ict", "mlm", "vocabulary"};
constexpr const char* kTaskTexts[] = {
    "pretrain: retriever and reader together", "ict: the retriever\u2019s warm start",
    "mlm: a reader, or plain BERT", "vocabulary: word pieces of the corpus"};
constexpr const char* kPresets[] = {"starter", "english-cpu", "english-gpu", "paper", ""};

std::vector<std::string> texts(std::span<const char* const> items) {
  std::vector<std::string> out;
  for (const char* item : items) out.emplace_back(*item == '\0' ? "no preset" : item);
  return out;
}

int index_of(std::span<const char* const> items, std::string_view text) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (text == items[i]) return static_cast<int>(i);
  }
  return 0;
}

void draw_value(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                const view::FormField& field) {
  const view::RunForm& form = *state.train.form;
  const std::string name = "train.option." + field.key;
  const auto set = [&](const std::string& value) {
    view::RunForm next = form;
    const bool usual = value == field.usual;
    view::change_setting(next.plan, field.key, usual ? nullptr : &value);
    ui.act(view::ChangeRunForm{std::move(next)});
  };
  std::vector<std::string> names = field.names;
  if (field.kind == "true or false") names = {"true", "false"};
  if (!names.empty()) {
    const auto at = std::find(names.begin(), names.end(), field.value);
    const int chosen = at == names.end() ? -1 : static_cast<int>(at - names.begin());
    std::vector<std::string> shown = names;
    std::replace(shown.begin(), shown.end(), std::string(), std::string("none"));
    if (const auto index =
            widgets::drop_down(ui, name.c_str(), box, field.value.empty() ? "none" : field.value,
                               shown, chosen, field.meaning))
      set(names[static_cast<size_t>(*index)]);
    return;
  }
  if (field.key == "device") {
    const auto choices = view::device_choices(view::newest_sample(state.machine.get()));
    std::vector<std::string> shown;
    int chosen = -1;
    for (const view::DeviceChoice& choice : choices) {
      if (choice.device == field.value) chosen = static_cast<int>(shown.size());
      shown.push_back(choice.text);
    }
    if (const auto index =
            widgets::drop_down(ui, name.c_str(), box, field.value, shown, chosen, field.meaning))
      set(choices[static_cast<size_t>(*index)].device);
    return;
  }
  // What was typed stands in the plan, also where it cannot be read.
  const std::string* setting = view::setting_of(form.plan, field.key);
  std::string value = setting != nullptr ? setting->substr(field.key.size() + 1) : field.value;
  if (widgets::input_field(ui, name.c_str(), box, value,
                           {.placeholder = field.usual.empty() ? "none" : field.usual.c_str()}))
    set(value);
}

// The key with its meaning under it, the value at the right.
void draw_option(const view::WorkbenchState& state, Ui& ui, const view::Box& row,
                 const view::FormField& field) {
  const view::RunForm& form = *state.train.form;
  const bool changed = view::setting_of(form.plan, field.key) != nullptr;
  const float left = row.x + ui.px(kPad), right = row.right() - ui.px(kPad);
  const view::Box value{right - ui.px(kField), row.y + ui.px(10), ui.px(kField),
                        widgets::control_height(ui)};
  const float width = value.x - ui.px(14) - left;
  float x = left;
  ImFont* font = changed ? ui.fonts.strong : ui.fonts.body;
  x += widgets::draw_text_within(font, x, row.y + ui.px(6), width, ui.theme->text(), field.key);
  std::string aside = field.unit;
  if (changed)
    aside += fmt::format("{}usually {}", aside.empty() ? "" : ", ",
                         field.usual.empty() ? "none" : field.usual);
  widgets::draw_text_within(ui.fonts.small_text, x + ui.px(10), row.y + ui.px(8),
                            left + width - x - ui.px(10), ui.theme->secondary(), aside);
  widgets::draw_text_within(ui.fonts.small_text, left, row.y + ui.px(26), width,
                            ui.theme->secondary(), field.meaning);
  const widgets::HitResult hit =
      widgets::hit(ui, ("train.meaning." + field.key).c_str(), {left, row.y, width, row.height});
  if (hit.hovered) widgets::tooltip(ui, field.meaning, aside);
  draw_value(state, ui, value, field);
}

void draw_options(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const view::RunForm& form = *state.train.form;
  const auto& plan = state.train.snapshot ? state.train.snapshot->plan : nullptr;
  widgets::PaneScope pane("train.options", box, ui.theme->pane());
  if (!plan || plan->plan.task != form.plan.task) {
    widgets::progress_line(ui, box.x + ui.px(kPad), box.y + ui.px(10), ui.px(240), -1);
    return;
  }
  const ImVec2 start = ImGui::GetCursorScreenPos();
  float y = start.y;
  std::string group;
  for (const view::FormField& field : plan->fields) {
    if (field.key == "task" || field.key == "workspace") continue;
    const bool main = view::is_main_option(field.key, form.plan.task) ||
                      view::setting_of(form.plan, field.key) != nullptr;
    if (!form.shows_all && !main) continue;
    if (form.shows_all && field.group != group) {
      group = field.group;
      widgets::draw_text(ui.fonts.small_strong, box.x + ui.px(kPad), y + ui.px(12),
                         ui.theme->secondary(), group);
      y += ui.px(34);
    }
    const view::Box row{box.x, y, box.width, ui.px(kRow)};
    if (row.bottom() >= box.y && row.y <= box.bottom()) draw_option(state, ui, row, field);
    y = row.bottom();
  }
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, y - start.y + ui.px(16)});
}

// What the run needs, and what stands in its way.
void draw_side(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.side", box, ui.theme->window());
  const view::RunForm& form = *state.train.form;
  const auto& plan = state.train.snapshot ? state.train.snapshot->plan : nullptr;
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float x = box.x + ui.px(16), width = box.width - ui.px(32);
  float y = top.y + ui.px(16);
  const view::CommandState can = view::command_state(state, "train.start");
  const widgets::ButtonOptions start{
      .kind = widgets::ButtonKind::kPrimary,
      .enabled = can.enabled,
      .hint = can.enabled ? "Ctrl+Enter" : std::string_view(can.reason)};
  if (widgets::button(ui, "train.start", x, y, "Start", start))
    ui.act(view::RunCommand{"train.start"});
  if (widgets::button(ui, "train.leave", x + widgets::button_width(ui, "Start", start) + ui.px(8),
                      y, "Cancel", {.hint = "Esc"}))
    ui.act(view::RunCommand{"train.leave"});
  y += ui.px(46);
  const bool waits = form.pending != 0 || !plan || plan->plan != form.plan;
  if (waits) {
    widgets::progress_line(ui, x, y, width, -1);
    y += ui.px(14);
  } else if (!plan->problem.empty()) {
    ImGui::GetWindowDrawList()->AddRectFilled({x, y + ui.px(4)}, {x + ui.px(8), y + ui.px(12)},
                                              widgets::u32(ui.theme->warning), ui.px(1));
    const float height = widgets::draw_wrapped(ui.fonts.body, x + ui.px(16), y, width - ui.px(16),
                                               ui.theme->text(), plan->problem);
    ui.note("train.problem", {x, y, width, height});
    y += height + ui.px(14);
  }
  const auto section = [&](const char* title, const char* name, ImFont* font,
                           const std::string& text) {
    if (text.empty()) return;
    widgets::draw_text(ui.fonts.small_strong, x, y, ui.theme->secondary(), title);
    y += ui.px(22);
    const float height = widgets::draw_wrapped(font, x, y, width, ui.theme->body(), text);
    ui.note(name, {x, y, width, height});
    y += height + ui.px(14);
  };
  if (!waits) {
    section("what it needs", "train.needs", ui.fonts.small_text, plan->needs);
    section("what Slurm is sent", "train.script", ui.fonts.mono, plan->script);
  }
  const bool is_job = form.plan.launch.place == LaunchPlace::kSlurm;
  y += widgets::draw_wrapped(
      ui.fonts.small_text, x, y, width, ui.theme->secondary(),
      is_job ? "The run is a job of the cluster\u2019s. It goes on when this window is closed."
             : "The run is a process of its own. It goes on when this window is closed.");
  // A script may be longer than the pane.
  ImGui::SetCursorScreenPos(top);
  ImGui::Dummy({1, y - top.y + ui.px(16)});
}

}  // namespace

void draw_train_form(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.form", box, ui.theme->pane());
  const view::RunForm& form = *state.train.form;
  const float side_width = std::min(ui.px(kSide), box.width * 0.34F);
  const view::Box side{box.right() - side_width, box.y, side_width, box.height};
  const view::Box left{box.x, box.y, box.width - side_width - 1, box.height};
  const float x = left.x + ui.px(kPad);
  float y = left.y + ui.px(16);
  widgets::draw_text(ui.fonts.hero, x, y, ui.theme->text(), "A new run");
  y += ui.px(38);
  const float each = std::min(ui.px(290), (left.width - 3 * ui.px(kPad)) / 2);
  const int task = index_of(kTasks, form.plan.task), preset = index_of(kPresets, form.plan.preset);
  const std::vector<std::string> tasks = texts(kTaskTexts), presets = texts(kPresets);
  const auto change = [&](auto&& edit) {
    view::RunForm next = form;
    edit(next);
    ui.act(view::ChangeRunForm{std::move(next)});
  };
  if (const auto chosen =
          widgets::drop_down(ui, "train.task", {x, y, each, widgets::control_height(ui)},
                             tasks[static_cast<size_t>(task)], tasks, task, "What is trained"))
    change([&](view::RunForm& next) { next.plan.task = kTasks[*chosen]; });
  if (const auto chosen = widgets::drop_down(
          ui, "train.preset", {x + each + ui.px(12), y, ui.px(150), widgets::control_height(ui)},
          presets[static_cast<size_t>(preset)], presets, preset,
          "The values of a recipe, which the options below change"))
    change([&](view::RunForm& next) { next.plan.preset = kPresets[*chosen]; });
  if (form.plan.task != "vocabulary") {
    static const std::vector<std::string> kRanks = {"1 process", "2 processes", "4 processes",
                                                    "8 processes"};
    constexpr int kCounts[] = {1, 2, 4, 8};
    const auto* const at =
        std::find(std::begin(kCounts), std::end(kCounts), form.plan.launch.ranks);
    const int chosen = at == std::end(kCounts) ? 0 : static_cast<int>(at - std::begin(kCounts));
    const float ranks_x = x + each + ui.px(174);
    const view::Box box_of_ranks{ranks_x, y,
                                 std::min(ui.px(126), left.right() - ranks_x - ui.px(8)),
                                 widgets::control_height(ui)};
    if (box_of_ranks.width > ui.px(90)) {
      if (const auto index = widgets::drop_down(
              ui, "train.ranks", box_of_ranks, kRanks[static_cast<size_t>(chosen)], kRanks, chosen,
              "Processes that train it together, sharing each batch; with cards, one a card"))
        change([&](view::RunForm& next) { next.plan.launch.ranks = kCounts[*index]; });
    }
  }
  y += ui.px(40);
  const widgets::ButtonOptions all{.kind = widgets::ButtonKind::kQuiet, .is_on = form.shows_all};
  if (widgets::button(ui, "train.all_options", x - ui.px(8), y,
                      form.shows_all ? "Only the main options" : "Show all options", all))
    change([](view::RunForm& next) { next.shows_all = !next.shows_all; });
  y += draw_train_place(state, ui, {x, y, left.right() - ui.px(kPad) - x, left.bottom() - y});
  widgets::hairline(ui, left.x, y, left.width);
  draw_options(state, ui, {left.x, y + 1, left.width, std::max(1.0F, left.bottom() - y - 1)});
  widgets::hairline(ui, side.x - 1, side.y, side.height, /*vertical=*/true);
  draw_side(state, ui, side);
}

}  // namespace realm::panels
