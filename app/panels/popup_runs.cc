// Popups about runs: what becomes of them when the window closes, and more steps for one.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "app/panels/popup_parts.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

// 0: the text is no number of steps.
int64_t steps_of(const std::string& text) {
  int64_t steps = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
  constexpr int64_t kMost = 1'000'000'000;
  return error == std::errc() && end == text.data() + text.size() && steps >= 1 && steps <= kMost
             ? steps
             : 0;
}

}  // namespace

void draw_living_runs(const view::WorkbenchState& state, Ui& ui) {
  using Choice = view::ResolveLivingRuns::Choice;
  const view::Box box = popup_inner_box(ui);
  const auto& runs = *state.train.snapshot->runs;
  const auto living = std::count_if(runs.begin(), runs.end(), view::is_alive);
  widgets::draw_text_within(
      ui.fonts.strong, box.x, box.y, box.width, ui.theme->text(),
      living == 1 ? "A run is going on" : fmt::format("{} runs are going on", living));
  widgets::draw_wrapped(ui.fonts.body, box.x, box.y + ui.px(28), box.width, ui.theme->body(),
                        living == 1
                            ? "It goes on without this window; the next one shows it again."
                            : "They go on without this window; the next one shows them again.");
  const float y = box.bottom() - widgets::control_height(ui);
  float x = box.x;
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options, Choice choice) {
    if (widgets::button(ui, name, x, y, text, options)) ui.act(view::ResolveLivingRuns{choice});
    x += widgets::button_width(ui, text, options) + ui.px(8);
  };
  next("living.leave", "Keep running", {.kind = widgets::ButtonKind::kPrimary, .chord = "Enter"},
       Choice::kLeave);
  next("living.stop", "Save and stop", {}, Choice::kStop);
  next("living.cancel", "Cancel", {.chord = "Esc"}, Choice::kCancel);
  if (ui.take_key("Enter")) ui.act(view::ResolveLivingRuns{Choice::kLeave});
}

void draw_extend_run(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  const RunSummary* run = view::selected_run(state.train);
  if (run == nullptr) return close_popup(ui);
  float y = draw_popup_title(ui, box, "Extend the run",
                             "How many steps it does beyond those it was made for:");
  std::string typed = state.popup_text;
  bool submitted = false;
  const float width = widgets::button_width(ui, "Extend and go on");
  if (widgets::input_field(ui, "extend.steps", {box.x, y, ui.px(160), ui.px(30)}, typed,
                           {.placeholder = "steps",
                            .takes_early = true,
                            .replaced_by_early = true,
                            .focus = appeared,
                            .submitted = &submitted}))
    ui.act(view::ChangePopup{typed, 0});
  const int64_t more = steps_of(typed);
  const bool clicked = widgets::button(ui, "extend.go", box.right() - width, y, "Extend and go on",
                                       {.kind = widgets::ButtonKind::kPrimary,
                                        .enabled = more > 0,
                                        .hint = more > 0 ? "" : "A whole number of steps"});
  y += ui.px(44);
  const int64_t total = run->total_steps + more;
  widgets::draw_wrapped(
      ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
      more == 0
          ? std::string("A whole number from 1 on.")
          : fmt::format("It goes on from its newest checkpoint as a run of {} steps. From there on "
                        "the learning rate, and whatever else is set as a share of the steps, is "
                        "that of the longer run at the same step: a rate that has fallen to its "
                        "end rises at once to where the longer run has it. What was done before "
                        "stays as it was done.",
                        view::format_count(total)));
  if ((clicked || submitted) && more > 0) ui.act(view::ExtendRunBy{more});
}

}  // namespace realm::panels
