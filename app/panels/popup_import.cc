// The popup of an import: the file, then what it would bring in, and only then the import itself.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/popup_parts.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr size_t kMostProblems = 3;
constexpr float kLine = 20;
constexpr float kSample = 24;

std::string headline(const ImportForecast& forecast) {
  if (forecast.summary.already_imported) return "This file was imported before";
  const std::string passages = view::format_counted(forecast.estimated_passages, "passage");
  const std::string documents = view::format_counted(forecast.estimated_documents, "document");
  return fmt::format("{}{} from {}", forecast.is_estimate ? "About " : "", passages, documents);
}

std::string explanation(const ImportForecast& forecast) {
  if (forecast.summary.already_imported) {
    return fmt::format("It gave {}; importing it again would add nothing.",
                       view::format_counted(forecast.summary.passages, "passage"));
  }
  std::string text;
  if (forecast.is_estimate) {
    text = fmt::format("Carried on from the beginning of the file, which holds {} in {}. ",
                       view::format_counted(forecast.summary.passages, "passage"),
                       view::format_counted(forecast.summary.documents, "document"));
  }
  if (forecast.resumes) text += "An import of it stopped half-way: this is the rest of it. ";
  if (!forecast.splits)
    text += "There is no model to count word pieces with, so long documents are not split. ";
  if (!text.empty()) text.pop_back();
  return text;
}

// The sizes of a document's passages: "288 + 288 + 41 word pieces".
std::string sizes(const ImportSample& sample) {
  std::string text;
  bool pieces = false;
  for (const ImportSample::Passage& passage : sample.first) {
    pieces = passage.word_pieces > 0;
    text += fmt::format("{}{}", text.empty() ? "" : " + ",
                        view::format_count(pieces ? passage.word_pieces : passage.words));
  }
  if (sample.passages > static_cast<int64_t>(sample.first.size())) text += " + \u2026";
  return text + (pieces ? " word pieces" : " words");
}

void draw_sample(Ui& ui, const view::Box& row, const ImportSample& sample) {
  const float title_width = row.width * 0.42F, count_width = ui.px(84);
  const auto cell = [&](ImFont* font, float x, float width, view::Color color,
                        std::string_view text) {
    widgets::draw_text_within(font, x, widgets::centered_y(row, font), width, color, text);
  };
  cell(ui.fonts.body, row.x, title_width - ui.px(12),
       sample.title.empty() ? ui.theme->secondary() : ui.theme->text(),
       sample.title.empty() ? "untitled" : sample.title);
  cell(ui.fonts.small_text, row.x + title_width, count_width, ui.theme->body(),
       view::format_counted(sample.passages, "passage"));
  const float x = row.x + title_width + count_width + ui.px(8);
  cell(ui.fonts.small_text, x, row.right() - x, ui.theme->secondary(), sizes(sample));
  const bool hovered = ImGui::IsWindowHovered() &&
                       ImGui::IsMouseHoveringRect({row.x, row.y}, {row.right(), row.bottom()});
  if (hovered && !sample.first.empty())
    widgets::tooltip(ui, sample.first.front().opening,
                     fmt::format("line {} of the file", sample.line));
}

// What would be left out, and why.
float draw_problems(Ui& ui, float x, float y, float width, const ImportForecast& forecast) {
  if (forecast.summary.skipped == 0) return y;
  ImGui::GetWindowDrawList()->AddCircleFilled({x + ui.px(4), y + ui.px(8)}, ui.px(4),
                                              widgets::u32(ui.theme->warning));
  widgets::draw_text_within(ui.fonts.small_text, x + ui.px(16), y, width - ui.px(16),
                            ui.theme->text(),
                            fmt::format("Left out: {}.", forecast.summary.why_skipped));
  ui.note("import.left_out", {x, y, width, ui.px(kLine)});
  y += ui.px(kLine);
  const size_t shown = std::min(forecast.problems.size(), kMostProblems);
  for (size_t i = 0; i < shown; ++i) {
    const ImportProblem& problem = forecast.problems[i];
    widgets::draw_text_within(
        ui.fonts.small_text, x + ui.px(16), y, width - ui.px(16), ui.theme->secondary(),
        fmt::format(
            "line {}: {}{}", view::format_count(problem.line), problem.reason,
            i + 1 == shown && forecast.problems.size() > shown ? fmt::format(", and more") : ""));
    y += ui.px(kLine);
  }
  return y + ui.px(6);
}

void draw_forecast(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                   const view::ForecastReply& reply) {
  float y = box.y;
  if (reply.failure) {
    const bool cancelled = reply.failure->code == ErrorCode::kCancelled;
    widgets::draw_wrapped(ui.fonts.body, box.x, y, box.width,
                          cancelled ? ui.theme->text() : ui.theme->warning,
                          cancelled ? "The preview was cancelled." : reply.failure->sentence);
    return;
  }
  const ImportForecast& forecast = reply.forecast;
  widgets::draw_text_within(ui.fonts.strong, box.x, y, box.width, ui.theme->text(),
                            headline(forecast));
  ui.note("import.headline", {box.x, y, box.width, ui.px(kLine)});
  y += ui.px(24);
  if (const std::string text = explanation(forecast); !text.empty())
    y += widgets::draw_wrapped(ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
                               text) +
         ui.px(6);
  y = draw_problems(ui, box.x, y, box.width, forecast);

  const float foot = box.bottom() - widgets::control_height(ui);
  if (!forecast.samples.empty()) {
    y += ui.px(4);
    widgets::draw_text(ui.fonts.small_text, box.x, y, ui.theme->secondary(),
                       "The first documents, and the passages they become");
    y += ui.px(22);
    for (const ImportSample& sample : forecast.samples) {
      const view::Box row{box.x, y, box.width, ui.px(kSample)};
      if (row.bottom() > foot - ui.px(12)) break;
      widgets::hairline(ui, row.x, row.y, row.width);
      draw_sample(ui, row, sample);
      y = row.bottom();
    }
  }
  const bool adds = !forecast.summary.already_imported && forecast.summary.passages > 0;
  const widgets::ButtonOptions go{
      .kind = widgets::ButtonKind::kPrimary,
      .enabled = adds,
      .hint = adds ? "Writes them to the corpus and embeds them; Ctrl+Z takes them out again"
                   : "There is nothing to bring in",
      .chord = "Enter"};
  if (widgets::button(ui, "import.go", box.x, foot, "Import", go))
    ui.act(view::ImportFrom{state.popup_text});
  const float next = box.x + widgets::button_width(ui, "Import", go) + ui.px(8);
  if (widgets::button(ui, "import.cancel", next, foot, "Cancel", {.chord = "Esc"})) close_popup(ui);
}

bool can_import(const view::ForecastReply* reply) {
  return reply != nullptr && !reply->failure && !reply->forecast.summary.already_imported &&
         reply->forecast.summary.passages > 0;
}

}  // namespace

void draw_import(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  float y = draw_popup_title(
      ui, box, "Import passages",
      "A file of passages: JSONL with \"text\" and \"title\" a line, TSV, or plain text with "
      "empty lines between passages. What is longer than the model reads is split. It can also be "
      "dropped on the window.");
  const view::ForecastReply* reply = view::forecast_on_screen(state);
  std::optional<std::string> chosen;
  if (reply == nullptr && state.corpus.pending_forecast == 0) {
    const float below = y + ui.px(40);
    chosen = draw_path_offers(
        state, ui, {box.x, below, box.width, std::max(1.0F, box.bottom() - below)}, "import.field");
  }
  if (chosen) {
    ui.act(view::SuggestImport{*chosen});
    ui.field_to_fill = ui.field_to_focus = "import.field";
    ui.text_to_fill = *chosen;
  }
  if (draw_popup_path(state, ui, {box.x, y, box.width, ui.px(30)}, appeared,
                      {.field = "import.field",
                       .button = "import.preview",
                       .verb = "Preview",
                       .placeholder = "/path/to/passages.jsonl"})) {
    // Enter once more, on what is on screen already: that is it.
    if (can_import(reply)) {
      ui.act(view::ImportFrom{state.popup_text});
    } else {
      ui.act(view::PreviewImport{state.popup_text});
    }
  }
  y += ui.px(44);
  if (state.corpus.pending_forecast != 0)
    return draw_popup_progress(state, ui, {box.x, y, box.width, 0}, state.corpus.pending_forecast,
                               "Reading and splitting the file\u2026 Esc stops it.");
  if (reply != nullptr) draw_forecast(state, ui, {box.x, y, box.width, box.bottom() - y}, *reply);
}

}  // namespace realm::panels
