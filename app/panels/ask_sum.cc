#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/ask_parts.h"
#include "app/view/utf8.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kRow = 24;

}  // namespace

float sum_height(Ui& ui, const view::PassageTable& table) {
  return ui.px(kRow) * static_cast<float>(table.rows.size() + 2) + ui.px(8);
}

// rank   p(z|x) x p(w|z,x) = part   share, right-aligned in columns
void draw_sum(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
              const view::PassageTable& table) {
  ui.note("ask.sum", box);
  const AskResult& result = *state.ask.result;
  const float left = box.x + ui.px(kPanePadding), right = box.right() - ui.px(kPanePadding);
  const float column = widgets::text_width(ui.fonts.small_text, "8.8e\u221288") + ui.px(12);
  const float sign = ui.px(20);
  const float share = right;
  const float part = share - ui.px(64);
  const float p_y = part - column - sign;
  const float p_z = p_y - column - sign;
  ImFont* font = ui.fonts.small_text;
  float y = box.y;
  const auto text = [&](float at, std::string_view shown, view::Color color, ImFont* with) {
    const view::Box line{box.x, y, box.width, ui.px(kRow)};
    widgets::draw_text_right(with, at, widgets::centered_y(line, with), color, shown);
  };
  const std::string word = view::shorten(table.share_of, 16);
  text(p_z, "p(z|x)", ui.theme->secondary(), font);
  text(p_y, state.ask.selected_word ? fmt::format("p({}|z,x)", word) : "p(y|z,x)",
       ui.theme->secondary(), font);
  text(part, "part", ui.theme->secondary(), font);
  text(share, "share", ui.theme->secondary(), font);
  y += ui.px(kRow);
  widgets::hairline(ui, left, y - 1, right - left);
  const std::vector<view::SumRow> rows = view::make_sum(result, table);
  for (size_t i = 0; i < rows.size(); ++i) {
    const view::SumRow& row = rows[i];
    const bool is_total = row.p_z.empty();
    const view::Box line{box.x, y, box.width, ui.px(kRow)};
    if (is_total) widgets::hairline(ui, left, y, right - left);
    ImFont* with = is_total ? ui.fonts.small_strong : font;
    const view::Color color = is_total ? ui.theme->text() : ui.theme->body();
    widgets::draw_text(with, left, widgets::centered_y(line, with),
                       is_total ? color : ui.theme->secondary(), row.rank);
    if (is_total) {
      widgets::draw_text_within(with, left + ui.px(24), widgets::centered_y(line, with),
                                part - column - left - ui.px(24), color,
                                fmt::format("p({}|x)", word));
    } else {
      widgets::draw_text_within(
          font, left + ui.px(24), widgets::centered_y(line, font),
          std::max(0.0F, p_z - column - left - ui.px(24)), ui.theme->secondary(),
          table.rows[i].title.empty() ? std::string_view("untitled") : table.rows[i].title);
      text(p_z, row.p_z, color, font);
      text(p_z + sign - ui.px(6), "\u00D7", ui.theme->secondary(), font);
      text(p_y, row.p_y, color, font);
      text(p_y + sign - ui.px(6), "=", ui.theme->secondary(), font);
      text(share, row.share, ui.theme->secondary(), font);
    }
    text(part, row.part, color, with);
    y += ui.px(kRow);
  }
}

}  // namespace realm::panels
