#include "app/panels/corpus_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/corpus_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

void draw_no_workspace(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("corpus.empty", box, ui.theme->pane());
  ui.note("corpus.empty", box);
  const view::EngineSnapshot& engine = view::engine_of(state);
  const float x = box.x + ui.px(24), width = std::min(ui.px(640), box.width - ui.px(48));
  float y = box.y + ui.px(28);
  const bool opening = engine.phase == view::EnginePhase::kOpening ||
                       engine.phase == view::EnginePhase::kLoadingModel;
  if (opening) {
    widgets::draw_text_within(ui.fonts.body, x, y, width, ui.theme->body(),
                              "Opening the corpus\u2026");
    widgets::progress_line(ui, x, y + ui.px(26), std::min(width, ui.px(320)), -1);
    return;
  }
  widgets::draw_text_within(
      ui.fonts.hero, x, y, width, ui.theme->text(),
      engine.failure ? "The workspace could not be opened" : "No workspace is open");
  y += ui.fonts.hero->FontSize + ui.px(10);
  y += widgets::draw_wrapped(ui.fonts.body, x, y, width, ui.theme->body(),
                             engine.failure ? engine.failure->sentence
                                            : "Open one to read, search and edit its passages.") +
       ui.px(18);
  if (widgets::button(ui, "corpus.open", x, y, "Open a workspace\u2026",
                      {.kind = widgets::ButtonKind::kPrimary, .chord = "Ctrl+O"})) {
    ui.act(view::RunCommand{"file.open_workspace"});
  }
}

}  // namespace

void CorpusPanel::draw(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  if (!view::has_workspace(state)) return draw_no_workspace(state, ui, box);
  const float share = state.memory.panes.corpus_table;
  const float least = std::min(ui.px(280), box.width / 3);
  const float table_width = std::round(std::clamp(share * box.width, least, box.width - least));
  const bool table_alone = state.zoomed == view::Pane::kTable;
  const bool passage_alone = state.zoomed == view::Pane::kPassage;
  const view::Box left = table_alone ? box : view::Box{box.x, box.y, table_width - 1, box.height};
  const view::Box right =
      passage_alone ? box
                    : view::Box{box.x + table_width, box.y, box.width - table_width, box.height};
  if (!passage_alone) {
    widgets::PaneScope pane("corpus.left", left, ui.theme->pane());
    const float tools = draw_corpus_tools(state, ui, left);
    const bool scroll =
        seen_scroll_ != state.corpus.scroll_serial && state.corpus.pending_page == 0;
    if (scroll) seen_scroll_ = state.corpus.scroll_serial;
    draw_corpus_table(state, ui,
                      {left.x, left.y + tools, left.width, std::max(1.0F, left.height - tools)},
                      scroll);
  }
  if (table_alone) return;
  if (state.corpus.form) {
    draw_corpus_form(state, ui, right);
  } else {
    draw_corpus_passage(state, ui, right);
  }
  if (passage_alone) return;
  const auto moved =
      widgets::splitter(ui, "corpus.split", {left.right(), box.y, 1, box.height}, true);
  if (moved.reset || moved.moved != 0) {
    view::PaneLayout panes = state.memory.panes;
    panes.corpus_table = moved.reset ? view::PaneLayout{}.corpus_table
                                     : std::clamp(share + moved.moved / box.width, 0.2F, 0.8F);
    ui.act(view::SetPanes{panes});
  }
}

}  // namespace realm::panels
