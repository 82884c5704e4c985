// The status bar's part in making the English workspace.
#include <fmt/format.h>

#include <chrono>
#include <string>

#include "app/panels/frame_parts.h"
#include "app/view/setup_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

// Text that opens the popup; gives its width.
float popup_link(Ui& ui, const char* name, float x, const view::Box& bar, float width,
                 view::Color color, std::string_view text) {
  ImFont* font = ui.fonts.small_text;
  const float taken =
      widgets::draw_text_within(font, x, widgets::centered_y(bar, font), width, color, text);
  const widgets::HitResult hit = widgets::hit(ui, name, {x, bar.y, taken, bar.height});
  if (hit.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    widgets::tooltip(ui, "A click shows more of it.");
  }
  if (hit.clicked) ui.act(view::RunCommand{"file.get_english"});
  return taken;
}

}  // namespace

void draw_setup_work(const view::WorkbenchState& state, Ui& ui, const view::Box& bar) {
  const view::SetupProgress progress =
      state.setup.pending == 0 ? state.setup.snapshot->progress : view::SetupProgress{};
  float x = bar.x + ui.px(16);
  widgets::progress_line(ui, x, bar.y + bar.height / 2 - ui.px(1), ui.px(120),
                         view::stage_share(progress));
  x += ui.px(132);
  std::string text =
      fmt::format("English workspace, step {} of {}: {}",
                  view::setup_step(state.setup.snapshot->offer, progress.stage), view::kSetupSteps,
                  state.setup.stopping ? std::string("stopping") : view::stage_text(progress));
  const std::string left = view::time_left_text(progress, std::chrono::steady_clock::now());
  if (!left.empty() && !state.setup.stopping) text += ", " + left;
  x += popup_link(ui, "status.setup", x, bar, bar.width * 0.5F, ui.theme->body(), text);
  const float y = bar.y + (bar.height - widgets::control_height(ui)) / 2;
  if (!state.setup.stopping &&
      widgets::button(ui, "status.setup_cancel", x + ui.px(8), y, "Cancel",
                      {.kind = widgets::ButtonKind::kQuiet,
                       .hint = "What is there stays; it goes on from there"}))
    ui.act(view::StopGettingEnglish{});
}

void draw_setup_news(const view::WorkbenchState& state, Ui& ui, const view::Box& bar, float right) {
  const bool runs = view::is_setting_up(state.setup);
  if (!runs && !state.setup.has_news) return;
  const bool is_done = !runs && view::setup_stand(state.setup, state.setup.snapshot->folder) ==
                                    view::SetupStand::kDone;
  const std::string_view text = runs      ? "the English workspace is being made"
                                : is_done ? "the English workspace is ready"
                                          : "the English workspace is not complete";
  const float width = widgets::text_width(ui.fonts.small_text, text);
  popup_link(ui, "status.setup_news", right - width, bar, width + 1,
             runs ? ui.theme->secondary() : ui.theme->accent, text);
}

}  // namespace realm::panels
