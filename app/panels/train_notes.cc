// Tags and a note on the chosen run, kept as they are written.
#include "app/panels/train_parts.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"
#include "app/widgets/text_field.h"

namespace realm::panels {

using widgets::Ui;

void draw_train_notes(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  constexpr float kPad = 18;
  widgets::PaneScope pane("train.notes", box, ui.theme->pane());
  const view::RunNotesForm notes = view::notes_of(state.train);
  const float x = box.x + ui.px(kPad);
  const view::Box line{x, box.y + ui.px(4), box.width - 2 * ui.px(kPad),
                       widgets::control_height(ui)};
  widgets::draw_text(ui.fonts.small_text, x, widgets::centered_y(line, ui.fonts.small_text),
                     ui.theme->secondary(), "tags");
  std::string tags = notes.tags;
  const view::Box field{x + ui.px(44), line.y, line.width - ui.px(44), line.height};
  const bool writes = !view::is_read_only(state);
  if (writes) {
    if (widgets::input_field(ui, "train.tags", field, tags,
                             {.placeholder = "words to find it by, with commas between them"}))
      ui.act(view::ChangeRunNotes{tags, notes.note});
  } else {
    widgets::draw_text_within(ui.fonts.body, field.x, widgets::centered_y(field, ui.fonts.body),
                              field.width, ui.theme->text(), tags);
  }
  const float top = line.bottom() + ui.px(6);
  const view::Box area{x, top, line.width, box.bottom() - top - ui.px(8)};
  if (area.height < ui.px(20)) return;
  const widgets::TextFieldOptions options{
      .focused = state.focus == view::Focus::kRunNote && state.popup == view::Popup::kNone,
      .read_only = !writes,
      .placeholder = "What this run is for, and what came of it"};
  if (auto change = widgets::text_area(ui, "train.note", area, notes.note, options))
    ui.act(view::ChangeRunNotes{tags, std::move(change->editor), change->took_focus});
}

}  // namespace realm::panels
