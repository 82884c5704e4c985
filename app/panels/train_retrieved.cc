// What was retrieved for one sentence at one step: a line a passage, with what it was worth.
#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/train_parts.h"
#include "app/view/number_format.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kLine = 22, kColumn = 68;

std::string or_dash(const std::optional<double>& value) {
  return value ? view::format_number(*value) : "\u2013";
}

std::string signed_or_dash(const std::optional<double>& value) {
  return value ? view::format_signed(*value) : "\u2013";
}

struct Columns {
  float title = 0, bar = 0, bar_end = 0, p_z = 0, p_y = 0, utility = 0, credit = 0;  // right ends
  bool has_worth = true;  // there is room for what a passage was worth
};

Columns columns_of(Ui& ui, const view::Box& box) {
  Columns out;
  const float column = ui.px(kColumn);
  out.has_worth = box.width > ui.px(440);
  out.credit = box.right();
  out.utility = out.credit - column;
  out.p_y = out.utility - column;
  out.p_z = out.has_worth ? out.p_y - column : box.right();
  out.bar_end = out.p_z - ui.px(62);
  out.bar = out.bar_end - std::min(ui.px(140), box.width * (out.has_worth ? 0.13F : 0.3F));
  out.title = out.bar - ui.px(12);
  return out;
}

}  // namespace

void draw_retrieved(Ui& ui, const view::Box& box, const std::vector<view::RetrievedRow>& rows,
                    const std::string& gold) {
  const Columns at = columns_of(ui, box);
  ImFont* font = ui.fonts.small_text;
  const view::Box head{box.x, box.y, box.width, ui.px(kLine)};
  const float head_y = widgets::centered_y(head, font);
  const auto name = [&](const char* id, float right, std::string_view text,
                        std::string_view meaning) {
    widgets::caption(ui, id, right - widgets::text_width(font, text), head_y, text, meaning);
  };
  name("retrieved.p_z", at.p_z, "p(z|x)", "How strongly the model chose this passage");
  if (at.has_worth) {
    name("retrieved.p_y", at.p_y, "p(y|z,x)", "How probable the passage makes the hidden words");
    name("retrieved.utility", at.utility, "RU",
         "log p(y|z,x) \u2212 log p(y|\u2205,x): nats that the passage is worth");
    name("retrieved.credit", at.credit, "credit r(z)",
         "[p(y|z,x)/p(y|x) \u2212 1]\u00B7p(z|x): above 0, training pushes the passage up");
  }
  float y = head.bottom();
  for (const view::RetrievedRow& row : rows) {
    const view::Box line{box.x, y, box.width, ui.px(kLine)};
    const float text_y = widgets::centered_y(line, font);
    const bool is_gold = !gold.empty() && row.title == gold && !row.is_null;
    float x = line.x;
    if (is_gold) {  // told by its mark and by its colour
      widgets::draw_marker(ui, view::StripSource::kPassage, x + ui.px(5), line.y + line.height / 2,
                           ui.px(9));
      x += ui.px(16);
    }
    widgets::draw_text_within(font, x, text_y, at.title - x,
                              row.is_null ? ui.theme->secondary() : ui.theme->text(),
                              row.is_null         ? "\u2205 no passage"
                              : row.title.empty() ? "untitled"
                                                  : row.title);
    if (row.p_z) {
      widgets::draw_bar(
          ui, {at.bar, line.y + (line.height - ui.px(8)) / 2, at.bar_end - at.bar, ui.px(8)},
          std::clamp(*row.p_z, 0.0, 1.0),
          row.is_null ? ui.theme->null_document
          : is_gold   ? ui.theme->gold
                      : ui.theme->realm);
    }
    widgets::draw_text_right(font, at.p_z, text_y, ui.theme->text(), or_dash(row.p_z));
    if (at.has_worth) {
      widgets::draw_text_right(font, at.p_y, text_y, ui.theme->text(), or_dash(row.p_y));
      widgets::draw_text_right(font, at.utility, text_y, ui.theme->text(),
                               row.is_null ? "0" : signed_or_dash(row.utility));
      widgets::draw_text_right(font, at.credit, text_y, ui.theme->text(),
                               signed_or_dash(row.credit));
    }
    y = line.bottom();
  }
  if (rows.empty()) {
    widgets::draw_text(font, box.x, y, ui.theme->secondary(), "Nothing was retrieved.");
    y += ui.px(kLine);
  }
  ImGui::SetCursorScreenPos({box.x, box.y});
  ImGui::Dummy({1, y - box.y + ui.px(6)});
}

}  // namespace realm::panels
