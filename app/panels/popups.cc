#include "app/panels/popups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "app/panels/popup_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using view::Popup;
using widgets::IdScope;
using widgets::StyleScope;
using widgets::Ui;

constexpr float kPad = 18;

struct Place {
  float width = 560, height = 420;
};

Place place_of(const view::WorkbenchState& state) {
  switch (state.popup) {
    case Popup::kPalette:
      return {580, 440};
    case Popup::kShortcuts:
      return {1040, 640};
    case Popup::kExamples:
      return {760, 600};
    case Popup::kOpenWorkspace:
      return {640, 452};
    case Popup::kNewWorkspace:
      return {640, 360};
    case Popup::kImportModel:
      return {680, 500};
    case Popup::kExport:
    case Popup::kExportCorpus:
      return {620, 400};
    case Popup::kImport:
      return view::forecast_on_screen(state) == nullptr ? Place{720, 452} : Place{720, 600};
    case Popup::kSaveCurves:
      return {620, 420};
    case Popup::kModels:
      return {680, models_popup_height(state)};
    case Popup::kEnglish:
      return {680, english_popup_height(state)};
    case Popup::kAbout:
      return {560, 330};
    case Popup::kUnsavedEdit:
    case Popup::kLivingRuns:
      return {500, 170};
    case Popup::kExtendRun:
      return {560, 250};
    case Popup::kNone:
      break;
  }
  return {};
}

void draw_about(Ui& ui, const AboutText& about) {
  const view::Box box = popup_inner_box(ui);
  float y =
      draw_popup_title(ui, box, "REALM workbench",
                       "Hides words, retrieves passages, and shows how they add up to the answer: "
                       "Guu et al., REALM (2020).");
  y += widgets::draw_wrapped(ui.fonts.small_text, box.x, y, box.width, ui.theme->secondary(),
                             about.text);
  if (widgets::button(ui, "about.copy", box.x, box.bottom() - widgets::control_height(ui),
                      "Copy")) {
    ui.act(view::CopyText{about.text, "the versions"});
  }
}

void draw_unsaved(const view::WorkbenchState& state, Ui& ui) {
  using Choice = view::ResolveUnsaved::Choice;
  const view::Box box = popup_inner_box(ui);
  const std::string title = state.corpus.form ? state.corpus.form->title : "";
  widgets::draw_text_within(ui.fonts.strong, box.x, box.y, box.width, ui.theme->text(),
                            "Keep the edit?");
  widgets::draw_wrapped(ui.fonts.body, box.x, box.y + ui.px(28), box.width, ui.theme->body(),
                        fmt::format("The passage {} was changed and is not in the corpus yet.",
                                    title.empty() ? "being edited" : "\u201C" + title + "\u201D"));
  const float y = box.bottom() - widgets::control_height(ui);
  float x = box.x;
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options, Choice choice) {
    if (widgets::button(ui, name, x, y, text, options)) ui.act(view::ResolveUnsaved{choice});
    x += widgets::button_width(ui, text, options) + ui.px(8);
  };
  next("unsaved.keep", "Keep edit", {.kind = widgets::ButtonKind::kPrimary}, Choice::kKeep);
  next("unsaved.discard", "Discard", {}, Choice::kDiscard);
  next("unsaved.cancel", "Cancel", {.chord = "Esc"}, Choice::kCancel);
}

}  // namespace

void close_popup(Ui& ui) { ui.act(view::SetPopup{Popup::kNone}); }

view::Box popup_inner_box(Ui& ui) {
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  return widgets::inset({at.x, at.y, size.x, size.y}, ui.px(kPad), ui.px(kPad));
}

float draw_popup_title(Ui& ui, const view::Box& box, std::string_view title,
                       std::string_view text) {
  widgets::draw_text_within(ui.fonts.strong, box.x, box.y, box.width - ui.px(24), ui.theme->text(),
                            title);
  if (widgets::close_button(ui, "popup.close", box.right() - ui.px(8), box.y + ui.px(9), "Esc"))
    close_popup(ui);
  float y = box.y + ui.px(28);
  if (!text.empty())
    y += widgets::draw_wrapped(ui.fonts.body, box.x, y, box.width, ui.theme->body(), text) +
         ui.px(8);
  return y;
}

void draw_popups(const view::WorkbenchState& state, Ui& ui, const view::Box& window,
                 const AboutText& about) {
  constexpr const char* kId = "###popup";
  if (state.popup == Popup::kNone) return;
  const bool was_open = ImGui::IsPopupOpen(kId);
  if (!was_open) ImGui::OpenPopup(kId);
  const Place place = place_of(state);
  const float width = std::min(ui.px(place.width), window.width - ui.px(40));
  const float height = std::min(ui.px(place.height), window.height - ui.px(80));
  ImGui::SetNextWindowPos(
      {std::floor(window.x + (window.width - width) / 2), window.y + ui.px(60)});
  ImGui::SetNextWindowSize({width, height});
  StyleScope style;
  style.var(ImGuiStyleVar_WindowPadding, ImVec2(0, 0))
      .var(ImGuiStyleVar_WindowRounding, ui.px(8))
      .var(ImGuiStyleVar_WindowBorderSize, 1.0F);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                      ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoScrollbar;
  if (!ImGui::BeginPopupModal(kId, nullptr, kFlags)) return;
  // One popup may follow another, as from the palette, without a frame between them.
  int* shown = ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("kind"), -1);
  const bool appeared = ImGui::IsWindowAppearing() || *shown != static_cast<int>(state.popup);
  *shown = static_cast<int>(state.popup);
  if (appeared) {  // nothing of the popup before
    ui.typed_early = false;
    ui.field_to_focus.clear();
    ui.field_to_fill.clear();
  }
  const bool clicked_outside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !appeared &&
                               !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows);
  if (ui.take_key("Esc") || clicked_outside) {
    if (state.popup == Popup::kUnsavedEdit) {
      ui.act(view::ResolveUnsaved{view::ResolveUnsaved::Choice::kCancel});
    } else {
      close_popup(ui);
    }
  }
  {
    IdScope id(static_cast<int>(state.popup));
    switch (state.popup) {
      case Popup::kPalette:
        draw_palette(state, ui, appeared);
        break;
      case Popup::kShortcuts:
        draw_shortcuts(ui);
        break;
      case Popup::kAbout:
        draw_about(ui, about);
        break;
      case Popup::kOpenWorkspace:
        draw_open(state, ui, appeared);
        break;
      case Popup::kNewWorkspace:
        draw_new_workspace(state, ui, appeared);
        break;
      case Popup::kImportModel:
        draw_import_model(state, ui, appeared);
        break;
      case Popup::kExport:
        draw_export(state, ui, appeared);
        break;
      case Popup::kExamples:
        draw_examples(state, ui);
        break;
      case Popup::kImport:
        draw_import(state, ui, appeared);
        break;
      case Popup::kExportCorpus:
        draw_export_corpus(state, ui, appeared);
        break;
      case Popup::kSaveCurves:
        draw_save_curves(state, ui, appeared);
        break;
      case Popup::kModels:
        draw_models(state, ui);
        break;
      case Popup::kEnglish:
        draw_english(state, ui, appeared);
        break;
      case Popup::kUnsavedEdit:
        draw_unsaved(state, ui);
        break;
      case Popup::kLivingRuns:
        draw_living_runs(state, ui);
        break;
      case Popup::kExtendRun:
        draw_extend_run(state, ui, appeared);
        break;
      case Popup::kNone:
        break;
    }
  }
  ImGui::EndPopup();
}

}  // namespace realm::panels
