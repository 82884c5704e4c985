#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/ask_parts.h"
#include "app/view/highlight.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

struct Figure {
  const char* name;
  std::string_view symbol;
  std::string shown, exact;
  std::string_view meaning;
};

std::vector<Figure> figures_of(const AskResult& result, const AskedDocument& document) {
  std::vector<Figure> figures;
  figures.push_back({"ask.figure.pz", "p(z|x)", view::shown_weight(result, document),
                     view::format_exact(document.p_z_given_x),
                     "How strongly the model chose this passage"});
  figures.push_back({"ask.figure.py", "p(y|z,x)", view::format_from_log(document.log_p_y_given_zx),
                     view::format_exact(document.p_y_given_zx),
                     "How probable the hidden word is when the model reads this passage alone"});
  figures.push_back(
      {"ask.figure.posterior", "posterior", view::format_number(document.posterior),
       view::format_exact(document.posterior),
       "p(z|x,y): how much of the answer is owed to this passage, now that the answer is known"});
  if (!document.is_null) {
    figures.push_back({"ask.figure.ru", "RU", view::format_signed(document.retrieval_utility),
                       view::format_exact(document.retrieval_utility),
                       "Retrieval utility, log p(y|z,x) \u2212 log p(y|\u2205,x) in nats: above 0 "
                       "the passage helps, below it harms"});
  }
  figures.push_back({"ask.figure.credit", "credit", view::format_signed(document.credit),
                     view::format_exact(document.credit),
                     "r(z) = [p(y|z,x) / p(y|x) \u2212 1] p(z|x): whether training on this "
                     "sentence would make the model choose "
                     "this passage more (+) or less (\u2212)"});
  figures.push_back({"ask.figure.score", "f(x,z)", view::format_score(document.score),
                     view::format_exact(document.score),
                     "The score of the passage: the inner product of the embeddings of sentence "
                     "and passage, of which p(z|x) is the softmax"});
  return figures;
}

// Figures in two columns: symbol on the left, number on the right, a hairline under each.
float draw_figures(Ui& ui, float x, float y, float width, const AskResult& result,
                   const AskedDocument& document) {
  const std::vector<Figure> figures = figures_of(result, document);
  const bool two = width > ui.px(260);
  const float gap = ui.px(20);
  const float column = two ? (width - gap) / 2 : width;
  const float row = ui.px(26);
  for (size_t i = 0; i < figures.size(); ++i) {
    const Figure& figure = figures[i];
    const size_t line_index = two ? i / 2 : i;
    const float left = x + (two && i % 2 == 1 ? column + gap : 0);
    const view::Box line{left, y + row * static_cast<float>(line_index), column, row};
    widgets::draw_text(ui.fonts.small_text, line.x, widgets::centered_y(line, ui.fonts.small_text),
                       ui.theme->secondary(), figure.symbol);
    widgets::draw_text_right(ui.fonts.body, line.right(), widgets::centered_y(line, ui.fonts.body),
                             ui.theme->text(), figure.shown);
    widgets::hairline(ui, line.x, line.bottom() - 1, line.width);
    const widgets::HitResult hit = widgets::hit(ui, figure.name, line);
    if (hit.hovered)
      widgets::tooltip(ui, figure.meaning, fmt::format("{}\nA click copies it.", figure.exact));
    if (hit.clicked || hit.right_clicked)
      ui.act(view::CopyText{figure.exact, std::string(figure.symbol)});
  }
  const size_t lines = two ? (figures.size() + 1) / 2 : figures.size();
  return row * static_cast<float>(lines);
}

// The identity on screen: this passage's term of the sum.
float draw_identity(Ui& ui, float x, float y, float width, const AskResult& result,
                    const AskedDocument& document) {
  const std::string term = view::format_number(document.p_z_given_x * document.p_y_given_zx);
  const std::string text =
      fmt::format("{} \u00D7 {} = {} of p({}|x) = {}", view::shown_weight(result, document),
                  view::format_from_log(document.log_p_y_given_zx), term, result.answer,
                  view::format_from_log(result.log_p_y_given_x));
  return widgets::draw_wrapped(ui.fonts.small_text, x, y, width, ui.theme->body(), text);
}

void draw_actions(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                  const AskedDocument& document) {
  float x = box.x;
  const float y = box.y;
  const view::NamedDocument named{document.document.id, document.document.title};
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options) {
    const float width = widgets::button_width(ui, text, options);
    const bool clicked =
        x + width <= box.right() + 1 && widgets::button(ui, name, x, y, text, options);
    x += width + ui.px(8);
    return clicked;
  };
  const view::CommandState can_edit = view::command_state(state, "corpus.add");
  if (next("ask.read.edit", "Edit",
           {.enabled = can_edit.enabled,
            .hint = can_edit.enabled ? "Change the passage and see the answer follow"
                                     : std::string_view(can_edit.reason)})) {
    ui.act(view::OpenInCorpus{document.document.id, true});
  }
  if (next("ask.read.pin", "Pin",
           {.is_on = document.is_pinned, .hint = "Always read this passage for this sentence"})) {
    ui.act(view::SetPinned{named, !document.is_pinned});
  }
  if (next("ask.read.exclude", "Exclude here",
           {.hint = "Leave this passage out for this sentence; the corpus stays as it is"})) {
    ui.act(view::SetExcluded{named, true});
  }
  if (next("ask.read.copy", "Copy", {.hint = "Copy title and text"})) {
    ui.act(view::CopyText{document.document.title + "\n" + document.document.text, "the passage"});
  }
}

std::string meta_line(const AskedDocument& document) {
  const Document& d = document.document;
  std::string text = fmt::format("passage {}", d.id);
  if (!d.source.empty()) text += fmt::format("  \u00B7  {}", d.source);
  if (!d.licence.empty()) text += fmt::format("  \u00B7  {}", d.licence);
  if (d.revision > 0) text += fmt::format("  \u00B7  r{}", d.revision);
  return text;
}

constexpr std::string_view kNullText =
    "The empty passage stands for predicting without reading anything. Its share says how far the "
    "model thinks that no "
    "passage is needed, and p(y|\u2205,x) is what every passage is measured against.";

// The passage with its marks, at most as high as `box`; gives the height taken.
float draw_passage_text(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                        const AskedDocument& document) {
  const AskResult& result = *state.ask.result;
  const float x = box.x + ui.px(kPanePadding);
  const float width = box.width - 2 * ui.px(kPanePadding);
  view::MarkedText marked;
  marked.text = document.is_null ? std::string(kNullText) : document.document.text;
  if (!document.is_null) {
    std::vector<std::string> answers;
    if (state.ask.selected_word) {
      answers.push_back(*state.ask.selected_word);
    } else if (!result.answer.empty()) {
      answers.push_back(result.answer);
    }
    marked.marks = view::mark_passage(marked.text, result.query.text, answers);
  }
  const float whole =
      widgets::draw_marked(ui, ui.fonts.body, {x, box.y, width, 0}, marked, /*draws=*/false);
  const float height = std::min(whole + ui.px(4), box.height);
  widgets::PaneScope pane("text", {box.x, box.y, box.width, height}, ui.theme->pane());
  const float y = ImGui::GetCursorScreenPos().y;
  const float drawn = widgets::draw_marked(ui, ui.fonts.body, {x, y, width, 0}, marked);
  ImGui::SetCursorScreenPos({x, y + drawn});
  ImGui::Dummy({1, 1});
  return height;
}

}  // namespace

void draw_reading(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("ask.reading", box, ui.theme->pane());
  const AskResult& result = *state.ask.result;
  const AskedDocument* document =
      state.ask.has_reading
          ? view::find_document(result, state.ask.reading, state.ask.reading == kNullDocumentId)
          : nullptr;
  if (document == nullptr) {
    draw_head(ui,
              {.name = "ask.reading.head",
               .pane = view::Pane::kReading,
               .title = "No passage is chosen",
               .meaning = "Click a passage to read it here."},
              box);
    return;
  }
  const std::string title = document->is_null                  ? "No passage"
                            : document->document.title.empty() ? "untitled"
                                                               : document->document.title;
  draw_head(
      ui,
      {.name = "ask.reading.head", .pane = view::Pane::kReading, .title = title, .meaning = title},
      box);
  const float x = box.x + ui.px(kPanePadding), width = box.width - 2 * ui.px(kPanePadding);
  const std::string meta = document->is_null ? "the null document \u2205" : meta_line(*document);
  const view::Box meta_line_box{x, box.y + ui.px(kHeadHeight) - ui.px(6), width,
                                ui.fonts.small_text->FontSize};
  const float meta_width = widgets::draw_text_within(ui.fonts.small_text, x, meta_line_box.y, width,
                                                     ui.theme->secondary(), meta);
  if (ImGui::IsMouseHoveringRect({x, meta_line_box.y}, {x + meta_width, meta_line_box.bottom()}) &&
      ImGui::IsWindowHovered()) {
    widgets::tooltip(ui, meta);
  }

  // The figures follow the text; where it is long, they stay in sight and it scrolls.
  const float text_top = box.y + ui.px(kHeadHeight) + ui.px(22);
  const float figure_rows = width > ui.px(260) ? 3 : document->is_null ? 5 : 6;
  const float actions_height = document->is_null ? 0 : widgets::control_height(ui) + ui.px(24);
  const float below = ui.px(26) * figure_rows + ui.px(58) + actions_height;
  const float room = std::max(ui.px(160), box.bottom() - text_top - below);
  const float text_height =
      draw_passage_text(state, ui, {box.x, text_top, box.width, room}, *document);
  const float figures_y = text_top + text_height + ui.px(14);
  float y = figures_y;
  y += draw_figures(ui, x, y, width, result, *document) + ui.px(10);
  y += draw_identity(ui, x, y, width, result, *document) + ui.px(14);
  if (view::is_greyed(state.ask, state.now)) {  // the passage itself is as true as before
    draw_greyed(ui, {box.x, figures_y, box.width, y - figures_y});
  }
  if (!document->is_null)
    draw_actions(state, ui, {x, y, width, widgets::control_height(ui)}, *document);
}

}  // namespace realm::panels
