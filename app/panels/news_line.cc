#include "app/panels/news_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {

void NewsLine::dot(view::Color color) {
  const float r = ui_.px(4);
  ImGui::GetWindowDrawList()->AddCircleFilled({x_ + r, box_.y + box_.height / 2}, r,
                                              widgets::u32(color), 20);
  x_ += 2 * r + ui_.px(8);
}

void NewsLine::text(std::string_view shown, view::Color color, ImFont* font) {
  if (font == nullptr) font = ui_.fonts.small_text;
  x_ += widgets::draw_text_within(font, x_, widgets::centered_y(box_, font),
                                  std::max(0.0F, box_.right() - x_), color, shown);
}

void NewsLine::space(float width) { x_ += ui_.px(width); }

bool NewsLine::button(const char* name, std::string_view shown, std::string_view hint) {
  const widgets::ButtonOptions options{.kind = widgets::ButtonKind::kQuiet, .hint = hint};
  const float width = widgets::button_width(ui_, shown, options);
  if (x_ + width > box_.right()) return false;
  const float y = box_.y + (box_.height - widgets::control_height(ui_)) / 2;
  const bool clicked = widgets::button(ui_, name, x_, y, shown, options);
  x_ += width;
  return clicked;
}

bool NewsLine::close(const char* name, std::string_view hint) {
  if (x_ + ui_.px(20) > box_.right()) return false;
  const bool clicked =
      widgets::close_button(ui_, name, x_ + ui_.px(10), box_.y + box_.height / 2, hint);
  x_ += ui_.px(20);
  return clicked;
}

void draw_change(const view::WorkbenchState& state, widgets::Ui& ui, NewsLine& line) {
  const view::Reference& reference = *state.ask.reference;
  const AskResult& now = *state.ask.result;
  line.dot(ui.theme->edited);
  if (!view::comparable(now, *reference.result)) {
    line.text("The pinned result is about another hidden word.", ui.theme->secondary());
  } else {
    line.text(fmt::format("p({}|x)", now.answer), ui.theme->secondary());
    line.space(8);
    line.text(view::format_from_log(reference.result->log_p_y_given_x), ui.theme->body(),
              ui.fonts.body);
    line.text("  \u2192  ", ui.theme->secondary(), ui.fonts.body);
    line.text(view::format_from_log(now.log_p_y_given_x), ui.theme->text(), ui.fonts.strong);
    line.space(10);
    line.text(reference.label, ui.theme->secondary());
  }
  line.space(4);
  if (!reference.is_pinned && view::command_state(state, "edit.undo").enabled) {
    if (line.button("ask.undo_edit", "Undo", "Takes the last edit of the corpus back")) {
      ui.act(view::RunCommand{"edit.undo"});
    }
  }
  if (line.close("ask.clear_reference", "Stop comparing")) ui.act(view::ClearReference{});
}

}  // namespace realm::panels
