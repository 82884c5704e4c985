#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/ask_parts.h"
#include "app/panels/menu.h"
#include "app/view/number_format.h"
#include "app/view/plot_geometry.h"
#include "app/widgets/controls.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using view::StripSource;
using view::WordRow;
using view::WordRowKind;
using widgets::Ui;

constexpr float kRow = 26;
constexpr double kLogLow = -6;  // where logarithmic bars begin

struct WordColumns {
  float word = 0, word_width = 0, bar = 0, bar_width = 0;
  float p_right = 0, bert_right = 0, null_right = 0;
  bool shows_null = true;
};

WordColumns columns_of(Ui& ui, const view::Box& box, bool has_baseline, float widest_word) {
  WordColumns columns;
  const float right = box.right() - ui.px(kPanePadding);
  const float number = widgets::text_width(ui.fonts.small_text, "8.8e\u221288") + ui.px(12);
  columns.shows_null = box.width > ui.px(280);
  columns.null_right = right;
  columns.bert_right = right - (columns.shows_null ? number : 0);
  columns.p_right = columns.bert_right - (has_baseline ? number : 0);
  columns.word = box.x + ui.px(kPanePadding);
  const float p_left =
      columns.p_right - widgets::text_width(ui.fonts.body, "8.8e\u221288") - ui.px(8);
  const float room = p_left - columns.word;
  columns.word_width =
      std::clamp(widest_word + ui.px(4), ui.px(70), std::max(ui.px(70), room * 0.64F));
  columns.bar = columns.word + columns.word_width + ui.px(8);
  columns.bar_width = p_left - columns.bar;
  if (columns.bar_width < ui.px(24)) columns.bar_width = 0;  // too short to compare anything
  return columns;
}

void draw_column_heads(Ui& ui, const view::Box& line, const WordColumns& columns, bool has_baseline,
                       bool logarithmic, std::string_view sorting) {
  ImFont* font = ui.fonts.small_text;
  const float y = widgets::centered_y(line, font);
  const auto head = [&](const char* name, float right, StripSource source, std::string_view text,
                        std::string_view meaning) {
    const float width = widgets::text_width(font, text);
    widgets::caption(ui, name, right - width, y, text, meaning);
    widgets::draw_marker(ui, source, right - width - ui.px(9), line.y + line.height / 2, 3.5F);
  };
  widgets::draw_text_within(font, columns.word, y, columns.word_width + columns.bar_width,
                            ui.theme->secondary(),
                            !sorting.empty() ? sorting
                            : logarithmic    ? std::string_view("log bars from 1e\u22126")
                                             : "word");
  head("ask.words.realm", columns.p_right, StripSource::kMarginal, "REALM",
       "p(y|x): the words by the sum over all passages, \u03A3 p(z|x) p(y|z,x)");
  if (has_baseline) {
    head("ask.words.bert", columns.bert_right, StripSource::kBert, "BERT",
         "What plain BERT says, which reads the sentence alone");
  }
  if (columns.shows_null) {
    head("ask.words.null", columns.null_right, StripSource::kNull, "\u2205",
         "p(y|\u2205,x): what REALM's reader says without a passage");
  }
}

std::string row_detail(const WordRow& row, bool has_baseline) {
  std::string text = fmt::format("REALM {}", view::format_exact(row.p));
  if (has_baseline) text += fmt::format("\nBERT {}", view::format_exact(row.baseline_p));
  text += fmt::format("\n\u2205 {}", view::format_exact(row.null_p));
  if (row.from_document > 0)
    text +=
        fmt::format("\nof it from the chosen passage {}", view::format_exact(row.from_document));
  if (row.was) text += fmt::format("\nbefore {}", view::format_exact(*row.was));
  if (row.rank) text += fmt::format("\nrank {}", view::format_count(*row.rank));
  if (!row.pieces.empty() && row.pieces != row.word) text += "\npieces: " + row.pieces;
  return text;
}

// A small triangle where the number has moved since the reference.
void draw_moved(Ui& ui, float right, float y, double was, double now) {
  if (!(std::abs(now - was) > 0.005 * std::max(now, was))) return;
  const float s = ui.px(3.5F);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 color = widgets::u32(ui.theme->edited);
  if (now > was) {
    list->AddTriangleFilled({right - 2 * s, y + s * 0.7F}, {right, y + s * 0.7F},
                            {right - s, y - s}, color);
  } else {
    list->AddTriangleFilled({right - 2 * s, y - s * 0.7F}, {right, y - s * 0.7F},
                            {right - s, y + s}, color);
  }
}

struct RowContext {
  const view::WorkbenchState& state;
  const WordColumns& columns;
  bool has_baseline = false;
};

void draw_row(const RowContext& context, Ui& ui, const view::Box& line, const WordRow& row,
              const char* name) {
  const view::WorkbenchState& state = context.state;
  const WordColumns& columns = context.columns;
  const bool is_other = row.kind == WordRowKind::kOther;
  const bool selected = !is_other && state.ask.selected_word == row.word;
  const bool mouse_over =
      ImGui::IsMouseHoveringRect({line.x, line.y}, {line.right(), line.bottom()}) &&
      ImGui::IsWindowHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (selected || (mouse_over && !is_other)) {
    list->AddRectFilled({line.x, line.y}, {line.right(), line.bottom()},
                        widgets::u32(selected ? ui.theme->selection : ui.theme->hover()));
  }
  // The cross is an item before the row is one, or the row would take its clicks.
  if (row.kind == WordRowKind::kWatched && mouse_over &&
      widgets::close_button(ui, fmt::format("{}.remove", name).c_str(), columns.bar - ui.px(16),
                            line.y + line.height / 2, "Watch it no longer")) {
    ui.act(view::RemoveWatch{row.word});
  }
  const widgets::HitResult hit = widgets::hit(ui, name, line);
  if (row.is_answer) {
    list->AddRectFilled({line.x + ui.px(4), line.y + ui.px(5)},
                        {line.x + ui.px(7), line.bottom() - ui.px(5)}, widgets::u32(ui.theme->gold),
                        1.5F);
  }
  ImFont* word_font = row.is_answer ? ui.fonts.strong : ui.fonts.body;
  const view::Color word_color = is_other ? ui.theme->secondary() : ui.theme->text();
  widgets::draw_text_within(word_font, columns.word, widgets::centered_y(line, word_font),
                            columns.word_width, word_color, row.word);
  if (!row.note.empty()) {
    const float x = columns.bar;
    widgets::draw_text_within(ui.fonts.small_text, x,
                              widgets::centered_y(line, ui.fonts.small_text),
                              line.right() - ui.px(30) - x, ui.theme->secondary(), row.note);
    if (hit.hovered) widgets::tooltip(ui, row.note);
    return;
  }
  const bool logarithmic = state.preferences.logarithmic_bars;
  const double fraction = view::bar_fraction(row.p, logarithmic, kLogLow);
  const view::Box slot{columns.bar, line.y, columns.bar_width, line.height};
  if (slot.width <= 0) {
    // The pane is too narrow for bars: the numbers stay.
  } else if (is_other) {
    widgets::draw_bar(ui, slot, fraction, ui.theme->control());
  } else if (state.ask.sorting_document) {
    widgets::draw_split_bar(ui, slot, fraction, row.p > 0 ? row.from_document / row.p : 0,
                            ui.theme->realm, view::mix(ui.theme->realm, ui.theme->pane(), 0.65));
  } else {
    widgets::draw_bar(ui, slot, fraction, ui.theme->realm);
  }
  ImFont* number_font = row.is_answer ? ui.fonts.strong : ui.fonts.body;
  widgets::draw_text_right(number_font, columns.p_right, widgets::centered_y(line, number_font),
                           is_other ? ui.theme->secondary() : ui.theme->text(), row.shown_p);
  if (row.was) {
    draw_moved(ui, columns.p_right - widgets::text_width(number_font, row.shown_p) - ui.px(5),
               line.y + line.height / 2, *row.was, row.p);
  }
  // Secondary text would be too faint on the ground of what is selected.
  const view::Color small_color = selected ? ui.theme->body() : ui.theme->secondary();
  const float small_y = widgets::centered_y(line, ui.fonts.small_text);
  if (context.has_baseline) {
    widgets::draw_text_right(ui.fonts.small_text, columns.bert_right, small_y, small_color,
                             row.shown_baseline);
  }
  if (columns.shows_null) {
    widgets::draw_text_right(ui.fonts.small_text, columns.null_right, small_y, small_color,
                             row.shown_null);
  }
  if (hit.hovered) {
    widgets::tooltip(ui, is_other ? "all the other words together" : std::string_view(row.word),
                     row_detail(row, context.has_baseline));
  }
  if (hit.clicked && !is_other) ui.act(view::SelectWord{row.word});
  const std::array<MenuItem, 3> items = {
      MenuItem{"copy", "Copy word and numbers",
               view::CopyText{fmt::format("{}\t{:.10g}\t{:.10g}\t{:.10g}", row.word, row.p,
                                          row.baseline_p, row.null_p),
                              "the row"}},
      MenuItem{"copy_table", "Copy table",
               view::CopyText{view::words_as_tsv(*state.ask.result), "the table"}},
      MenuItem{"watch", "Watch this word", view::AddWatch{row.word},
               row.kind == WordRowKind::kTop}};
  context_menu(ui, name, hit.right_clicked, items);
}

void handle_keys(const view::WorkbenchState& state, Ui& ui, const view::WordTable& table) {
  if (state.focus != view::Focus::kWords || ui.popup_is_open || ImGui::GetIO().WantTextInput)
    return;
  const int by = ui.take_key("Down") ? 1 : ui.take_key("Up") ? -1 : 0;
  if (by == 0) return;
  std::vector<std::string> words;
  for (const WordRow& row : table.rows) {
    if (row.kind != WordRowKind::kOther) words.push_back(row.word);
  }
  if (words.empty()) return;
  const auto at = std::find(words.begin(), words.end(), state.ask.selected_word.value_or(""));
  const int now = at == words.end() ? (by > 0 ? -1 : static_cast<int>(words.size()))
                                    : static_cast<int>(at - words.begin());
  const int next = std::clamp(now + by, 0, static_cast<int>(words.size()) - 1);
  if (next != now) ui.act(view::SelectWord{words[static_cast<size_t>(next)]});
}

std::string sorting_caption(const view::AskState& ask) {
  if (!ask.sorting_document) return {};
  const AskedDocument* document = view::find_document(*ask.result, *ask.sorting_document,
                                                      *ask.sorting_document == kNullDocumentId);
  if (document == nullptr) return {};
  return document->is_null ? "by \u2205 \u2193"
                           : fmt::format("by passage {} \u2193", document->rank);
}

void draw_watch_field(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
                      std::string& draft) {
  bool submitted = false, active = false;
  const bool focus = state.focus == view::Focus::kWatch && ui.seen_focus != state.focus_serial;
  const view::Box field{line.x + ui.px(kPanePadding) - ui.px(2), line.y + ui.px(4),
                        std::min(ui.px(220), line.width - 2 * ui.px(kPanePadding)), ui.px(28)};
  widgets::input_field(ui, "ask.watch_field", field, draft,
                       {.placeholder = "+ watch a word",
                        .focus = focus,
                        .submitted = &submitted,
                        .active = &active});
  if (submitted && !draft.empty()) {
    ui.act(view::AddWatch{draft});
    draft.clear();
  }
}

void draw_count_choice(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  constexpr std::array kChoices = {5, 10, 20, 50, 100};
  std::vector<std::string> choices;
  int chosen = -1;
  for (size_t i = 0; i < kChoices.size(); ++i) {
    choices.push_back(fmt::format("{} words", kChoices[i]));
    if (kChoices[i] == state.ask.words) chosen = static_cast<int>(i);
  }
  const std::optional<int> choice =
      widgets::drop_down(ui, "ask.words.count", box, fmt::format("{} words", state.ask.words),
                         choices, chosen, "How many of the most probable words are listed");
  if (choice) ui.act(view::SetWords{kChoices[static_cast<size_t>(*choice)]});
}

}  // namespace

void draw_words(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                std::string& watch_draft) {
  const AskResult& result = *state.ask.result;
  const view::WordTable table =
      view::make_word_table(result, state.ask.sorting_document, reference_of(state));
  handle_keys(state, ui, table);
  widgets::PaneScope pane("ask.words", box, ui.theme->pane());
  const float choice_width = ui.px(112);
  draw_head(ui,
            {.name = "ask.words.head",
             .pane = view::Pane::kWords,
             .title = "What is hidden?",
             .meaning = "The words that the model puts in the hidden place. Click one to see which "
                        "passages speak for it.",
             .room_right = choice_width + ui.px(8)},
            box);
  draw_count_choice(state, ui,
                    {box.right() - ui.px(kPanePadding) - choice_width, box.y + ui.px(5),
                     choice_width, ui.px(26)});
  float widest_word = 0;
  for (const view::WordRow& row : table.rows) {
    widest_word =
        std::max(widest_word,
                 widgets::text_width(row.is_answer ? ui.fonts.strong : ui.fonts.body, row.word));
  }
  const WordColumns columns = columns_of(ui, box, table.has_baseline, widest_word);
  const view::Box heads{box.x, box.y + ui.px(kHeadHeight) - ui.px(2), box.width, ui.px(22)};
  draw_column_heads(ui, heads, columns, table.has_baseline, state.preferences.logarithmic_bars,
                    sorting_caption(state.ask));
  const float top = heads.bottom() + ui.px(2);
  widgets::hairline(ui, box.x + ui.px(kPanePadding), top - 1, box.width - 2 * ui.px(kPanePadding));
  const view::Box list_box{box.x, top, box.width, std::max(1.0F, box.bottom() - top)};
  widgets::PaneScope list("rows", list_box, ui.theme->pane());
  const RowContext context{state, columns, table.has_baseline};
  float y = ImGui::GetCursorScreenPos().y + ui.px(4);
  const auto next_line = [&] {
    const view::Box line{box.x, y, box.width, ui.px(kRow)};
    y = line.bottom();
    return line;
  };
  for (size_t i = 0; i < table.rows.size(); ++i) {
    draw_row(context, ui, next_line(), table.rows[i], fmt::format("ask.word.{}", i).c_str());
  }
  if (view::is_greyed(state.ask, state.now))
    draw_greyed(ui, {box.x, list_box.y, box.width, y - list_box.y});
  y += ui.px(8);
  for (size_t i = 0; i < table.watched.size(); ++i) {
    draw_row(context, ui, next_line(), table.watched[i], fmt::format("ask.watched.{}", i).c_str());
  }
  draw_watch_field(state, ui, next_line(), watch_draft);
  ImGui::SetCursorScreenPos({box.x, y + ui.px(12)});
  ImGui::Dummy({1, 1});
}

}  // namespace realm::panels
