// Beside the form for a new run: its start, what it would need, and the script that Slurm is sent.
#include <algorithm>
#include <string>
#include <string_view>

#include "app/panels/train_parts.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 16, kSide = 360, kWideSide = 440;

// One section after another, down the pane.
class Sections {
 public:
  Sections(Ui& ui, float x, float y, float width) : ui_(ui), x_(x), y_(y), width_(width) {}

  float y() const { return y_; }
  void skip(float height) { y_ += height; }
  void head(std::string_view title) {
    widgets::draw_text(ui_.fonts.small_strong, x_, y_, ui_.theme->secondary(), title);
    y_ += ui_.px(24);
  }
  void paragraph(ImFont* font, view::Color color, std::string_view text, float indent = 0) {
    y_ += widgets::draw_wrapped(font, x_ + indent, y_, width_ - indent, color, text);
  }

  // "memory      at most 2.7 GB, 21 GB free: program 330 MB, texts 3 MB": the name, what counts
  // beside it, and the rest in lines of its own.
  void need(std::string_view line) {
    const size_t space = line.find(' ');
    if (space == std::string_view::npos) return paragraph(ui_.fonts.small_text, color(), line);
    const std::string_view name = line.substr(0, space);
    line.remove_prefix(std::min(line.find_first_not_of(' ', space), line.size()));
    const size_t end = std::min(line.find(": "), line.find("; "));
    const std::string_view rest =
        end == std::string_view::npos ? std::string_view() : line.substr(end + 2);
    const float column = ui_.px(86);
    widgets::draw_text(ui_.fonts.small_text, x_, y_ + ui_.px(2), ui_.theme->secondary(), name);
    paragraph(ui_.fonts.small_text, ui_.theme->text(), line.substr(0, end), column);
    if (!rest.empty()) paragraph(ui_.fonts.small_text, ui_.theme->secondary(), rest, column);
    y_ += ui_.px(6);
  }

  // Lines that are too long go on below themselves, indented.
  void script_line(std::string_view line) {
    const float indent = ui_.px(18);
    const size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    const float own = widgets::text_width(ui_.fonts.mono, std::string(spaces, ' '));
    line.remove_prefix(spaces);
    const size_t first = fitting(line, width_ - own);
    // Its width is checked: this is one line, of the height of all others.
    y_ += widgets::draw_wrapped(ui_.fonts.mono, x_ + own, y_, width_, color(),
                                first > 0 ? line.substr(0, first) : " ");
    line.remove_prefix(first);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    if (!line.empty()) paragraph(ui_.fonts.mono, color(), line, own + indent);
  }

 private:
  view::Color color() const { return ui_.theme->body(); }
  // The longest beginning that ends before a space and fits, or all of it where none does.
  size_t fitting(std::string_view line, float width) const {
    if (widgets::text_width(ui_.fonts.mono, line) <= width) return line.size();
    size_t end = 0;
    for (size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at + 1)) {
      if (widgets::text_width(ui_.fonts.mono, line.substr(0, at)) > width) break;
      end = at;
    }
    return end > 0 ? end : line.size();
  }

  Ui& ui_;
  float x_, y_, width_;
};

template <typename Line>
void each_line(std::string_view text, const Line& line) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool is_job(const view::RunForm& form) { return form.plan.launch.place == LaunchPlace::kSlurm; }

float draw_buttons(const view::WorkbenchState& state, Ui& ui, float x, float y) {
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
  return ui.px(46);
}

}  // namespace

float train_form_side_width(const view::WorkbenchState& state, const Ui& ui, float width) {
  // A script has long lines.
  return is_job(*state.train.form) ? std::min(ui.px(kWideSide), width * 0.46F)
                                   : std::min(ui.px(kSide), width * 0.34F);
}

void draw_train_form_side(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.side", box, ui.theme->window());
  const view::RunForm& form = *state.train.form;
  const auto& plan = state.train.snapshot ? state.train.snapshot->plan : nullptr;
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float x = box.x + ui.px(kPad), width = box.width - 2 * ui.px(kPad);
  Sections at(ui, x, top.y + ui.px(16), width);
  at.skip(draw_buttons(state, ui, x, at.y()));
  const bool waits = form.pending != 0 || !plan || plan->plan != form.plan;
  if (waits) {
    widgets::progress_line(ui, x, at.y(), width, -1);
    at.skip(ui.px(14));
  } else if (!plan->problem.empty()) {
    const float y = at.y();
    ImGui::GetWindowDrawList()->AddRectFilled({x, y + ui.px(6)}, {x + ui.px(8), y + ui.px(14)},
                                              widgets::u32(ui.theme->warning), ui.px(1));
    at.paragraph(ui.fonts.body, ui.theme->text(), plan->problem, ui.px(16));
    ui.note("train.problem", {x, y, width, at.y() - y});
    at.skip(ui.px(14));
  }
  if (!waits && !plan->needs.empty()) {
    const float y = at.y();
    at.head("what it needs");
    each_line(plan->needs, [&](std::string_view line) { at.need(line); });
    ui.note("train.needs", {x, y, width, at.y() - y});
    at.skip(ui.px(8));
  }
  if (!waits && !plan->script.empty()) {
    const float y = at.y();
    const widgets::ButtonOptions quiet{.kind = widgets::ButtonKind::kQuiet};
    if (widgets::button(ui, "train.copy_script",
                        x + width - widgets::button_width(ui, "Copy", quiet), y - ui.px(7), "Copy",
                        quiet))
      ui.act(view::CopyText{plan->script, "the script"});
    at.head("what Slurm is sent");
    each_line(plan->script, [&](std::string_view line) { at.script_line(line); });
    ui.note("train.script", {x, y, width, at.y() - y});
    at.skip(ui.px(14));
  }
  at.paragraph(
      ui.fonts.small_text, ui.theme->secondary(),
      is_job(form)
          ? "The run is a job of the cluster\u2019s. It goes on when this window is closed."
          : "The run is a process of its own. It goes on when this window is closed.");
  // A script may be longer than the pane.
  ImGui::SetCursorScreenPos(top);
  ImGui::Dummy({1, at.y() - top.y + ui.px(16)});
}

}  // namespace realm::panels
