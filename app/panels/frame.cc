#include "app/panels/frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/panels/ask_parts.h"
#include "app/panels/frame_parts.h"
#include "app/panels/menu.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::StyleScope;
using widgets::Ui;

constexpr float kMenuHeight = 34, kStatusHeight = 28, kRailWidth = 96;

void draw_rail(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  struct Item {
    view::Tab tab;
    const char* name;
    const char* text;
    const char* hint;
  };
  const Item items[] = {
      {view::Tab::kAsk, "rail.ask", "Ask",
       "Hide a word and see where the answer comes from (Ctrl+1)"},
      {view::Tab::kCorpus, "rail.corpus", "Corpus", "Read, search and edit the passages (Ctrl+2)"},
      {view::Tab::kTrain, "rail.train", "Train",
       "Train models on the passages and watch them learn (Ctrl+3)"}};
  float y = box.y + ui.px(8);
  for (const Item& item : items) {
    const view::Box row{box.x, y, box.width, ui.px(36)};
    const bool in_front = state.tab == item.tab;
    const widgets::HitResult hit = widgets::hit(ui, item.name, row);
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (in_front || hit.hovered) {
      list->AddRectFilled({row.x + ui.px(6), row.y + 1}, {row.right() - ui.px(6), row.bottom() - 1},
                          widgets::u32(in_front ? ui.theme->neutral[3] : ui.theme->hover()),
                          ui.px(6));
    }
    if (in_front) {
      list->AddRectFilled({row.x + ui.px(6), row.y + ui.px(9)},
                          {row.x + ui.px(9), row.bottom() - ui.px(9)},
                          widgets::u32(ui.theme->accent), ui.px(1.5F));
    }
    ImFont* font = in_front ? ui.fonts.strong : ui.fonts.body;
    widgets::draw_text(font, row.x + ui.px(20), widgets::centered_y(row, font),
                       in_front ? ui.theme->text() : ui.theme->body(), item.text);
    if (item.tab == view::Tab::kCorpus && state.corpus.form && state.corpus.form->is_changed()) {
      list->AddCircleFilled({row.right() - ui.px(16), row.y + row.height / 2}, ui.px(3.5F),
                            widgets::u32(ui.theme->edited));
    }
    if (item.tab == view::Tab::kTrain && view::has_living_run(state.train)) {
      list->AddCircleFilled({row.right() - ui.px(16), row.y + row.height / 2}, ui.px(3.5F),
                            widgets::u32(ui.theme->accent));
    }
    if (hit.hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      widgets::tooltip(ui, item.hint);
    }
    if (hit.clicked) ui.act(view::SetTab{item.tab});
    y = row.bottom() + ui.px(2);
  }
}

}  // namespace

void Frame::draw(const view::WorkbenchState& state, Ui& ui, float width, float height) {
  ui.begin();
  ui.popup_is_open = state.popup != view::Popup::kNone;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoBringToFrontOnFocus |
                                      ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse;
  StyleScope style;
  style.var(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin("##root", nullptr, kFlags);
  const view::Box menu{0, 0, width, ui.px(kMenuHeight)};
  const view::Box status{0, height - ui.px(kStatusHeight), width, ui.px(kStatusHeight)};
  const view::Box rail{0, menu.bottom() + 1, ui.px(kRailWidth), status.y - menu.bottom() - 1};
  const view::Box front{rail.right() + 1, rail.y, width - rail.right() - 1, rail.height};
  draw_menu_bar(state, ui, {ui.px(8), 0, width - ui.px(16), menu.height});
  draw_badges(state, ui, menu);
  widgets::hairline(ui, 0, menu.bottom(), width);
  draw_rail(state, ui, rail);
  widgets::hairline(ui, rail.right(), rail.y, rail.height, /*vertical=*/true);
  if (state.tab == view::Tab::kAsk) {
    ask_.draw(state, ui, front);
  } else if (state.tab == view::Tab::kCorpus) {
    corpus_.draw(state, ui, front);
  } else {
    train_.draw(state, ui, front);
  }
  widgets::hairline(ui, 0, status.y, width);
  draw_status_bar(state, ui, status);
  draw_popups(state, ui, {0, 0, width, height}, about_);
  ImGui::End();
  // Above the strip, whose numbers are read right after an edit.
  const bool has_strip = state.tab == view::Tab::kAsk && state.ask.result;
  view::Box notices = front;
  if (has_strip) notices.height -= std::min(ui.px(kStripHeight), front.height / 4);
  draw_toasts(state, ui, notices);
  ui.seen_focus = state.focus_serial;
}

}  // namespace realm::panels
