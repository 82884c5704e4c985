#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/ask_parts.h"
#include "app/view/number_format.h"
#include "app/view/sentence.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kWidth = 1040;
constexpr float kExampleRow = 52;

// Text of an empty pane and the one thing to do next. Gives the y below.
float draw_message(Ui& ui, float x, float y, float width, std::string_view title,
                   std::string_view text) {
  widgets::draw_text_within(ui.fonts.hero, x, y, width, ui.theme->text(), title);
  y += ui.fonts.hero->FontSize + ui.px(10);
  return y + widgets::draw_wrapped(ui.fonts.body, x, y, width, ui.theme->body(), text) + ui.px(18);
}

void draw_example(Ui& ui, const view::Box& row, const view::Example& example, size_t index) {
  const widgets::HitResult hit =
      widgets::hit(ui, fmt::format("ask.example.{}", index).c_str(), row);
  if (hit.hovered) {
    ImGui::GetWindowDrawList()->AddRectFilled({row.x - ui.px(12), row.y},
                                              {row.right() + ui.px(12), row.bottom() - 1},
                                              widgets::u32(ui.theme->hover()), ui.px(6));
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  const view::Box first{row.x, row.y + ui.px(4), row.width, ui.px(20)};
  const view::Box second{row.x, first.bottom() + ui.px(2), row.width, ui.px(20)};
  const float title_width = widgets::draw_text_within(
      ui.fonts.strong, first.x, widgets::centered_y(first, ui.fonts.strong), first.width * 0.6F,
      ui.theme->accent, example.title);
  widgets::draw_text_within(ui.fonts.small_text, first.x + title_width + ui.px(14),
                            widgets::centered_y(first, ui.fonts.small_text),
                            std::max(0.0F, first.width - title_width - ui.px(14)),
                            ui.theme->secondary(), example.note);
  widgets::draw_marked_line(ui, ui.fonts.body, second, ui.theme->body(),
                            view::mark_hidden(example.text));
  widgets::hairline(ui, row.x, row.bottom() - 1, row.width);
  if (hit.clicked) ui.act(view::UseSentence{example.text});
}

float draw_examples(const view::WorkbenchState& state, Ui& ui, float x, float y, float width) {
  const auto& examples = view::engine_of(state).examples;
  if (!examples || examples->empty()) return y;
  for (size_t i = 0; i < examples->size(); ++i) {
    const view::Box row{x, y, width, ui.px(kExampleRow)};
    draw_example(ui, row, (*examples)[i], i);
    y = row.bottom();
  }
  return y;
}

bool has_examples(const view::EngineSnapshot& engine) {
  return engine.examples && !engine.examples->empty();
}

// A command as a button; the first of a row is the one to take.
struct CommandButton {
  const char* name = "";
  const char* command = "";
  std::string text{};
};

// In a row. Gives the y below.
float draw_commands(const view::WorkbenchState& state, Ui& ui, float x, float y,
                    const std::vector<CommandButton>& buttons) {
  for (size_t i = 0; i < buttons.size(); ++i) {
    const view::CommandState can = view::command_state(state, buttons[i].command);
    const widgets::ButtonOptions options{
        .kind = i == 0 ? widgets::ButtonKind::kPrimary : widgets::ButtonKind::kNormal,
        .enabled = can.enabled,
        .hint = std::string_view(can.reason)};
    if (widgets::button(ui, buttons[i].name, x, y, buttons[i].text, options))
      ui.act(view::RunCommand{buttons[i].command});
    x += widgets::button_width(ui, buttons[i].text, options) + ui.px(8);
  }
  return y + widgets::control_height(ui) + ui.px(20);
}

float draw_workspace_buttons(const view::WorkbenchState& state, Ui& ui, float x, float y) {
  return draw_commands(state, ui, x, y,
                       {{"empty.open", "file.open_workspace", "Open a workspace\u2026"},
                        {"empty.new", "file.new_workspace", "New workspace\u2026"}});
}

// There is nothing to ask: the workspace has no model, or it could not be loaded.
float draw_no_model(const view::WorkbenchState& state, Ui& ui, float x, float y, float width) {
  const view::EngineSnapshot& engine = view::engine_of(state);
  const bool has_none = !engine.status || engine.status->active_model.empty();
  y = draw_message(
      ui, x, y, width, "There is no model to ask",
      (has_none ? std::string("A model finds passages, reads them and says what is hidden. Bring "
                              "one in from a folder in Hugging Face layout, or train one here.")
                : engine.model_failure->sentence) +
          " The corpus can be read and edited all the same.");
  std::vector<CommandButton> buttons = {{"empty.model", "model.import", "Import a model\u2026"},
                                        {"empty.train", "train.new", "Train one\u2026"}};
  if (engine.status && engine.status->corpus_documents == 0)
    buttons.insert(buttons.begin() + 1,
                   {"empty.passages", "corpus.import", "Import passages\u2026"});
  return draw_commands(state, ui, x, y, buttons);
}

// Passages are found by vectors, and those on disk are another model's. Gives the y below.
float draw_foreign_index(const view::WorkbenchState& state, Ui& ui, float x, float y, float width) {
  const SessionStatus& status = *view::engine_of(state).status;
  const std::string& model = status.active_model;
  y = draw_message(
      ui, x, y, width, "The index is another model\u2019s",
      fmt::format("Passages are found by their vectors, and those on disk were not made by {}. It "
                  "can embed the {} itself{}.",
                  model, view::format_counted(status.corpus_documents, "passage"),
                  // One that is behind is not kept (app/services/live_index.h).
                  status.index.stale_documents > 0
                      ? ""
                      : "; the index that is there is kept, and comes back with its model as long "
                        "as the corpus does not change"));
  std::vector<CommandButton> buttons = {
      {"empty.embed", "index.build", fmt::format("Embed them with {}", model)}};
  if (!status.model_before.empty())
    buttons.push_back({"empty.back", "model.use_before", "Go back to " + status.model_before});
  return draw_commands(state, ui, x, y, buttons);
}

// A line that speaks of the English workspace, where none is open.
float draw_offer(const view::WorkbenchState& state, Ui& ui, float x, float y, float width) {
  if (!view::offers_english(state)) return y;
  const bool runs = view::is_setting_up(state.setup);
  const view::Box row{x, y, width, widgets::control_height(ui)};
  const float gap = ui.px(4);
  const float begin = widgets::draw_text_within(
      ui.fonts.body, row.x, widgets::centered_y(row, ui.fonts.body), row.width, ui.theme->body(),
      runs ? "The English workspace is being made:" : "Any English sentence:");
  const std::string_view text = runs ? "see how far it is" : "get the English workspace\u2026";
  const widgets::ButtonOptions options{.kind = widgets::ButtonKind::kQuiet};
  if (widgets::button(ui, "empty.english", row.x + begin + gap, row.y, text, options))
    ui.act(view::RunCommand{"file.get_english"});
  if (!runs) {
    const float used = begin + widgets::button_width(ui, text, options) + 2 * gap;
    widgets::draw_text_within(ui.fonts.small_text, row.x + used,
                              widgets::centered_y(row, ui.fonts.small_text),
                              std::max(0.0F, row.width - used), ui.theme->secondary(),
                              "90,000 passages, about 60 MB to fetch, some minutes");
  }
  return row.bottom() + ui.px(14);
}

}  // namespace

void draw_ask_empty(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("ask.empty", box, ui.theme->pane());
  const view::EngineSnapshot& engine = view::engine_of(state);
  const float width = std::min(ui.px(kWidth), box.width - 2 * ui.px(24));
  const float x = box.x + ui.px(24);
  float y = ImGui::GetCursorScreenPos().y + ui.px(28);
  ui.note("ask.empty", box);
  const std::string folder =
      engine.folder.filename().empty() ? engine.folder.string() : engine.folder.filename().string();
  const auto opening = [&](std::string_view stage) {
    widgets::draw_text_within(ui.fonts.body, x, y, width, ui.theme->body(), stage);
    widgets::progress_line(ui, x, y + ui.px(26), std::min(width, ui.px(320)), -1);
    y += ui.px(48);
  };
  switch (engine.phase) {
    case view::EnginePhase::kNoWorkspace:
      y = draw_message(ui, x, y, width, "No workspace is open",
                       "A workspace is a folder with a corpus, its index and a model. The starter "
                       "one is made by the command realm setup starter; an empty one takes "
                       "passages and models of your own.");
      y = draw_workspace_buttons(state, ui, x, y);
      y = draw_offer(state, ui, x, y, width);
      break;
    case view::EnginePhase::kFailed:
      y = draw_message(
          ui, x, y, width, fmt::format("{} could not be opened", folder),
          engine.failure ? engine.failure->sentence : std::string("The reason is not known."));
      y = draw_workspace_buttons(state, ui, x, y);
      break;
    case view::EnginePhase::kOpening:
      opening(fmt::format("Opening {}\u2026", folder));
      break;
    case view::EnginePhase::kLoadingModel:
    case view::EnginePhase::kReady:
      if (engine.model_failure) {
        y = draw_no_model(state, ui, x, y, width);
        y = draw_offer(state, ui, x, y, width);
        break;
      }
      if (engine.status && engine.status->corpus_documents == 0) {
        y = draw_message(ui, x, y, width, "The corpus is empty",
                         "There is nothing to retrieve yet. Bring in a file of passages, or write "
                         "one in Corpus.");
        y = draw_commands(state, ui, x, y,
                          {{"empty.passages", "corpus.import", "Import passages\u2026"},
                           {"empty.add", "corpus.add", "Write a passage"}});
        break;
      }
      if (view::has_foreign_index(state)) {
        y = draw_foreign_index(state, ui, x, y, width);
        break;
      }
      y = draw_message(ui, x, y, width, "Hide a word, and see where the answer comes from",
                       has_examples(engine)
                           ? "The model retrieves passages, reads each of them, and adds up what "
                             "they make it predict. Write a sentence above and click the word to "
                             "hide, or begin with one of the examples below."
                           : "The model retrieves passages, reads each of them, and adds up what "
                             "they make it predict. Write a sentence above and click the word to "
                             "hide.");
      if (engine.phase == view::EnginePhase::kLoadingModel)
        opening(has_examples(engine) ? "Loading the model\u2026 the examples can be chosen already."
                                     : "Loading the model\u2026");
      y = draw_offer(state, ui, x, y, width);
      y = draw_examples(state, ui, x, y, width);
      break;
  }
  ImGui::SetCursorScreenPos({x, y + ui.px(16)});
  ImGui::Dummy({1, 1});
}

}  // namespace realm::panels
