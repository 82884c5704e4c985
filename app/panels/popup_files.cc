// Popups that ask what a file shall be called.
#include <fmt/format.h>

#include <string>

#include "app/panels/popup_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

// In which folder a name lands that does not say it itself.
std::string landing_place(const view::WorkbenchState& state) {
  const std::filesystem::path file = view::popup_path(state);
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
           .is_fit = view::curve_file(view::popup_path(state)).has_value()}))
    ui.act(view::SaveCurvesTo{state.popup_text});
}

}  // namespace realm::panels
