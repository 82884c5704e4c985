#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/ask_parts.h"
#include "app/panels/menu.h"
#include "app/view/number_format.h"
#include "app/view/plot_geometry.h"
#include "app/view/utf8.h"
#include "app/widgets/controls.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using view::PassageRow;
using widgets::Ui;

constexpr float kRow = 52;
constexpr float kRankWidth = 24;
constexpr float kNumberWidth = 66;
constexpr float kShareHeight = 56;
constexpr double kLogLow = -6;

bool is_read(const view::AskState& ask, const PassageRow& row) {
  return ask.has_reading && (row.is_null ? ask.reading == kNullDocumentId : ask.reading == row.id);
}

// A narrow pane keeps its room for titles.
bool shows_scores(Ui& ui, float width) { return width > ui.px(330); }

std::string row_detail(const AskResult& result, const PassageRow& row,
                       const std::string& share_of) {
  const AskedDocument& document = result.documents[row.index];
  std::string text =
      fmt::format("p(z|x) {}\nscore f(x,z) {}", view::format_exact(document.p_z_given_x),
                  view::format_exact(document.score));
  text += fmt::format("\nshare of p({}|x) {}", share_of, view::format_exact(row.share));
  if (row.was) text += fmt::format("\np(z|x) before {}", view::format_exact(*row.was));
  if (row.is_new) text += "\nnot among the passages before";
  return text;
}

view::NamedDocument named(const PassageRow& row) { return {row.id, row.title}; }

void draw_menu(const AskResult& result, Ui& ui, const char* name, const PassageRow& row, bool opens,
               bool can_edit) {
  const AskedDocument& document = result.documents[row.index];
  const std::array<MenuItem, 6> items = {
      MenuItem{"edit", "Edit passage", view::OpenInCorpus{row.id, true}, can_edit && !row.is_null},
      MenuItem{"open", "Show in Corpus", view::OpenInCorpus{row.id, false}, !row.is_null},
      MenuItem{"pin", row.is_pinned ? "Let the model choose again" : "Pin: always read it",
               view::SetPinned{named(row), !row.is_pinned}, !row.is_null},
      MenuItem{"exclude", "Exclude here", view::SetExcluded{named(row), true}, !row.is_null},
      MenuItem{
          "copy", "Copy passage",
          view::CopyText{document.document.title + "\n" + document.document.text, "the passage"},
          !row.is_null},
      MenuItem{"copy_table", "Copy table",
               view::CopyText{view::passages_as_tsv(result), "the table"}}};
  context_menu(ui, name, opens, items);
}

void draw_row(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
              const view::PassageTable& table, const PassageRow& row, const char* name) {
  const AskResult& result = *state.ask.result;
  const widgets::HitResult hit = widgets::hit(ui, name, line);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool reading = is_read(state.ask, row);
  if (reading || hit.hovered) {
    list->AddRectFilled(
        {line.x, line.y}, {line.right(), line.bottom()},
        widgets::u32(reading ? view::mix(ui.theme->selection, ui.theme->pane(), 0.45)
                             : ui.theme->hover()));
  }
  if (state.ask.sorting_document && reading) {
    list->AddRectFilled({line.x, line.y}, {line.x + ui.px(3), line.bottom()},
                        widgets::u32(ui.theme->accent));
  }
  const float left = line.x + ui.px(kPanePadding), right = line.right() - ui.px(kPanePadding);
  const float text_x = left + ui.px(kRankWidth), number_left = right - ui.px(kNumberWidth);
  const view::Box first{line.x, line.y + ui.px(3), line.width, ui.px(19)};
  const view::Box second{text_x, first.bottom(), number_left - text_x - ui.px(6), ui.px(10)};
  const view::Box third{text_x, second.bottom(), right - text_x, ui.px(18)};

  // What it was before an edit stands before what it is.
  const bool moved = row.was && std::abs(*row.was - row.p) > 0.005 * std::max(*row.was, row.p);
  const std::string was = row.is_new ? "new"
                          : moved    ? view::format_number(*row.was) + " \u2192"
                                     : std::string();
  const float p_width = widgets::text_width(ui.fonts.body, row.shown_p);
  const float was_width =
      was.empty() ? 0 : widgets::text_width(ui.fonts.small_text, was) + ui.px(8);
  const bool shows_score = was.empty() && shows_scores(ui, line.width);
  const float score_width = shows_score ? ui.px(kNumberWidth) : 0;
  const float title_right =
      std::min(number_left, right - p_width - was_width) - score_width - ui.px(8);

  widgets::draw_text(ui.fonts.body, left, widgets::centered_y(first, ui.fonts.body),
                     ui.theme->secondary(), row.rank);
  ImFont* title_font = reading ? ui.fonts.strong : ui.fonts.body;
  const std::string title = row.title.empty() ? "untitled" : row.title;
  const view::Color title_color =
      row.is_null || row.title.empty() ? ui.theme->secondary() : ui.theme->text();
  float taken =
      widgets::draw_text_within(title_font, text_x, widgets::centered_y(first, title_font),
                                title_right - text_x, title_color, title);
  if (row.is_pinned) {
    taken += ui.px(8);
    widgets::draw_text_within(
        ui.fonts.small_text, text_x + taken, widgets::centered_y(first, ui.fonts.small_text),
        std::max(0.0F, title_right - text_x - taken), ui.theme->accent, "pinned");
  }
  widgets::draw_text_right(ui.fonts.body, right, widgets::centered_y(first, ui.fonts.body),
                           ui.theme->text(), row.shown_p);
  if (shows_score) {
    widgets::draw_text_right(ui.fonts.small_text, number_left - ui.px(8),
                             widgets::centered_y(first, ui.fonts.small_text), ui.theme->secondary(),
                             row.shown_score);
  }
  if (!was.empty()) {
    widgets::draw_text_right(ui.fonts.small_text, right - p_width - ui.px(8),
                             widgets::centered_y(first, ui.fonts.small_text),
                             view::mix(ui.theme->edited, ui.theme->text(), 0.45), was);
  }

  const double fraction = view::bar_fraction(row.p, state.preferences.logarithmic_bars, kLogLow);
  const view::Color color = state.ask.selected_word
                                ? widgets::share_color(*ui.theme, row.share, row.is_null)
                            : row.is_null ? ui.theme->null_document
                                          : ui.theme->realm;
  widgets::draw_bar(ui, second, fraction, color);

  // What the passage alone makes of the answer; with a chosen word, its share of that word.
  const AskedDocument& document = result.documents[row.index];
  const bool by_share = state.ask.selected_word.has_value();
  const std::string side =
      by_share ? fmt::format("{} of {}", row.shown_share, table.share_of)
               : fmt::format("p(y|z,x) {}", view::format_from_log(document.log_p_y_given_zx));
  ImFont* side_font = by_share ? ui.fonts.small_strong : ui.fonts.small_text;
  widgets::draw_text_right(side_font, right, widgets::centered_y(third, side_font),
                           ui.theme->body(), side);
  const float snippet_right = right - widgets::text_width(side_font, side) - ui.px(14);
  widgets::draw_text_within(
      ui.fonts.small_text, text_x, widgets::centered_y(third, ui.fonts.small_text),
      std::max(0.0F, snippet_right - text_x), ui.theme->secondary(), row.snippet);
  widgets::hairline(ui, text_x, line.bottom() - 1, right - text_x);

  if (hit.hovered) {
    const float mouse_x = ImGui::GetIO().MousePos.x;
    if (mouse_x > number_left || ImGui::GetIO().MousePos.y > second.y - ui.px(2)) {
      widgets::tooltip(ui, title, row_detail(result, row, table.share_of));
    }
  }
  if (hit.double_clicked && !row.is_null) {
    ui.act(view::OpenInCorpus{row.id, false});
  } else if (hit.clicked) {
    ui.act(view::SelectPassage{.id = row.id, .is_null = row.is_null});
  }
  draw_menu(result, ui, name, row, hit.right_clicked,
            view::command_state(state, "corpus.add").enabled);
}

void handle_keys(const view::WorkbenchState& state, Ui& ui, const view::PassageTable& table) {
  if (state.focus != view::Focus::kPassages || ui.popup_is_open || ImGui::GetIO().WantTextInput)
    return;
  const int by = ui.take_key("Down") ? 1 : ui.take_key("Up") ? -1 : 0;
  if (by == 0 || table.rows.empty()) return;
  int now = -1;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    if (is_read(state.ask, table.rows[i])) now = static_cast<int>(i);
  }
  const int next = std::clamp(now + by, 0, static_cast<int>(table.rows.size()) - 1);
  if (next == now) return;
  const PassageRow& row = table.rows[static_cast<size_t>(next)];
  ui.act(view::SelectPassage{.id = row.id, .is_null = row.is_null});
}

void draw_share(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                const view::PassageTable& table) {
  widgets::hairline(ui, box.x, box.y, box.width);
  const float left = box.x + ui.px(kPanePadding), width = box.width - 2 * ui.px(kPanePadding);
  widgets::caption(
      ui, "ask.share.caption", left, box.y + ui.px(8),
      fmt::format("Where p({}|x) comes from", view::shorten(table.share_of, 24)),
      state.ask.selected_word
          ? "Each passage's part p(z|x) p(w|z,x) of the chosen word's probability"
          : "Each passage's part p(z|x) p(y|z,x) of p(y|x); it is the posterior p(z|x,y)");
  std::optional<size_t> highlighted;
  if (state.ask.sorting_document) {
    for (size_t i = 0; i < table.rows.size(); ++i) {
      if (is_read(state.ask, table.rows[i])) highlighted = i;
    }
  }
  const view::Box bar{left, box.y + ui.px(28), width, ui.px(18)};
  const widgets::ShareBarResult result = widgets::share_bar(
      ui, "ask.share", bar, table, highlighted, view::is_greyed(state.ask, state.now));
  if (result.clicked) {
    const PassageRow& row = table.rows[*result.hovered];
    ui.act(view::SelectPassage{.id = row.id, .is_null = row.is_null});
  }
}

}  // namespace

void draw_passages(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const AskResult& result = *state.ask.result;
  const view::PassageTable table =
      view::make_passage_table(result, state.ask.selected_word, reference_of(state));
  handle_keys(state, ui, table);
  widgets::PaneScope pane("ask.passages", box, ui.theme->pane());
  const std::string_view symbol =
      state.preferences.logarithmic_bars ? "p(z|x), log bars" : "p(z|x)";
  draw_head(ui,
            {.name = "ask.passages.head",
             .pane = view::Pane::kPassages,
             .title = "What was retrieved",
             .meaning = "The passages that the model chose to read, and \u2205, the empty one. "
                        "Click one to read it.",
             .room_right = widgets::text_width(ui.fonts.small_text, symbol) + ui.px(8) +
                           (shows_scores(ui, box.width) ? ui.px(kNumberWidth) : 0)},
            box);
  widgets::caption(
      ui, "ask.passages.caption",
      box.right() - ui.px(kPanePadding) - widgets::text_width(ui.fonts.small_text, symbol),
      box.y + (ui.px(kHeadHeight) - ui.fonts.small_text->FontSize) / 2, symbol,
      "How strongly the model chose this passage: the softmax of the scores f(x,z) over the "
      "candidates. They add up to 1.");
  if (shows_scores(ui, box.width)) {
    constexpr std::string_view kScore = "f(x,z)";
    widgets::caption(ui, "ask.passages.score",
                     box.right() - ui.px(kPanePadding + kNumberWidth + 8) -
                         widgets::text_width(ui.fonts.small_text, kScore),
                     box.y + (ui.px(kHeadHeight) - ui.fonts.small_text->FontSize) / 2, kScore,
                     "The score: the inner product of what the embedder makes of the sentence and "
                     "of the passage.");
  }
  const bool has_share = result.p_y_given_x > 0 && box.height > ui.px(260);
  const std::string outside = view::outside_sentence(result);
  const float outside_height = outside.empty() ? 0 : ui.px(24);
  const float share_height = (has_share ? ui.px(kShareHeight) : 0) + outside_height;
  // The share bar follows the rows; where they are many, it stays in sight and they scroll.
  const float rows_height = ui.px(kRow) * static_cast<float>(table.rows.size()) + ui.px(6);
  const float room = std::max(1.0F, box.height - ui.px(kHeadHeight) - share_height);
  const view::Box list_box{box.x, box.y + ui.px(kHeadHeight), box.width,
                           std::clamp(rows_height, 1.0F, room)};
  {
    widgets::PaneScope list("rows", list_box, ui.theme->pane());
    widgets::hairline(ui, box.x + ui.px(kPanePadding), list_box.y,
                      box.width - 2 * ui.px(kPanePadding));
    float y = ImGui::GetCursorScreenPos().y + 1;
    const float top = y;
    for (size_t i = 0; i < table.rows.size(); ++i) {
      const view::Box line{box.x, y, box.width, ui.px(kRow)};
      draw_row(state, ui, line, table, table.rows[i], fmt::format("ask.passage.{}", i).c_str());
      y = line.bottom();
    }
    if (view::is_greyed(state.ask, state.now)) draw_greyed(ui, {box.x, top, box.width, y - top});
    ImGui::SetCursorScreenPos({box.x, y + ui.px(4)});
    ImGui::Dummy({1, 1});
  }
  float y = list_box.bottom();
  if (has_share) {
    draw_share(state, ui, {box.x, y, box.width, ui.px(kShareHeight)}, table);
    y += ui.px(kShareHeight);
  }
  if (!outside.empty()) {
    const view::Box line{box.x + ui.px(kPanePadding), y, box.width - 2 * ui.px(kPanePadding),
                         outside_height};
    widgets::draw_text_within(ui.fonts.small_text, line.x,
                              widgets::centered_y(line, ui.fonts.small_text), line.width,
                              ui.theme->body(), outside);
    ui.note("ask.outside", line);
    y += outside_height;
  }
  // Where the window is tall, the sum is written out.
  const float sum = sum_height(ui, table);
  if (has_share && box.bottom() - y > sum + ui.px(8)) {
    const view::Box place{box.x, y + ui.px(8), box.width, sum};
    draw_sum(state, ui, place, table);
    if (view::is_greyed(state.ask, state.now)) draw_greyed(ui, place);
  }
}

}  // namespace realm::panels
