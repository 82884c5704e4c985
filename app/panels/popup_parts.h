// The contents of popups and what they share. Private to app/panels.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

void close_popup(widgets::Ui& ui);
view::Box popup_inner_box(widgets::Ui& ui);
// Title, cross and a paragraph; gives the y below.
float draw_popup_title(widgets::Ui& ui, const view::Box& box, std::string_view title,
                       std::string_view text = {});
constexpr float kPopupRow = 32;
// A list of rows moved through with the arrow keys: gives the row that was chosen by Enter, else
// -1.
int chosen_row(widgets::Ui& ui, int count, int& selected);
// The ground of a row of a list that is selected or hovered.
void draw_row_ground(widgets::Ui& ui, const view::Box& row, bool is_selected, bool is_hovered);
// Scrolls the current window where the row is not in sight.
void keep_in_sight(const view::Box& row);

// A field for a path and a button beside it; true: the path typed is wanted. What is typed is
// `popup_text`; Tab fills in what is there.
struct PathForm {
  const char* field = "";
  const char* button = "";
  std::string_view verb{};
  const char* placeholder = "";
  bool is_fit = true;  // false: what is typed names nothing that could be written
};
bool draw_popup_path(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& line,
                     bool appeared, const PathForm& form);

// Puts a path into the field, which gets the keyboard, with the cursor behind it.
void fill_popup_path(widgets::Ui& ui, const char* field, const std::string& text);
// Why what was asked for could not be done, wrapped from the top of the box. Gives the y below.
float draw_popup_failure(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

// How far the command `id` is, or that it waits for another: a line of text above a bar.
void draw_popup_progress(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                         view::RequestId id, std::string_view doing);

// What the folder holds that is being typed, as rows of `box` to choose from with the arrow keys
// and Enter or the mouse; a folder that is not what is asked for is gone into. To be drawn before
// the field, whose name is `field`: Enter on a row is not the field's. Gives the path that was
// chosen.
std::optional<std::string> draw_path_offers(const view::WorkbenchState& state, widgets::Ui& ui,
                                            const view::Box& box, const char* field);

void draw_palette(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
void draw_shortcuts(widgets::Ui& ui);
void draw_examples(const view::WorkbenchState& state, widgets::Ui& ui);

// Whether runs go on when the window closes, and how many steps a run gets more.
void draw_living_runs(const view::WorkbenchState& state, widgets::Ui& ui);
void draw_extend_run(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);

void draw_open(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
void draw_new_workspace(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
void draw_import_model(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
// The English workspace.
void draw_english(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
float english_popup_height(const view::WorkbenchState& state);

void draw_export(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
void draw_import(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
// The workspace's models.
void draw_models(const view::WorkbenchState& state, widgets::Ui& ui);
float models_popup_height(const view::WorkbenchState& state);

void draw_save_curves(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);
void draw_export_corpus(const view::WorkbenchState& state, widgets::Ui& ui, bool appeared);

}  // namespace realm::panels
