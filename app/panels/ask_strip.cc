#include <fmt/format.h>

#include <array>

#include "app/panels/ask_parts.h"
#include "app/panels/menu.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"

namespace realm::panels {

void draw_strip(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("ask.strip", box, ui.theme->pane());
  const AskResult& result = *state.ask.result;
  const std::vector<view::StripPoint> points = view::make_strip(result, reference_of(state));
  const float left = box.x + ui.px(24);
  const float title_width = ui.px(132);
  widgets::draw_text_within(ui.fonts.small_strong, left, box.y + ui.px(16), title_width,
                            ui.theme->text(), fmt::format("p({}|x)", result.answer));
  widgets::caption(ui, "ask.strip.caption", left, box.y + ui.px(36), "logarithmic axis",
                   "The paper's Table 3 for this sentence: how probable the hidden word is for "
                   "BERT, for REALM without a "
                   "passage, with the best passage alone, and summed over all passages.");
  widgets::caption(
      ui, "ask.strip.answer", left, box.y + ui.px(54),
      result.answer_is_given ? "y: your hidden word" : "y: the top word",
      result.answer_is_given
          ? "All figures are about the word that you hid."
          : "The sentence names no answer, so all figures are about the most probable word.");
  const view::Box plot{left + title_width + ui.px(12), box.y + ui.px(8),
                       box.right() - ui.px(24) - left - title_width - ui.px(12),
                       box.height - ui.px(12)};
  const widgets::HitResult area = widgets::hit(ui, "ask.strip.area", plot);
  const std::array<MenuItem, 1> items = {
      MenuItem{"copy_table", "Copy these numbers",
               view::CopyText{view::strip_as_tsv(points), "the numbers"}}};
  context_menu(ui, "ask.strip.area", area.right_clicked, items);
  widgets::strip(ui, "ask.strip", plot, points, view::is_greyed(state.ask, state.now));
}

}  // namespace realm::panels
