// Popups that ask what a file shall be called.
#include <fmt/format.h>

#include <algorithm>
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
  if (!file.has_filename() || file.is_absolute() || state.folders.working.empty()) return {};
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

// Whether a file of this name is there already.
bool replaces(const view::WorkbenchState& state) {
  const view::FolderListing* listing = view::typed_listing(state);
  const std::string_view name = view::typed_path(state).begun;
  return listing != nullptr && !name.empty() &&
         std::any_of(listing->entries.begin(), listing->entries.end(),
                     [name](const view::FolderEntry& entry) {
                       return !entry.is_folder && entry.name == name;
                     });
}

// Under the field: that it is being written, why it could not be, what it would replace, or where
// it would land. Gives the y below.
float draw_saving(const view::WorkbenchState& state, Ui& ui, const view::Box& box, float y) {
  const auto line = [&](const char* name, view::Color color, const std::string& text) {
    widgets::draw_text_within(ui.fonts.small_text, box.x, y, box.width, color, text);
    ui.note(name, {box.x, y, box.width, ui.px(18)});
    return y + ui.px(22);
  };
  if (state.popup_saving != 0) {
    widgets::progress_line(ui, box.x, y, box.width, -1);
    return y + ui.px(14);
  }
  if (!state.popup_failure.empty()) return draw_popup_failure(state, ui, {box.x, y, box.width, 0});
  if (replaces(state))
    return line("save.replaces", ui.theme->warning, "It replaces the file of this name.");
  if (const std::string place = landing_place(state); !place.empty())
    return line("save.place", ui.theme->secondary(), place);
  return y;
}

// True: the file is to be written.
bool draw_save_form(const view::WorkbenchState& state, Ui& ui, bool appeared,
                    const SaveForm& form) {
  const view::Box box = popup_inner_box(ui);
  const float y = draw_popup_title(ui, box, form.title, form.text);
  const float below = draw_saving(state, ui, box, y + ui.px(40));
  const std::optional<std::string> chosen = draw_path_offers(
      state, ui, {box.x, below, box.width, std::max(1.0F, box.bottom() - below)}, form.field);
  if (chosen) fill_popup_path(ui, form.field, *chosen);
  const bool wanted = draw_popup_path(state, ui, {box.x, y, box.width, ui.px(30)}, appeared,
                                      {.field = form.field,
                                       .button = form.button,
                                       .verb = "Write",
                                       .placeholder = form.placeholder,
                                       .is_fit = form.is_fit && state.popup_saving == 0});
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
