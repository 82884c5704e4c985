// The popup of the English workspace: where it is to be, what is fetched for it, how far it is, and
// what came of it.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>

#include "app/panels/popup_parts.h"
#include "app/view/number_format.h"
#include "app/view/setup_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

namespace fs = std::filesystem;
using view::SetupStand;
using widgets::Ui;

constexpr const char* kAbout =
    "Three free reference works (the computing dictionary FOLDOC, WordNet's nouns and the World "
    "Factbook) as about 90,000 passages, models that read them, and an index over them. With it "
    "any English sentence can be asked.";

bool is_open(const view::WorkbenchState& state, const fs::path& folder) {
  return view::engine_of(state).status && view::engine_of(state).folder == folder;
}

// As widgets::draw_wrapped sets its lines.
float wrapped_line(const ImFont* font) { return std::round(font->FontSize * 1.4F); }

void draw_dot(Ui& ui, float x, float y, ImFont* font, view::Color color) {
  ImGui::GetWindowDrawList()->AddCircleFilled({x + ui.px(4), y + wrapped_line(font) / 2}, ui.px(4),
                                              widgets::u32(color), 16);
}

// A dot that tells its kind and wrapped text beside it; gives the y below.
float draw_note(Ui& ui, const view::Box& line, ImFont* font, view::Color dot,
                std::string_view text) {
  draw_dot(ui, line.x, line.y, font, dot);
  return line.y + widgets::draw_wrapped(font, line.x + ui.px(16), line.y, line.width - ui.px(16),
                                        ui.theme->text(), text);
}

// What is known of the folder that is typed.
float draw_folder_note(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
                       const fs::path& folder) {
  const std::string why = view::why_not_there(state);
  ui.note("english.note", {line.x, line.y, line.width, ui.px(20)});
  const view::SetupFolder* known = view::looked_at(state.setup, folder);
  if (!why.empty() && known != nullptr)
    return draw_note(ui, line, ui.fonts.small_text, ui.theme->warning, why);
  std::string_view text = why;
  if (why.empty()) {
    text = known->kind == view::SetupFolderKind::kBegun
               ? "It was begun there: what is there stays, and what is missing is added."
               : "A new folder.";
  }
  return line.y + widgets::draw_wrapped(ui.fonts.small_text, line.x, line.y, line.width,
                                        ui.theme->secondary(), text);
}

std::string sentences_of(const view::SetupSnapshot& now) {
  if (now.failure) return now.failure->sentence;
  std::string text;
  if (now.result) {
    for (const std::string& sentence : now.result->missing)
      text += (text.empty() ? "" : "\n") + sentence;
  }
  return text;
}

// What came of the last set-up in this folder.
void draw_end(Ui& ui, const view::Box& box, SetupStand stand, const view::SetupSnapshot& now) {
  if (stand == SetupStand::kNone) return;
  ui.note("english.end", box);
  if (stand == SetupStand::kDone) {
    std::string text =
        fmt::format("It is ready: {}", view::format_counted(now.result->documents, "passage"));
    if (now.result->vectors > 0)
      text +=
          fmt::format(" and an index of {}", view::format_counted(now.result->vectors, "vector"));
    text += fmt::format(", in {}.", view::format_milliseconds(now.result->seconds * 1000));
    draw_note(ui, box, ui.fonts.body, ui.theme->gold, text);
    return;
  }
  if (stand == SetupStand::kStopped) {
    widgets::draw_wrapped(ui.fonts.body, box.x, box.y, box.width, ui.theme->body(),
                          "Stopped. What is there stays, and it goes on from there.");
    return;
  }
  const std::string text = sentences_of(now);
  const bool failed = stand == SetupStand::kFailed;
  float y = draw_note(ui, box, ui.fonts.body, ui.theme->warning,
                      failed ? "It could not be made" : "Not all of it could be had");
  y += ui.px(6);
  const float button = widgets::button_width(ui, "Copy", {.kind = widgets::ButtonKind::kQuiet});
  if (widgets::button(ui, "english.copy", box.right() - button,
                      box.y + (wrapped_line(ui.fonts.body) - widgets::control_height(ui)) / 2,
                      "Copy", {.kind = widgets::ButtonKind::kQuiet}))
    ui.act(view::CopyText{text, "the message"});
  widgets::PaneScope pane("english.sentences", {box.x, y, box.width, box.bottom() - y},
                          view::with_alpha(ui.theme->pane(), 0));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = box.width - ui.px(16) - ImGui::GetStyle().ScrollbarSize;
  const float height = widgets::draw_wrapped(ui.fonts.small_text, at.x + ui.px(16), at.y, width,
                                             ui.theme->body(), text);
  ImGui::Dummy({1, height});
}

void draw_running(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const view::SetupSnapshot& now = *state.setup.snapshot;
  const view::SetupProgress progress =
      state.setup.pending == 0 ? now.progress : view::SetupProgress{};
  float y = box.y;
  widgets::draw_text_within(ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
                            "In " + view::setup_folder(state).string());
  y += ui.px(30);
  const int step = view::setup_step(now.offer, progress.stage);
  widgets::draw_text_within(
      ui.fonts.strong, box.x, y, box.width, ui.theme->text(),
      fmt::format("Step {} of {}: {}", step, view::kSetupSteps, view::setup_step_name(step)));
  ui.note("english.step", {box.x, y, box.width, ui.px(20)});
  y += ui.px(28);
  widgets::progress_line(ui, box.x, y, box.width, view::stage_share(progress));
  y += ui.px(10);
  const std::string left = view::time_left_text(progress, std::chrono::steady_clock::now());
  const float left_width = widgets::text_width(ui.fonts.small_text, left);
  widgets::draw_text_within(ui.fonts.small_text, box.x, y, box.width - left_width - ui.px(16),
                            ui.theme->body(), view::stage_text(progress));
  widgets::draw_text_right(ui.fonts.small_text, box.right(), y, ui.theme->body(), left);
  y += ui.px(32);
  widgets::draw_wrapped(ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
                        "It goes on when this is closed; the bottom line of the window shows how "
                        "far it is. Quitting stops it, and it goes on from there next time.");
  const float foot = box.bottom() - widgets::control_height(ui);
  const widgets::ButtonOptions options{.enabled = !state.setup.stopping,
                                       .hint = state.setup.stopping
                                                   ? "It ends as soon as the step can be left"
                                                   : "What is there stays; it goes on from there"};
  const std::string_view text = state.setup.stopping ? "Stopping\u2026" : "Cancel";
  if (widgets::button(ui, "english.stop", box.x, foot, text, options))
    ui.act(view::StopGettingEnglish{});
  const float next = box.x + widgets::button_width(ui, text, options) + ui.px(8);
  if (widgets::button(ui, "english.hide", next, foot, "Close",
                      {.kind = widgets::ButtonKind::kQuiet, .chord = "Esc"}))
    close_popup(ui);
}

// The buttons of a popup that does not run.
void draw_foot(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
               const fs::path& folder, bool submitted) {
  const SetupStand stand = view::setup_stand(state.setup, folder);
  const view::SetupFolder* known = view::looked_at(state.setup, folder);
  const bool is_begun = known != nullptr && known->kind == view::SetupFolderKind::kBegun;
  const bool may_open = (is_begun || stand == SetupStand::kDone) && !is_open(state, folder);
  const float y = box.bottom() - widgets::control_height(ui);
  float x = box.x;
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options) {
    const bool clicked = widgets::button(ui, name, x, y, text, options);
    x += widgets::button_width(ui, text, options) + ui.px(8);
    return clicked;
  };
  if (stand == SetupStand::kDone) {
    const bool clicked = next("english.open", "Open it",
                              {.kind = widgets::ButtonKind::kPrimary,
                               .enabled = may_open,
                               .hint = may_open ? "" : "It is the workspace that is open",
                               .chord = "Enter"});
    if ((clicked || submitted) && may_open) ui.act(view::OpenEnglish{});
  } else {
    const std::string why = view::why_not_there(state);
    const bool again = stand == SetupStand::kFailed || stand == SetupStand::kIncomplete;
    const bool clicked = next("english.start",
                              again      ? "Try again"
                              : is_begun ? "Go on"
                                         : "Start",
                              {.kind = widgets::ButtonKind::kPrimary,
                               .enabled = why.empty(),
                               .hint = why,
                               .chord = "Enter"});
    if ((clicked || submitted) && why.empty()) ui.act(view::GetEnglish{});
    if (may_open && next("english.open", "Open as it is", {})) ui.act(view::OpenEnglish{});
  }
  if (next("english.close", "Close", {.kind = widgets::ButtonKind::kQuiet, .chord = "Esc"}))
    close_popup(ui);
}

}  // namespace

float english_popup_height(const view::WorkbenchState& state) {
  switch (view::setup_stand(state.setup, view::setup_folder(state))) {
    case SetupStand::kRunning:
      return 428;
    case SetupStand::kFailed:
    case SetupStand::kIncomplete:
      return 520;
    case SetupStand::kNone:
    case SetupStand::kDone:
    case SetupStand::kStopped:
      break;
  }
  return 400;
}

void draw_english(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  if (!state.setup.snapshot) return close_popup(ui);
  const view::SetupSnapshot& now = *state.setup.snapshot;
  const view::Box box = popup_inner_box(ui);
  float y = draw_popup_title(ui, box, "Get the English workspace", kAbout);
  y += widgets::draw_wrapped(
           ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
           fmt::format("Fetched are {}: about 60 MB. Nothing is installed. It takes some minutes, "
                       "most of them for the index, and can be stopped at any time.",
                       view::packages_text(now.offer))) +
       ui.px(14);
  if (view::is_setting_up(state.setup))
    return draw_running(state, ui, {box.x, y, box.width, box.bottom() - y});

  widgets::draw_text(ui.fonts.small_text, box.x, y, ui.theme->secondary(), "Folder");
  y += ui.px(20);
  std::string typed = state.popup_text;
  bool submitted = false;
  if (widgets::input_field(
          ui, "english.folder", {box.x, y, box.width, ui.px(30)}, typed,
          {.placeholder = "/path/to/a/new/folder", .focus = appeared, .submitted = &submitted}))
    ui.act(view::ChangePopup{typed, 0});
  y += ui.px(38);
  const fs::path folder = view::setup_folder(state);
  const SetupStand stand = view::setup_stand(state.setup, folder);
  if (stand == SetupStand::kNone || !view::why_not_there(state).empty())
    y = draw_folder_note(state, ui, {box.x, y, box.width, 0}, folder);
  y += ui.px(14);
  const float foot = box.bottom() - widgets::control_height(ui) - ui.px(12);
  draw_end(ui, {box.x, y, box.width, std::max(1.0F, foot - y)}, stand, now);
  submitted = ui.take_key("Enter") || submitted;
  draw_foot(state, ui, box, folder, submitted);
}

}  // namespace realm::panels
