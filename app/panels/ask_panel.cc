#include "app/panels/ask_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/ask_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kMinPane = 200;
constexpr double kProgressAfter = 0.3;  // quicker work shows nothing

struct Columns {
  view::Box words, passages, reading;
};

Columns split(const view::PaneLayout& panes, Ui& ui, const view::Box& box) {
  const float least = std::min(ui.px(kMinPane), box.width / 4);
  const float words = std::round(std::clamp(panes.words * box.width, least, box.width - 2 * least));
  const float passages =
      std::round(std::clamp(panes.passages * box.width, least, box.width - words - least));
  // A pixel between them belongs to the line that parts them.
  Columns columns;
  columns.words = {box.x, box.y, words - 1, box.height};
  columns.passages = {box.x + words, box.y, passages - 1, box.height};
  columns.reading = {box.x + words + passages, box.y, box.width - words - passages, box.height};
  return columns;
}

void draw_splitters(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                    const Columns& columns) {
  view::PaneLayout panes = state.memory.panes;
  const auto left =
      widgets::splitter(ui, "ask.split.words", {columns.words.right(), box.y, 1, box.height}, true);
  const auto right = widgets::splitter(ui, "ask.split.passages",
                                       {columns.passages.right(), box.y, 1, box.height}, true);
  if (left.reset || right.reset) {
    const view::PaneLayout first;
    panes.words = first.words;
    panes.passages = first.passages;
    return ui.act(view::SetPanes{panes});
  }
  if (left.moved != 0) {
    const float by = left.moved / box.width;
    panes.words = std::clamp(panes.words + by, 0.1F, 0.7F);
    panes.passages = std::clamp(panes.passages - by, 0.1F, 0.8F);
    ui.act(view::SetPanes{panes});
  }
  if (right.moved != 0) {
    panes.passages = std::clamp(panes.passages + right.moved / box.width, 0.1F, 0.9F - panes.words);
    ui.act(view::SetPanes{panes});
  }
}

// Tab goes round: sentence, words, passages.
void handle_focus_keys(const view::WorkbenchState& state, Ui& ui) {
  if (ui.popup_is_open || ImGui::GetIO().WantTextInput) return;
  using view::Focus;
  const bool back = ui.take_key("Tab", false, true);
  if (!back && !ui.take_key("Tab")) return;
  Focus next = Focus::kSentence;
  if (state.ask.result) {
    if (state.focus == Focus::kSentence) next = back ? Focus::kPassages : Focus::kWords;
    if (state.focus == Focus::kWords) next = back ? Focus::kSentence : Focus::kPassages;
    if (state.focus == Focus::kPassages) next = back ? Focus::kWords : Focus::kSentence;
  }
  ui.act(view::SetFocus{next});
}

}  // namespace

void draw_head(Ui& ui, const PaneHead& head, const view::Box& box) {
  const view::Box line{box.x + ui.px(kPanePadding), box.y,
                       std::max(0.0F, box.width - 2 * ui.px(kPanePadding) - head.room_right),
                       ui.px(kHeadHeight)};
  widgets::draw_text_within(ui.fonts.strong, line.x, widgets::centered_y(line, ui.fonts.strong),
                            line.width, ui.theme->text(), head.title);
  ui.note(head.name, line);
  const bool hovered =
      ImGui::IsMouseHoveringRect({line.x, line.y}, {line.right(), line.bottom()}) &&
      ImGui::IsWindowHovered();
  if (!hovered) return;
  if (ImGui::GetIO().MousePos.x < line.x + widgets::text_width(ui.fonts.strong, head.title))
    widgets::tooltip(ui, head.meaning,
                     head.pane == view::Pane::kNone ? "" : "A double click shows this pane alone.");
  if (head.pane != view::Pane::kNone && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
    ui.act(view::ZoomPane{head.pane});
}

void draw_greyed(Ui& ui, const view::Box& box) {
  ImGui::GetWindowDrawList()->AddRectFilled({box.x, box.y}, {box.right(), box.bottom()},
                                            widgets::faded(ui.theme->pane(), 0.58F));
}

const AskResult* reference_of(const view::WorkbenchState& state) {
  return state.ask.reference ? state.ask.reference->result.get() : nullptr;
}

void AskPanel::draw(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  handle_focus_keys(state, ui);
  const view::Box hero{box.x, box.y, box.width, hero_height(state, ui, box.width)};
  draw_hero(state, ui, hero);
  const double waited = state.now - state.ask.pending_since;
  if (state.ask.pending != 0 && waited > kProgressAfter) {
    widgets::progress_line(ui, hero.x, hero.bottom(), hero.width, -1);
  } else {
    widgets::hairline(ui, hero.x, hero.bottom(), hero.width);
  }
  const float top = hero.bottom() + std::max(1.0F, ui.px(1));
  if (!state.ask.result) {
    return draw_ask_empty(state, ui, {box.x, top, box.width, std::max(0.0F, box.bottom() - top)});
  }
  const float strip_height = std::floor(std::min(ui.px(kStripHeight), box.height / 4));
  const view::Box strip{box.x, box.bottom() - strip_height + 1, box.width, strip_height - 1};
  const view::Box panes{box.x, top, box.width, std::max(0.0F, strip.y - 1 - top)};
  switch (state.zoomed) {
    case view::Pane::kWords:
      draw_words(state, ui, panes, watch_draft_);
      break;
    case view::Pane::kPassages:
      draw_passages(state, ui, panes);
      break;
    case view::Pane::kReading:
      draw_reading(state, ui, panes);
      break;
    default: {
      const Columns columns = split(state.memory.panes, ui, panes);
      draw_words(state, ui, columns.words, watch_draft_);
      draw_passages(state, ui, columns.passages);
      draw_reading(state, ui, columns.reading);
      draw_splitters(state, ui, panes, columns);
    }
  }
  draw_strip(state, ui, strip);
  widgets::hairline(ui, strip.x, strip.y - 1, strip.width);
}

}  // namespace realm::panels
