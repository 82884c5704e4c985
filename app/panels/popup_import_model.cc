// The popup that brings a model into the workspace: its folder, and its name there.
#include <algorithm>
#include <string>

#include "app/panels/popup_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

// The name in the workspace: the folder's, until another one is typed. True: Enter was pressed.
bool draw_name(const view::WorkbenchState& state, Ui& ui, const view::Box& line) {
  const view::Box text{line.x, line.y, ui.px(150), line.height};
  widgets::draw_text_within(ui.fonts.body, text.x, widgets::centered_y(text, ui.fonts.body),
                            text.width, ui.theme->body(), "Its name here");
  std::string typed = state.popup_name;
  bool submitted = false;
  const std::string own = view::model_name(state);
  if (widgets::input_field(
          ui, "import_model.name", {text.right(), line.y, line.right() - text.right(), line.height},
          typed, {.placeholder = own.empty() ? "a name" : own.c_str(), .submitted = &submitted}))
    ui.act(view::NamePopup{typed});
  // A name that is refused is written anew.
  if (submitted) ui.field_to_focus = "import_model.name";
  return submitted;
}

}  // namespace

void draw_import_model(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  const float top = draw_popup_title(
      ui, box, "Import a model",
      "A folder in Hugging Face layout: REALM\u2019s embedder and reader, a BERT, a sentence "
      "encoder, "
      "or several of them in folders of one. Every tensor is accounted for before anything is "
      "copied. It can also be dropped on the window.");
  const view::Activity& activity = view::engine_of(state).activity;
  const bool is_busy = state.popup_saving != 0;
  float y = top + ui.px(78);
  if (is_busy) {
    draw_popup_progress(state, ui, {box.x, y, box.width, 0}, state.popup_saving,
                        "Looking it through and copying it\u2026");
    if (activity.id == state.popup_saving && activity.can_cancel &&
        widgets::button(ui, "import_model.cancel", box.x, y + ui.px(38), "Cancel the import"))
      ui.act(view::CancelWork{});
  } else if (!state.popup_failure.empty()) {
    y = draw_popup_failure(state, ui, {box.x, y, box.width, 0});
  }
  std::optional<std::string> chosen;
  if (!is_busy)
    chosen = draw_path_offers(state, ui, {box.x, y, box.width, std::max(1.0F, box.bottom() - y)},
                              "import_model.field");
  if (chosen) fill_popup_path(ui, "import_model.field", *chosen);  // its name can be changed still
  const std::string name = view::model_name(state);
  const bool is_wanted = draw_popup_path(state, ui, {box.x, top, box.width, ui.px(30)}, appeared,
                                         {.field = "import_model.field",
                                          .button = "import_model.go",
                                          .verb = "Import",
                                          .placeholder = "/path/to/model",
                                          .is_fit = !is_busy && !name.empty()});
  const bool is_named = draw_name(state, ui, {box.x, top + ui.px(38), box.width, ui.px(30)});
  if ((is_wanted || is_named) && !is_busy) ui.act(view::ImportModelFrom{state.popup_text, name});
}

}  // namespace realm::panels
