#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "app/panels/ask_parts.h"
#include "app/panels/news_line.h"
#include "app/view/number_format.h"
#include "app/view/utf8.h"
#include "app/widgets/controls.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"
#include "app/widgets/text_field.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kSide = 24, kTop = 16, kGap = 8, kBottom = 12;
constexpr float kMaxSentence = 1100;  // longer lines are hard to read
constexpr int kMinLines = 1, kMaxLines = 8;
constexpr std::array kCandidateChoices = {1, 2, 4, 8, 16, 32, 64};

float sentence_width(Ui& ui, float width) {
  return std::min(width - 2 * ui.px(kSide), ui.px(kMaxSentence));
}

// While nothing is hidden, what is worth hiding is shown.
bool offers_salient(const view::AskState& ask) {
  const SentenceReading* reading = view::pieces_of(ask);
  return reading != nullptr && !reading->salient.empty() &&
         !view::hides_something(ask.sentence.text());
}

// "27 of 94 pieces"; a click shows them. Gives where it begins.
float draw_count(const view::WorkbenchState& state, Ui& ui, float right, float y) {
  const SentenceReading* reading = view::pieces_of(state.ask);
  if (reading == nullptr || reading->pieces.empty()) return right;
  const std::string text = fmt::format("{} of {} pieces", reading->pieces.size(), reading->limit);
  const bool too_long =
      reading->truncated || static_cast<int>(reading->pieces.size()) > reading->limit;
  const float width = widgets::text_width(ui.fonts.small_text, text) + ui.px(16);
  const view::Box box{right - width, y, width, widgets::control_height(ui)};
  const widgets::HitResult hit = widgets::hit(ui, "ask.count", box);
  widgets::draw_text(ui.fonts.small_text, box.x + ui.px(8),
                     widgets::centered_y(box, ui.fonts.small_text),
                     hit.hovered ? ui.theme->accent : ui.theme->secondary(), text);
  if (too_long) {
    ImGui::GetWindowDrawList()->AddCircleFilled({box.x, box.y + box.height / 2}, ui.px(4),
                                                widgets::u32(ui.theme->warning));
  }
  if (hit.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    widgets::tooltip(
        ui,
        too_long ? "The sentence is longer than the model reads; its end is left out."
                 : "Word pieces of the sentence, and how many the model reads.",
        state.preferences.shows_pieces ? "A click hides them." : "A click shows them.");
  }
  if (hit.clicked) ui.act(view::RunCommand{"view.pieces"});
  return box.x - ui.px(too_long ? 12 : 8);
}

void draw_news(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  NewsLine line(ui, box);
  const view::AskState& ask = state.ask;
  const view::EngineSnapshot& engine = view::engine_of(state);
  ui.note("ask.news", box);
  if (ask.pending != 0 && state.now - ask.pending_since > 0.3) {
    const bool loading = engine.phase == view::EnginePhase::kOpening ||
                         engine.phase == view::EnginePhase::kLoadingModel;
    line.text(loading ? "This is asked as soon as the model is loaded." : "Predicting\u2026",
              ui.theme->secondary());
    if (line.button("ask.cancel", "Cancel", "Esc")) ui.act(view::RunCommand{"ask.cancel"});
  } else if (ask.failure) {
    line.dot(ui.theme->warning);
    line.text(view::has_foreign_index(state)
                  ? std::string_view("The index is another model\u2019s.")
                  : std::string_view(ask.failure->sentence),
              ui.theme->text());
    if (ImGui::IsMouseHoveringRect({box.x, box.y}, {box.right(), box.bottom()}) &&
        ImGui::IsWindowHovered()) {
      widgets::tooltip(ui, ask.failure->sentence);
    }
  } else if (!ask.hint.empty()) {
    line.dot(ui.theme->accent);
    line.text(ask.hint, ui.theme->text());
  } else if (ask.result && ask.result->query.text != ask.sentence.text() && ask.pending == 0) {
    line.dot(ui.theme->null_document);
    line.text(view::hides_something(ask.sentence.text())
                  ? "What is shown below answers the previous sentence. Enter asks this one."
                  : "What is shown below answers the previous sentence. Click the word to hide in "
                    "this one.",
              ui.theme->secondary());
  } else if (ask.reference && ask.result) {
    draw_change(state, ui, line);
  } else if (ask.result && ask.result->truncated) {
    line.dot(ui.theme->warning);
    line.text("The sentence is longer than the model reads; its end was left out.",
              ui.theme->text());
  } else if (view::has_workspace(state)) {
    const bool suggests = offers_salient(ask);
    line.text(suggests ? "Click a word to hide it. Names, dates and numbers are dotted; "
                         "Ctrl+Shift+M hides one after the other."
                       : "Click a word to hide it, click it again to show it.",
              ui.theme->secondary());
  }
}

// Passages that the user keeps in or out of this question, each with a cross.
float draw_choices(const view::WorkbenchState& state, Ui& ui, float right, float y) {
  const view::Box row{0, y, 0, widgets::control_height(ui)};
  const auto chip = [&](const view::NamedDocument& document, bool pinned, int index) {
    const std::string text =
        fmt::format("{} {}", pinned ? "pinned:" : "without:", view::shorten(document.title, 22));
    const float width = widgets::text_width(ui.fonts.small_text, text) + ui.px(34);
    right -= width;
    const view::Box box{right, y + ui.px(3), width, row.height - ui.px(6)};
    ImGui::GetWindowDrawList()->AddRectFilled({box.x, box.y}, {box.right(), box.bottom()},
                                              widgets::u32(ui.theme->hover()), ui.px(5));
    widgets::draw_text(ui.fonts.small_text, box.x + ui.px(10),
                       widgets::centered_y(box, ui.fonts.small_text), ui.theme->body(), text);
    const std::string name = fmt::format("ask.{}.{}", pinned ? "unpin" : "include", index);
    if (widgets::close_button(
            ui, name.c_str(), box.right() - ui.px(13), box.y + box.height / 2,
            pinned ? "Let the model choose again" : "Let it be retrieved again")) {
      if (pinned) {
        ui.act(view::SetPinned{document, false});
      } else {
        ui.act(view::SetExcluded{document, false});
      }
    }
    right -= ui.px(8);
  };
  int index = 0;
  for (const view::NamedDocument& document : state.ask.excluded) chip(document, false, index++);
  for (const view::NamedDocument& document : state.ask.pinned) chip(document, true, index++);
  return right;
}

// From right to left: Predict, k, Examples, and the passages kept in or out. Gives where they
// begin.
float draw_controls(const view::WorkbenchState& state, Ui& ui, float right, float y) {
  const std::string why = view::why_not_asked(state);
  const widgets::ButtonOptions predict{
      .kind = widgets::ButtonKind::kPrimary,
      .enabled = why.empty(),
      .hint =
          why.empty() ? "Retrieves passages and predicts the hidden word" : std::string_view(why),
      .chord = "Enter"};
  float x = right - widgets::button_width(ui, "Predict", predict);
  if (widgets::button(ui, "ask.run", x, y, "Predict", predict)) ui.act(view::RunCommand{"ask.run"});

  std::vector<std::string> choices;
  int chosen = -1;
  for (size_t i = 0; i < kCandidateChoices.size(); ++i) {
    choices.push_back(kCandidateChoices[i] == 1 ? "k 1: no passage at all"
                                                : fmt::format("k {}", kCandidateChoices[i]));
    if (kCandidateChoices[i] == state.ask.candidates) chosen = static_cast<int>(i);
  }
  const float k_width = ui.px(66);
  x -= k_width + ui.px(8);
  const std::optional<int> choice =
      widgets::drop_down(ui, "ask.k", {x, y, k_width, widgets::control_height(ui)},
                         fmt::format("k {}", state.ask.candidates), choices, chosen,
                         "How many candidates are read: the best passages, and the empty one "
                         "\u2205, which is counted in");
  if (choice) ui.act(view::SetCandidates{kCandidateChoices[static_cast<size_t>(*choice)]});

  const view::CommandState examples = view::command_state(state, "ask.examples");
  const widgets::ButtonOptions gallery{.enabled = examples.enabled,
                                       .hint = examples.enabled
                                                   ? "Sentences that show what the model can do"
                                                   : std::string_view(examples.reason)};
  x -= widgets::button_width(ui, "Examples", gallery) + ui.px(8);
  if (widgets::button(ui, "ask.examples", x, y, "Examples", gallery))
    ui.act(view::RunCommand{"ask.examples"});
  return draw_choices(state, ui, x - ui.px(8), y);
}

}  // namespace

float hero_height(const view::WorkbenchState& state, Ui& ui, float width) {
  const int lines =
      std::clamp(widgets::sentence_lines(ui, state.ask.sentence, sentence_width(ui, width)),
                 kMinLines, kMaxLines);
  return ui.px(kTop) + widgets::sentence_line_height(ui) * static_cast<float>(lines) + ui.px(kGap) +
         pieces_height(state, ui, width - 2 * ui.px(kSide)) + widgets::control_height(ui) +
         ui.px(kBottom);
}

void draw_hero(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  ImGui::GetWindowDrawList()->AddRectFilled({box.x, box.y}, {box.right(), box.bottom()},
                                            widgets::u32(ui.theme->pane()));
  const float controls_y = box.bottom() - ui.px(kBottom) - widgets::control_height(ui);
  const float pieces = pieces_height(state, ui, box.width - 2 * ui.px(kSide));
  const view::Box sentence{box.x + ui.px(kSide), box.y + ui.px(kTop), sentence_width(ui, box.width),
                           controls_y - ui.px(kGap) - pieces - box.y - ui.px(kTop)};
  std::vector<view::TextRange> dotted;
  if (offers_salient(state.ask)) {
    for (const auto& [begin, end] : view::pieces_of(state.ask)->salient)
      dotted.push_back({begin, end});
  }
  const widgets::TextFieldOptions options{
      .focused = state.focus == view::Focus::kSentence,
      .placeholder = "Write a sentence, then click the word to hide",
      .dotted = dotted};
  {
    widgets::ClipScope clip({box.x, box.y, box.width, controls_y - pieces - box.y});
    if (auto change =
            widgets::sentence_field(ui, "ask.sentence", sentence, state.ask.sentence, options)) {
      const bool text_changed = change->editor.text() != state.ask.sentence.text();
      if (change->took_focus) ui.act(view::SetFocus{view::Focus::kSentence});
      ui.act(view::SetSentence{.sentence = std::move(change->editor),
                               .hid_word = change->hid_word && text_changed});
    }
  }
  draw_pieces(state, ui, {sentence.x, controls_y - pieces, box.width - 2 * ui.px(kSide), pieces});
  const float right = box.right() - ui.px(kSide);
  const float begin =
      draw_count(state, ui, draw_controls(state, ui, right, controls_y), controls_y);
  const view::Box news{sentence.x, controls_y, std::max(0.0F, begin - ui.px(16) - sentence.x),
                       widgets::control_height(ui)};
  draw_news(state, ui, news);
}

}  // namespace realm::panels
