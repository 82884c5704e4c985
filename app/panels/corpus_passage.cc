#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/panels/corpus_parts.h"
#include "app/panels/news_line.h"
#include "app/view/highlight.h"
#include "app/view/number_format.h"
#include "app/view/word_diff.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"
#include "app/widgets/text_field.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 20;

std::string meta_line(const Document& document) {
  std::string text = fmt::format("passage {}", document.id);
  if (!document.source.empty()) text += fmt::format("  \u00B7  {}", document.source);
  if (!document.licence.empty()) text += fmt::format("  \u00B7  {}", document.licence);
  if (document.revision > 0)
    text += fmt::format("  \u00B7  last written in r{}", document.revision);
  return text;
}

// One revision: what, who and when in a line, then what it changed.
float draw_revision(Ui& ui, float x, float y, float width, const RevisionEntry& entry) {
  const view::Box line{x, y + ui.px(6), width, ui.px(20)};
  float at = x + widgets::draw_text_within(
                     ui.fonts.small_strong, x, widgets::centered_y(line, ui.fonts.small_strong),
                     width, ui.theme->body(), fmt::format("r{} {}", entry.revision, entry.what));
  at += ui.px(10);
  widgets::draw_text_within(ui.fonts.small_text, at, widgets::centered_y(line, ui.fonts.small_text),
                            std::max(0.0F, x + width - at), ui.theme->secondary(),
                            fmt::format("{}  \u00B7  {}", entry.who, view::short_time(entry.at)));
  float bottom = line.bottom();
  const auto changed = [&](const std::string& before, const std::string& after) {
    const view::MarkedText diff = view::diff_words(before, after);
    if (diff.text.empty()) return;
    bottom += widgets::draw_marked(ui, ui.fonts.small_text, {x, bottom, width, 0}, diff);
  };
  changed(entry.title_before, entry.title_after);
  changed(entry.text_before, entry.text_after);
  widgets::hairline(ui, x, bottom + ui.px(6), width);
  return bottom + ui.px(7);
}

void draw_actions(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                  const Document& document) {
  float x = box.x;
  const view::CommandState can_edit = view::command_state(state, "corpus.edit");
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options) {
    const bool clicked = widgets::button(ui, name, x, box.y, text, options);
    x += widgets::button_width(ui, text, options) + ui.px(8);
    return clicked;
  };
  const std::string_view reason = can_edit.reason;
  if (next("corpus.edit", "Edit",
           {.enabled = can_edit.enabled,
            .hint = can_edit.enabled ? "Change title and text" : reason,
            .chord = "F2"})) {
    ui.act(view::RunCommand{"corpus.edit"});
  }
  if (next("corpus.copy", "Copy", {.hint = "Copy title and text"})) {
    ui.act(view::CopyText{document.title + "\n" + document.text, "the passage"});
  }
  if (next("corpus.delete", "Delete",
           {.enabled = can_edit.enabled,
            .hint = can_edit.enabled ? "Ctrl+Z brings it back" : reason})) {
    ui.act(view::RunCommand{"corpus.delete"});
  }
}

}  // namespace

void draw_corpus_passage(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("corpus.right", box, ui.theme->pane());
  ui.note("corpus.passage", box);
  const view::CorpusState& corpus = state.corpus;
  const float x = box.x + ui.px(kPad), width = std::min(box.width - 2 * ui.px(kPad), ui.px(720));
  float y = ImGui::GetCursorScreenPos().y + ui.px(14);
  const auto message = [&](std::string_view text) {
    widgets::draw_wrapped(ui.fonts.body, x, y, width, ui.theme->secondary(), text);
  };
  if (corpus.selected == 0) return message("Choose a passage to read it here.");
  if (!corpus.detail || corpus.detail->document_id != corpus.selected) return;
  if (corpus.detail->failure) return message(corpus.detail->failure->sentence);
  if (!corpus.detail->document) return message("This passage was deleted. Ctrl+Z brings it back.");
  const Document& document = *corpus.detail->document;

  view::MarkedText title{document.title.empty() ? "untitled" : document.title, {}};
  title.marks = view::mark_corpus_hits(corpus, title.text, true);
  y += widgets::draw_marked(ui, ui.fonts.strong, {x, y, width, 0}, title);
  y += widgets::draw_wrapped(ui.fonts.small_text, x, y, width, ui.theme->secondary(),
                             meta_line(document)) +
       ui.px(8);
  view::MarkedText text{document.text, view::mark_corpus_hits(corpus, document.text, false)};
  y += widgets::draw_marked(ui, ui.fonts.body, {x, y, width, 0}, text) + ui.px(14);
  draw_actions(state, ui, {x, y, width, widgets::control_height(ui)}, document);
  y += widgets::control_height(ui) + ui.px(12);
  if (state.ask.result && state.ask.reference) {  // what edits do to the question on screen in Ask
    const view::Box line{x, y, width, widgets::control_height(ui)};
    ui.note("corpus.change", line);
    NewsLine news(ui, line);
    draw_change(state, ui, news);
    y = line.bottom();
  }
  y += ui.px(12);
  if (corpus.shows_revisions) {
    widgets::draw_text(ui.fonts.strong, x, y, ui.theme->text(), "Revisions");
    y += ui.px(26);
    widgets::hairline(ui, x, y, width);
    if (corpus.detail->revisions.empty()) {
      y += widgets::draw_wrapped(ui.fonts.small_text, x, y + ui.px(6), width, ui.theme->secondary(),
                                 "It stands as it came in; nobody has changed it.");
    }
    for (const RevisionEntry& entry : corpus.detail->revisions)
      y = draw_revision(ui, x, y, width, entry);
  }
  ImGui::SetCursorScreenPos({x, y + ui.px(20)});
  ImGui::Dummy({1, 1});
}

void draw_corpus_form(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("corpus.form", box, ui.theme->pane());
  ui.note("corpus.form", box);
  const view::PassageForm& form = *state.corpus.form;
  const float x = box.x + ui.px(kPad), width = std::min(box.width - 2 * ui.px(kPad), ui.px(720));
  ImGui::GetWindowDrawList()->AddRectFilled({box.x, box.y}, {box.right(), box.y + ui.px(3)},
                                            widgets::u32(ui.theme->edited));
  float y = box.y + ui.px(14);
  widgets::draw_text_within(ui.fonts.strong, x, y, width, ui.theme->text(),
                            form.id == 0 ? "New passage" : fmt::format("Edit passage {}", form.id));
  y += ui.px(28);

  std::string title = form.title;
  view::TextEditor text = form.text;
  bool changed = false;
  const bool saving = form.saving != 0;
  const bool focus_title =
      state.focus == view::Focus::kPassageTitle && ui.seen_focus != state.focus_serial;
  bool submitted = false;
  changed =
      widgets::input_field(ui, "corpus.form.title", {x, y, width, ui.px(34)}, title,
                           {.placeholder = "Title", .focus = focus_title, .submitted = &submitted});
  if (submitted) ui.act(view::SetFocus{view::Focus::kPassageText});
  y += ui.px(34) + ui.px(10);

  const float foot = widgets::control_height(ui) + ui.px(54);
  const view::Box area{x, y, width, std::clamp(box.bottom() - foot - y, ui.px(80), ui.px(380))};
  const widgets::TextFieldOptions options{
      .focused = state.focus == view::Focus::kPassageText && !saving,
      .read_only = saving,
      .placeholder = "The passage, two to five sentences"};
  if (auto change = widgets::text_area(ui, "corpus.form.text", area, text, options)) {
    if (change->took_focus) ui.act(view::SetFocus{view::Focus::kPassageText});
    changed = changed || change->editor.text() != text.text();
    text = std::move(change->editor);
    ui.act(view::ChangeForm{title, text});
  } else if (changed) {
    ui.act(view::ChangeForm{title, text});
  }
  y = area.bottom() + ui.px(8);
  if (form.failure) {
    ImGui::GetWindowDrawList()->AddCircleFilled({x + ui.px(4), y + ui.px(8)}, ui.px(4),
                                                widgets::u32(ui.theme->warning));
    widgets::draw_text_within(ui.fonts.small_text, x + ui.px(16), y, width - ui.px(16),
                              ui.theme->text(), form.failure->sentence);
  } else if (form.duplicate && !saving) {
    ImGui::GetWindowDrawList()->AddCircleFilled({x + ui.px(4), y + ui.px(8)}, ui.px(4),
                                                widgets::u32(ui.theme->warning));
    widgets::draw_text_within(
        ui.fonts.small_text, x + ui.px(16), y, width - ui.px(16), ui.theme->text(),
        fmt::format("Passage {} has this very text. It can be kept all the same.",
                    *form.duplicate));
    ui.note("corpus.duplicate", {x, y, width, ui.px(20)});
  } else {
    const std::string& shown = form.text.text();
    int64_t words = 0;
    for (size_t i = 0; i < shown.size(); ++i) {
      const bool starts = shown[i] != ' ' && shown[i] != '\n' &&
                          (i == 0 || shown[i - 1] == ' ' || shown[i - 1] == '\n');
      words += starts ? 1 : 0;
    }
    widgets::draw_text_within(
        ui.fonts.small_text, x, y, width, ui.theme->secondary(),
        saving ? "Keeping the edit and embedding the passage\u2026"
               : fmt::format("{}. Kept edits can be undone, also after a restart.",
                             view::format_counted(words, "word")));
  }
  const float buttons_y = y + ui.px(28);
  const widgets::ButtonOptions keep{
      .kind = widgets::ButtonKind::kPrimary,
      .enabled = form.is_changed() && !saving,
      .hint = form.is_changed() ? "Writes it to the corpus; the index and the answer follow"
                                : "Nothing was changed",
      .chord = "Ctrl+S"};
  const std::string_view keep_text = form.id == 0 ? "Add passage" : "Keep edit";
  if (widgets::button(ui, "corpus.keep", x, buttons_y, keep_text, keep))
    ui.act(view::RunCommand{"corpus.keep"});
  const float leave_x = x + widgets::button_width(ui, keep_text, keep) + ui.px(8);
  if (widgets::button(ui, "corpus.leave", leave_x, buttons_y,
                      form.is_changed() ? "Discard" : "Close",
                      {.enabled = !saving, .chord = "Esc"})) {
    // The button says what it does, so nothing is asked again; Esc asks.
    if (form.is_changed()) {
      ui.act(view::ResolveUnsaved{view::ResolveUnsaved::Choice::kDiscard});
    } else {
      ui.act(view::RunCommand{"corpus.leave"});
    }
  }
}

}  // namespace realm::panels
