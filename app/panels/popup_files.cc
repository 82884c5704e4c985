// Popups that ask for a path: a workspace to open, files to read and to write.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/popup_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

// In which folder a name lands that does not say it itself.
std::string landing_place(const view::WorkbenchState& state) {
  const std::filesystem::path file = state.popup_text;
  if (file.empty() || file.is_absolute() || state.folders.working.empty()) return {};
  const std::filesystem::path folder =
      (state.folders.working / file).lexically_normal().parent_path();
  return "It lands in the folder " + folder.string() + ".";
}

// A popup that asks what a file shall be called, and stays until it is written.
struct SaveForm {
  std::string_view title{}, text{};
  const char* field = "";
  const char* button = "";
  const char* placeholder = "";
  bool is_fit = true;  // as in PathForm
};

// Under the field: that it is being written, why it could not be, or where it would land.
void draw_saving(const view::WorkbenchState& state, Ui& ui, const view::Box& box, float y) {
  if (state.popup_saving != 0) {
    widgets::progress_line(ui, box.x, y, box.width, -1);
  } else if (!state.popup_failure.empty()) {
    const float height = widgets::draw_wrapped(ui.fonts.small_text, box.x, y, box.width,
                                               ui.theme->warning, state.popup_failure);
    ui.note("save.failure", {box.x, y, box.width, height});
  } else if (const std::string place = landing_place(state); !place.empty()) {
    widgets::draw_text_within(ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
                              place);
    ui.note("save.place", {box.x, y, box.width, ui.px(18)});
  }
}

// True: the file is to be written.
bool draw_save_form(const view::WorkbenchState& state, Ui& ui, bool appeared,
                    const SaveForm& form) {
  const view::Box box = popup_inner_box(ui);
  const float y = draw_popup_title(ui, box, form.title, form.text);
  const bool wanted = draw_popup_path(state, ui, {box.x, y, box.width, ui.px(30)}, appeared,
                                      {.field = form.field,
                                       .button = form.button,
                                       .verb = "Write",
                                       .placeholder = form.placeholder,
                                       .is_fit = form.is_fit && state.popup_saving == 0});
  draw_saving(state, ui, box, y + ui.px(40));
  return wanted;
}

}  // namespace

bool draw_popup_path(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
                     bool appeared, const PathForm& form) {
  std::string typed = state.popup_text;
  bool submitted = false;
  const float width = widgets::button_width(ui, form.verb);
  const bool changed = widgets::input_field(
      ui, form.field, {line.x, line.y, line.width - width - ui.px(8), ui.px(30)}, typed,
      {.placeholder = form.placeholder,
       .takes_early = true,
       .replaced_by_early = true,
       .focus = appeared,
       .submitted = &submitted});
  if (changed) ui.act(view::ChangePopup{typed, 0});
  const bool clicked = widgets::button(
      ui, form.button, line.right() - width, line.y, form.verb,
      {.kind = widgets::ButtonKind::kPrimary, .enabled = !typed.empty() && form.is_fit});
  return (clicked || submitted) && !typed.empty() && form.is_fit;
}

void draw_open(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  float y = draw_popup_title(
      ui, box, "Open a workspace",
      "The folder that holds a workspace.json. It can also be dropped on the window.");
  std::string typed = state.popup_text;
  bool submitted = false;
  // The arrow keys go from the field, 0, through the folders below it.
  const auto& recent = state.memory.recent;
  int at = std::clamp(state.popup_selected, 0, static_cast<int>(recent.size()));
  while (ui.take_key("Down")) at = std::min(at + 1, static_cast<int>(recent.size()));
  while (ui.take_key("Up")) at = std::max(at - 1, 0);
  const float open_width = widgets::button_width(ui, "Open");
  const bool changed = widgets::input_field(
      ui, "open.field", {box.x, y, box.width - open_width - ui.px(8), ui.px(30)}, typed,
      {.placeholder = "/path/to/workspace",
       .takes_early = true,
       .replaced_by_early = true,
       .focus = appeared,
       .submitted = &submitted});
  const bool clicked =
      widgets::button(ui, "open.go", box.right() - open_width, y, "Open",
                      {.kind = widgets::ButtonKind::kPrimary, .enabled = !typed.empty()});
  y += ui.px(44);
  if (changed) at = 0;
  if (changed || at != state.popup_selected) ui.act(view::ChangePopup{typed, at});
  if (submitted && at > 0) {
    ui.act(view::OpenFolder{recent[static_cast<size_t>(at - 1)]});
  } else if ((clicked || submitted) && !typed.empty()) {
    ui.act(view::OpenFolder{typed});
  }
  if (!recent.empty()) {
    widgets::draw_text(ui.fonts.small_text, box.x, y, ui.theme->secondary(), "Opened before");
    y += ui.px(22);
  }
  for (size_t i = 0; i < recent.size() && y + ui.px(kPopupRow) <= box.bottom(); ++i) {
    const view::Box row{box.x, y, box.width, ui.px(kPopupRow)};
    const widgets::HitResult hit = widgets::hit(ui, fmt::format("open.recent.{}", i).c_str(), row);
    const bool is_at = static_cast<int>(i) + 1 == at;
    draw_row_ground(ui, row, is_at, hit.hovered);
    widgets::draw_text_within(ui.fonts.body, row.x + ui.px(10),
                              widgets::centered_y(row, ui.fonts.body), row.width - ui.px(20),
                              ui.theme->accent, recent[i]);
    if (hit.clicked) ui.act(view::OpenFolder{recent[i]});
    y = row.bottom();
  }
}

void draw_export(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  if (draw_save_form(state, ui, appeared,
                     {.title = "Export the result",
                      .text = "Every number of the result as JSON, with the fields of realm ask "
                              "--json.",
                      .field = "export.field",
                      .button = "export.go",
                      .placeholder = "result.json"}))
    ui.act(view::ExportTo{state.popup_text});
}

void draw_export_corpus(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  if (draw_save_form(state, ui, appeared,
                     {.title = "Export passages",
                      .text = "All passages, as JSONL or, where the name ends in .tsv, as TSV. "
                              "Import reads both.",
                      .field = "export_corpus.field",
                      .button = "export_corpus.go",
                      .placeholder = "corpus.jsonl"}))
    ui.act(view::ExportCorpusTo{state.popup_text});
}

void draw_save_curves(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  if (draw_save_form(
          state, ui, appeared,
          {.title = "Save the chart",
           .text = "The end of the name says what is written: .png or .svg what is shown, in the "
                   "colours of now; .csv every number that was recorded, also of hidden curves.",
           .field = "save_curves.field",
           .button = "save_curves.go",
           .placeholder = "chart.png",
           .is_fit = view::curve_file(state.popup_text).has_value()}))
    ui.act(view::SaveCurvesTo{state.popup_text});
}

}  // namespace realm::panels
