// The form for a new run: task and preset, and the options with unit, default, meaning and cost.
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

constexpr float kPad = 18, kRow = 50, kField = 230;

constexpr const char* kTasks[] = {"pretrain", "ict", "mlm", "vocabulary"};
constexpr const char* kTaskTexts[] = {
    "pretrain: retriever and reader", "ict: the retriever\u2019s warm start",
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
    if (const auto index = widgets::drop_down(
            ui, name.c_str(), box, field.value.empty() ? "none" : field.value, shown, chosen, {}))
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
            widgets::drop_down(ui, name.c_str(), box, field.value, shown, chosen, {}))
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

float field_width(const Ui& ui, float width) { return std::min(ui.px(kField), width * 0.36F); }

// Where an option's key and meaning stand in a row of that width.
float text_width(const Ui& ui, float width) {
  return std::max(ui.px(40), width - 2 * ui.px(kPad) - field_width(ui, width) - ui.px(14));
}

// What it costs, as a sentence of its own; empty: nothing to speak of.
std::string cost_text(const view::FormField& field) {
  return field.cost.empty() ? std::string() : fmt::format("costs: {}", field.cost);
}

float row_height(Ui& ui, float width, const view::FormField& field) {
  const float wide = text_width(ui, width);
  float height = widgets::wrapped_height(ui.fonts.small_text, wide, field.meaning);
  if (const std::string cost = cost_text(field); !cost.empty())
    height += widgets::wrapped_height(ui.fonts.small_text, wide, cost);
  return std::max(ui.px(kRow), ui.px(24) + height + ui.px(8));
}

// The key with its meaning and its cost under it, the value at the right.
void draw_option(const view::WorkbenchState& state, Ui& ui, const view::Box& row,
                 const view::FormField& field) {
  const view::RunForm& form = *state.train.form;
  const bool changed = view::setting_of(form.plan, field.key) != nullptr;
  const float left = row.x + ui.px(kPad), right = row.right() - ui.px(kPad);
  const float wide = field_width(ui, row.width);
  const view::Box value{right - wide, row.y + ui.px(10), wide, widgets::control_height(ui)};
  const float width = text_width(ui, row.width);
  float x = left;
  ImFont* font = changed ? ui.fonts.strong : ui.fonts.body;
  x += widgets::draw_text_within(font, x, row.y + ui.px(6), width, ui.theme->text(), field.key);
  std::string aside = field.unit;
  if (changed)
    aside += fmt::format("{}usually {}", aside.empty() ? "" : ", ",
                         field.usual.empty() ? "none" : field.usual);
  widgets::draw_text_within(ui.fonts.small_text, x + ui.px(10), row.y + ui.px(8),
                            left + width - x - ui.px(10), ui.theme->secondary(), aside);
  const float height = widgets::draw_wrapped(ui.fonts.small_text, left, row.y + ui.px(24), width,
                                             ui.theme->secondary(), field.meaning);
  ui.note("train.meaning." + field.key, {left, row.y + ui.px(24), width, height});
  if (const std::string cost = cost_text(field); !cost.empty()) {
    const float top = row.y + ui.px(24) + height;
    const float more =
        widgets::draw_wrapped(ui.fonts.small_text, left, top, width, ui.theme->secondary(), cost);
    ui.note("train.cost." + field.key, {left, top, width, more});
  }
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
    const view::Box row{box.x, y, box.width, row_height(ui, box.width, field)};
    if (row.bottom() >= box.y && row.y <= box.bottom()) draw_option(state, ui, row, field);
    y = row.bottom();
  }
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, y - start.y + ui.px(16)});
}

}  // namespace

void draw_train_form(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.form", box, ui.theme->pane());
  const view::RunForm& form = *state.train.form;
  const float side_width = train_form_side_width(state, ui, box.width);
  const view::Box side{box.right() - side_width, box.y, side_width, box.height};
  const view::Box left{box.x, box.y, box.width - side_width - 1, box.height};
  const float x = left.x + ui.px(kPad);
  float y = left.y + ui.px(16);
  widgets::draw_text(ui.fonts.hero, x, y, ui.theme->text(), "A new run");
  y += ui.px(38);
  const float inner = left.width - 2 * ui.px(kPad), preset_width = std::min(ui.px(150), inner / 3);
  const float each = std::max(ui.px(40), std::min(ui.px(340), inner - preset_width - ui.px(12)));
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
          ui, "train.preset", {x + each + ui.px(12), y, preset_width, widgets::control_height(ui)},
          presets[static_cast<size_t>(preset)], presets, preset,
          "The values of a recipe, which the options below change"))
    change([&](view::RunForm& next) { next.plan.preset = kPresets[*chosen]; });
  y += ui.px(40);
  const widgets::ButtonOptions all{.kind = widgets::ButtonKind::kQuiet, .is_on = form.shows_all};
  if (widgets::button(ui, "train.all_options", x - ui.px(8), y,
                      form.shows_all ? "Only the main options" : "Show all options", all))
    change([](view::RunForm& next) { next.shows_all = !next.shows_all; });
  y += draw_train_place(state, ui, {x, y, inner, left.bottom() - y}, field_width(ui, left.width));
  widgets::hairline(ui, left.x, y, left.width);
  draw_options(state, ui, {left.x, y + 1, left.width, std::max(1.0F, left.bottom() - y - 1)});
  widgets::hairline(ui, side.x - 1, side.y, side.height, /*vertical=*/true);
  draw_train_form_side(state, ui, side);
}

}  // namespace realm::panels
