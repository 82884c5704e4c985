#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/train_parts.h"
#include "app/view/curve_axis.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/view/train_waiting.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kTile = 46, kLeastTile = 112;

struct HeadButton {
  const char* command;
  const char* text;
};

// From right to left; gives the x where the first begins.
float draw_buttons(const view::WorkbenchState& state, Ui& ui, float right, float y,
                   const RunSummary& run) {
  const bool alive = view::is_alive(run);
  const HeadButton going[] = {{"train.stop", "Save and stop"},
                              {run.state == RunState::kPaused ? "train.resume" : "train.pause",
                               run.state == RunState::kPaused ? "Go on" : "Pause"},
                              {"train.checkpoint", "Checkpoint"},
                              {"train.refresh", "Refresh index"},
                              {"train.ask_checkpoint", "Ask it"}};
  const HeadButton ended[] = {{"train.resume", "Resume"},
                              {"train.extend", "Extend\u2026"},
                              {"train.ask_checkpoint", "Ask it"}};
  // What it is asked for now, its trainer takes up once it has begun.
  const HeadButton starting[] = {{"train.stop", "Save and stop"},
                                 {"train.ask_checkpoint", "Ask it"}};
  const HeadButton queued[] = {{"train.stop", "Leave the queue"}};
  float x = right;
  const auto place = [&](const HeadButton& item) {
    const view::CommandState can = view::command_state(state, item.command);
    const std::string_view command = item.command;
    const bool done = run.state == RunState::kFinished;
    if (command == "train.resume" && done) return;
    if (command == "train.refresh" && run.task != "pretrain") return;
    const bool needs_steps = command == "train.extend" || command == "train.ask_checkpoint";
    if (needs_steps && run.task == "vocabulary") return;
    const widgets::ButtonOptions options{
        .enabled = can.enabled,
        .hint = can.enabled ? std::string_view(can.title) : std::string_view(can.reason)};
    x -= widgets::button_width(ui, item.text, options);
    if (widgets::button(ui, item.command, x, y, item.text, options))
      ui.act(view::RunCommand{item.command});
    x -= ui.px(8);
  };
  if (run.state == RunState::kQueued) {
    for (const HeadButton& item : queued) place(item);
  } else if (run.state == RunState::kCreated) {
    for (const HeadButton& item : starting) place(item);
  } else if (alive) {
    for (const HeadButton& item : going) place(item);
  } else {
    for (const HeadButton& item : ended) place(item);
  }
  return x;
}

void draw_gauges(Ui& ui, const view::Box& box, const std::vector<view::Gauge>& gauges) {
  if (gauges.empty()) return;
  const auto fit = static_cast<size_t>(std::max(1.0F, box.width / ui.px(kLeastTile)));
  const size_t count = std::min(gauges.size(), fit);
  const float width = box.width / static_cast<float>(count);
  for (size_t i = 0; i < count; ++i) {
    const view::Gauge& gauge = gauges[i];
    const view::Box tile{box.x + static_cast<float>(i) * width, box.y, width - ui.px(10),
                         box.height};
    widgets::draw_text_within(ui.fonts.small_text, tile.x, tile.y, tile.width,
                              ui.theme->secondary(), gauge.label);
    const std::string last = gauge.is_count || std::abs(gauge.last) >= 1000
                                 ? view::format_count(std::llround(gauge.last))
                                 : view::format_curve_value(gauge.last);
    widgets::draw_text_within(ui.fonts.hero, tile.x, tile.y + ui.px(17), tile.width,
                              ui.theme->text(), last);
    const float used = widgets::text_width(ui.fonts.hero, last) + ui.px(8);
    // Where there is no room for the best value, the hint has it.
    const std::string best =
        gauge.best ? fmt::format("best {}", view::format_curve_value(*gauge.best)) : gauge.unit;
    if (used + widgets::text_width(ui.fonts.small_text, best) <= tile.width) {
      widgets::draw_text(ui.fonts.small_text, tile.x + used, tile.y + ui.px(24),
                         ui.theme->secondary(), best);
    }
    const std::string name = fmt::format("train.gauge.{}", gauge.name);
    if (widgets::hit(ui, name.c_str(), tile).hovered) {
      widgets::tooltip(
          ui, gauge.meaning,
          gauge.best ? fmt::format("{}: last {}, best {}", gauge.name,
                                   view::format_exact(gauge.last), view::format_exact(*gauge.best))
                     : fmt::format("{}: {}", gauge.name, view::format_exact(gauge.last)));
    }
  }
}

// A dot, a name and what it does, one beside the other. Works: full; waits: a ring; off: a dash.
float draw_lights(Ui& ui, float x, float y, float right,
                  const std::vector<view::TrainLight>& lights) {
  const float height = ui.px(24);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const view::TrainLight& light : lights) {
    const view::Box line{x, y, right - x, height};
    const float text_y = widgets::centered_y(line, ui.fonts.small_text), middle = y + height / 2;
    const bool works = light.state == view::LightState::kWorks;
    const ImU32 color = widgets::u32(works ? ui.theme->gold : ui.theme->secondary());
    if (works) {
      list->AddCircleFilled({x + ui.px(4), middle}, ui.px(4), color, 20);
    } else if (light.state == view::LightState::kWaits) {
      list->AddCircle({x + ui.px(4), middle}, ui.px(3.5F), color, 20, std::max(1.0F, ui.px(1.5F)));
    } else {
      list->AddRectFilled({x, middle - ui.px(1)}, {x + ui.px(8), middle + ui.px(1)}, color);
    }
    float at = x + ui.px(14);
    widgets::draw_text(ui.fonts.small_strong, at, text_y, ui.theme->text(), light.name);
    at += widgets::text_width(ui.fonts.small_strong, light.name) + ui.px(7);
    widgets::draw_text(ui.fonts.small_text, at, text_y, ui.theme->secondary(), light.text);
    at += widgets::text_width(ui.fonts.small_text, light.text);
    if (light.done) {
      at += ui.px(8);
      widgets::progress_line(ui, at, middle - 1, ui.px(60), *light.done);
      at += ui.px(60);
    }
    ui.note("train.light." + light.name, {x, y, at - x, height});
    x = at + ui.px(24);
    if (x > right) break;
  }
  return height;
}

}  // namespace

float draw_train_head(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const RunSummary& run = *view::selected_run(state.train);
  const std::vector<const view::RunDetail*> details = view::shown_details(state.train);
  const int64_t stalled = view::stalled_seconds(run, state.unix_seconds);
  const float left = box.x + ui.px(kPad), right = box.right() - ui.px(kPad);
  float y = box.y + ui.px(14);
  const float buttons = draw_buttons(state, ui, right, y - ui.px(2), run);
  draw_state_dot(ui, left + ui.px(5), y + ui.px(12), run.state, stalled > 0);
  widgets::draw_text_within(ui.fonts.hero, left + ui.px(20), y, buttons - left - ui.px(28),
                            ui.theme->text(), run.id);
  y += ui.px(32);
  std::string sentence = view::state_sentence(run, state.unix_seconds);
  const bool has_steps = run.state != RunState::kFinished && run.state != RunState::kQueued;
  if (view::counts_steps(run) && has_steps) {
    sentence += fmt::format(" Step {} of {}", view::format_count(run.step),
                            view::format_count(run.total_steps));
    const auto left_over =
        details.empty() ? std::nullopt : view::seconds_left(run, *details.front());
    sentence +=
        left_over ? fmt::format(", about {} to go.", view::format_seconds(*left_over)) : ".";
  }
  // Behind the rest, so that what is below moves only where the sentence takes another line.
  const std::string waiting = view::waiting_sentence(run);
  if (!waiting.empty()) sentence += (sentence.empty() ? "" : " ") + waiting;
  const view::Color color =
      stalled > 0 || run.state == RunState::kFailed || run.state == RunState::kLost
          ? ui.theme->warning
          : ui.theme->body();
  const float text = widgets::draw_wrapped(ui.fonts.body, left, y, right - left, color, sentence);
  ui.note("train.sentence", {left, y, right - left, text});
  if (!waiting.empty()) ui.note("train.waiting", {left, y, right - left, text});
  y += text + ui.px(10);
  if (const std::string* trouble = view::trouble_of(state.train, run.id)) {
    y -= ui.px(6);
    const float height =
        widgets::draw_wrapped(ui.fonts.body, left, y, right - left, ui.theme->warning, *trouble);
    ui.note("train.trouble", {left, y, right - left, height});
    y += height + ui.px(10);
  }
  if (!details.empty()) {
    const std::vector<view::TrainLight> lights = view::lights_of(run, *details.front());
    if (!lights.empty()) y += draw_lights(ui, left, y - ui.px(4), right, lights) + ui.px(4);
    const std::vector<view::Gauge> gauges = view::gauges_of(*details.front());
    if (!gauges.empty()) {
      draw_gauges(ui, {left, y, right - left, ui.px(kTile)}, gauges);
      y += ui.px(kTile) + ui.px(6);
    }
  }
  widgets::hairline(ui, box.x, y, box.width);
  return y + 1 - box.y;
}

}  // namespace realm::panels
