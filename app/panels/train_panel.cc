#include "app/panels/train_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/train_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kRunsWidth = 272;

// A headline, a sentence and the one thing to do.
void draw_nothing(Ui& ui, const view::Box& box, std::string_view headline, std::string_view text,
                  const char* command, std::string_view button) {
  widgets::PaneScope pane("train.empty", box, ui.theme->pane());
  ui.note("train.empty", box);
  const float x = box.x + ui.px(24), width = std::min(ui.px(620), box.width - ui.px(48));
  float y = box.y + ui.px(28);
  widgets::draw_text_within(ui.fonts.hero, x, y, width, ui.theme->text(), headline);
  y += ui.fonts.hero->FontSize + ui.px(10);
  y += widgets::draw_wrapped(ui.fonts.body, x, y, width, ui.theme->body(), text) + ui.px(18);
  if (command == nullptr) return;
  if (widgets::button(ui, "train.first", x, y, button, {.kind = widgets::ButtonKind::kPrimary}))
    ui.act(view::RunCommand{command});
}

}  // namespace

void TrainPanel::draw(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  if (!view::has_workspace(state)) {
    return draw_nothing(ui, box, "No workspace is open",
                        "Open one to train a model on its passages and to watch it learn.",
                        "file.open_workspace", "Open a workspace\u2026");
  }
  const view::TrainState& train = state.train;
  const bool has_runs = train.snapshot && !train.snapshot->runs->empty();
  // A form may be asked for before the runs are known.
  if (!train.snapshot || (!has_runs && !train.form)) {
    if (!train.snapshot || !train.snapshot->is_known) {
      widgets::PaneScope pane("train.waits", box, ui.theme->pane());
      widgets::progress_line(ui, box.x + ui.px(24), box.y + ui.px(28), ui.px(240), -1);
      return;
    }
    if (train.snapshot->failure) {
      return draw_nothing(ui, box, "The runs cannot be read", train.snapshot->failure->sentence,
                          nullptr, "");
    }
    return draw_nothing(
        ui, box, "Nothing was trained here yet",
        "A run trains a retriever, a reader or both on this workspace\u2019s passages. It is a "
        "process "
        "of its own: it goes on when this window is closed, saves checkpoints, and can be stopped, "
        "resumed and compared with others.",
        "train.new", "New run\u2026");
  }
  const float runs_width = std::round(std::min(ui.px(kRunsWidth), box.width * 0.4F));
  draw_train_runs(state, ui, {box.x, box.y, runs_width, box.height});
  widgets::hairline(ui, box.x + runs_width, box.y, box.height, /*vertical=*/true);
  const view::Box right{box.x + runs_width + 1, box.y, box.width - runs_width - 1, box.height};
  if (train.form) return draw_train_form(state, ui, right);
  if (view::selected_run(train) == nullptr) {
    return draw_nothing(ui, right, "Choose a run", "Its curves, log and settings stand here then.",
                        nullptr, "");
  }
  widgets::PaneScope pane("train.run", right, ui.theme->pane());
  const float head = draw_train_head(state, ui, right);
  const float rest = right.height - head;
  const float share = std::clamp(view::bottom_share(train.look), 0.1F, 0.9F);
  const float bottom = std::round(std::min(std::max(ui.px(120), rest * share), rest));
  charts_.draw(state, ui, {right.x, right.y + head, right.width, std::max(1.0F, rest - bottom)});
  draw_train_bottom(state, ui, {right.x, right.bottom() - bottom + 1, right.width, bottom - 1},
                    film_);
  const widgets::SplitterResult moved =
      widgets::splitter(ui, "train.split", {right.x, right.bottom() - bottom, right.width, 1},
                        /*vertical=*/false);
  if (moved.reset || moved.moved != 0) {
    view::TrainLook next = train.look;
    next.bottom_share = std::clamp((bottom - moved.moved) / std::max(1.0F, rest), 0.1F, 0.9F);
    if (moved.reset) next.bottom_share.reset();
    ui.act(view::SetTrainLook{std::move(next)});
  }
}

}  // namespace realm::panels
