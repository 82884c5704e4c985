// Examples of recent steps: what was hidden, what was retrieved for it, what it was worth.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/panels/train_parts.h"
#include "app/view/highlight.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kLine = 24;

void choose(const view::WorkbenchState& state, Ui& ui, const view::TrainingSample& sample) {
  view::TrainLook next = state.train.look;
  next.sample = view::key_of(sample);
  ui.act(view::SetTrainLook{std::move(next)});
}

void draw_list(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
               const std::vector<view::TrainingSample>& samples,
               const view::TrainingSample* shown) {
  widgets::PaneScope pane("train.sample_list", box, ui.theme->pane());
  const ImVec2 start = ImGui::GetCursorScreenPos();
  for (size_t i = 0; i < samples.size(); ++i) {
    const view::TrainingSample& sample = samples[samples.size() - 1 - i];  // the newest first
    const view::Box row{box.x, start.y + static_cast<float>(i) * ui.px(kLine), box.width,
                        ui.px(kLine)};
    if (row.bottom() < box.y || row.y > box.bottom()) continue;
    const widgets::HitResult hit = widgets::hit(ui, fmt::format("train.sample.{}", i).c_str(), row);
    if (&sample == shown || hit.hovered) {
      ImGui::GetWindowDrawList()->AddRectFilled(
          {row.x, row.y}, {row.right(), row.bottom()},
          widgets::u32(&sample == shown ? ui.theme->selection : ui.theme->hover()));
    }
    const float y = widgets::centered_y(row, ui.fonts.small_text);
    const float left = row.x + ui.px(kPad), right = row.right() - ui.px(12);
    widgets::draw_text_right(ui.fonts.small_text, left + ui.px(44), y, ui.theme->secondary(),
                             view::format_count(sample.step));
    const std::string p = sample.p ? view::format_number(*sample.p) : "\u2013";
    widgets::draw_text_right(ui.fonts.small_text, right, y, ui.theme->text(), p);
    widgets::draw_marked_line(
        ui, ui.fonts.small_text,
        {left + ui.px(56), row.y, right - ui.px(66) - left - ui.px(56), row.height},
        ui.theme->text(), view::mark_hidden(sample.text));
    if (hit.hovered) {
      widgets::tooltip(ui, view::plain_text(sample.text),
                       "A click shows what was retrieved; a double click asks it.");
    }
    if (hit.clicked) choose(state, ui, sample);
    if (hit.double_clicked) open_in_ask(ui, sample.text);
  }
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, static_cast<float>(samples.size()) * ui.px(kLine)});
}

void draw_sample(Ui& ui, const view::Box& box, const view::TrainingSample& sample) {
  widgets::PaneScope pane("train.sample_detail", box, ui.theme->pane());
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float x = box.x + ui.px(kPad), width = box.width - 2 * ui.px(kPad);
  float y = start.y + ui.px(2);
  const float button = widgets::button_width(ui, "Open in Ask");
  if (widgets::button(ui, "train.sample.ask", x + width - button, y, "Open in Ask",
                      {.hint = "Asks this sentence of the model that is in use"}))
    open_in_ask(ui, sample.text);
  const float text = widgets::draw_marked(ui, ui.fonts.body, {x, y, width - button - ui.px(16), 0},
                                          view::mark_hidden(sample.text));
  y += std::max(text, widgets::control_height(ui)) + ui.px(4);
  const auto number = [](const std::optional<double>& value) {
    return value ? view::format_number(*value) : std::string("\u2013");
  };
  std::string line =
      fmt::format("step {}    p(y|x) {}    p(y|\u2205,x) {}", view::format_count(sample.step),
                  number(sample.p), number(sample.p_null));
  if (!sample.gold.empty()) line += fmt::format("    names {}", sample.gold);
  widgets::draw_text_within(ui.fonts.small_text, x, y, width, ui.theme->secondary(), line);
  y += ui.px(24);
  draw_retrieved(ui, {x, y, width, 0}, sample.documents, sample.gold);
}

}  // namespace

void open_in_ask(Ui& ui, const std::string& text) {
  ui.act(view::SetTab{view::Tab::kAsk});
  ui.act(view::UseSentence{text});
}

void draw_train_samples(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                        const view::RunDetail& detail) {
  const view::TrainingSample* shown = view::shown_sample(detail, state.train.look);
  if (shown == nullptr) {
    widgets::PaneScope pane("train.no_samples", box, ui.theme->pane());
    widgets::draw_wrapped(ui.fonts.body, box.x + ui.px(kPad), box.y + ui.px(6),
                          box.width - 2 * ui.px(kPad), ui.theme->secondary(),
                          "A pre-training run keeps some examples of its latest steps here: what "
                          "was hidden, what was retrieved for it, and what each passage taught.");
    return;
  }
  const float list = std::round(std::min(box.width * 0.38F, ui.px(560)));
  draw_list(state, ui, {box.x, box.y, list, box.height}, *detail.samples, shown);
  widgets::hairline(ui, box.x + list, box.y, box.height, /*vertical=*/true);
  draw_sample(ui, {box.x + list + 1, box.y, box.width - list - 1, box.height}, *shown);
}

}  // namespace realm::panels
