// The workspace's models: which is in use, what each holds and weighs; one is used or removed.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/panels/popup_parts.h"
#include "app/view/machine_state.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kRow = 50, kMostRows = 8;

// "model", "baseline"; empty: it is not in use.
std::string_view use_of(const view::WorkbenchState& state, const std::string& name) {
  const auto& status = view::engine_of(state).status;
  if (!status) return {};
  return name == status->active_model      ? "in use"
         : name == status->active_baseline ? "baseline"
                                           : "";
}

void draw_row(const view::WorkbenchState& state, Ui& ui, const view::Box& row,
              const view::StoredModel& model) {
  const float x = row.x + ui.px(10), right = row.right() - ui.px(10);
  const std::string_view use = use_of(state, model.name);
  const std::string size = view::format_bytes(model.bytes);
  const float size_x = right - widgets::text_width(ui.fonts.small_text, size);
  widgets::draw_text(ui.fonts.small_text, size_x, row.y + ui.px(9), ui.theme->secondary(), size);
  float end = size_x - ui.px(12);
  if (!use.empty()) {
    end -= widgets::text_width(ui.fonts.small_strong, use);
    widgets::draw_text(ui.fonts.small_strong, end, row.y + ui.px(9), ui.theme->accent, use);
    end -= ui.px(12);
  }
  widgets::draw_text_within(use.empty() ? ui.fonts.body : ui.fonts.strong, x, row.y + ui.px(6),
                            end - x, ui.theme->text(), model.name);
  widgets::draw_text_within(ui.fonts.small_text, x, row.y + ui.px(27), right - x,
                            model.problem.empty() ? ui.theme->secondary() : ui.theme->warning,
                            model.problem.empty() ? model.kind : model.problem);
}

// At the right end of the line.
void draw_import_button(const view::WorkbenchState& state, Ui& ui, const view::Box& line) {
  constexpr const char* kImport = "model.import";
  const view::CommandState can = view::command_state(state, kImport);
  const widgets::ButtonOptions options{.enabled = can.enabled, .hint = can.reason};
  const float width = widgets::button_width(ui, "Import\u2026", options);
  if (widgets::button(ui, "models.import", line.right() - width, line.y, "Import\u2026", options))
    ui.act(view::RunCommand{kImport});
}

// Use and remove for the row that is selected, or the question whether it shall go.
void draw_actions(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
                  const view::StoredModel& model) {
  const std::string_view use = use_of(state, model.name);
  const bool read_only = view::is_read_only(state);
  float x = line.x;
  const auto next = [&](const char* name, std::string_view text,
                        const widgets::ButtonOptions& options) {
    const bool clicked = widgets::button(ui, name, x, line.y, text, options);
    x += widgets::button_width(ui, text, options) + ui.px(8);
    return clicked;
  };
  if (state.model_to_remove == model.name) {
    if (next("models.sure", "Remove for good", {.kind = widgets::ButtonKind::kPrimary}))
      ui.act(view::RemoveStoredModel{model.name, true});
    if (next("models.keep", "Keep it", {})) ui.act(view::RemoveStoredModel{});
    widgets::draw_text_within(
        ui.fonts.small_text, x + ui.px(4), widgets::centered_y(line, ui.fonts.small_text),
        line.right() - x, ui.theme->body(),
        model.loss.empty() ? fmt::format("{}, {}", model.name, view::format_bytes(model.bytes))
                           : model.loss);
    return;
  }
  const bool is_baseline = !model.can_be_asked && model.can_be_baseline;
  const std::string_view no_use = read_only            ? "This workspace is open for reading only."
                                  : use == "in use"    ? "It is the model now."
                                  : use == "baseline"  ? "It is the baseline now."
                                  : model.can_be_asked ? ""
                                  : is_baseline        ? ""
                                                       : "It lacks an embedder or an encoder.";
  if (next("models.use", is_baseline ? "Use it as baseline" : "Use it",
           {.kind = widgets::ButtonKind::kPrimary, .enabled = no_use.empty(), .hint = no_use}))
    ui.act(view::UseStoredModel{model.name, is_baseline});
  const std::string_view no_removal = read_only      ? "This workspace is open for reading only."
                                      : !use.empty() ? "It is in use; use another one first."
                                                     : "";
  if (next("models.remove", "Remove\u2026", {.enabled = no_removal.empty(), .hint = no_removal}))
    ui.act(view::RemoveStoredModel{model.name});
  draw_import_button(state, ui, line);
}

}  // namespace

float models_popup_height(const view::WorkbenchState& state) {
  const auto& models = state.train.snapshot ? state.train.snapshot->models : nullptr;
  const auto count = models ? static_cast<float>(models->size()) : 0;
  return 150 + kRow * std::clamp(count, 1.0F, kMostRows);
}

void draw_models(const view::WorkbenchState& state, Ui& ui) {
  const view::Box box = popup_inner_box(ui);
  const float top = draw_popup_title(ui, box, "Models of the workspace",
                                     "Checkpoints that were asked are models of their own.");
  const auto& models = state.train.snapshot ? state.train.snapshot->models : nullptr;
  if (!models) {
    widgets::progress_line(ui, box.x, top + ui.px(8), box.width, -1);
    return;
  }
  if (models->empty()) {
    widgets::draw_text(ui.fonts.body, box.x, top + ui.px(8), ui.theme->secondary(),
                       "The workspace has no model.");
    draw_import_button(state, ui,
                       {box.x, box.bottom() - widgets::control_height(ui), box.width,
                        widgets::control_height(ui)});
    return;
  }
  int selected = state.popup_selected;
  const int chosen = chosen_row(ui, static_cast<int>(models->size()), selected);
  const float below = box.bottom() - widgets::control_height(ui);
  {
    const view::Box list{box.x, top, box.width, std::max(1.0F, below - ui.px(12) - top)};
    widgets::PaneScope pane("models.list", list, view::with_alpha(ui.theme->pane(), 0));
    const ImVec2 start = ImGui::GetCursorScreenPos();
    float y = start.y;
    for (size_t i = 0; i < models->size(); ++i) {
      const view::Box row{list.x, y, list.width - ImGui::GetStyle().ScrollbarSize, ui.px(kRow)};
      const widgets::HitResult hit = widgets::hit(ui, fmt::format("models.{}", i).c_str(), row);
      const bool is_selected = static_cast<int>(i) == selected;
      draw_row_ground(ui, row, is_selected, hit.hovered);
      if (is_selected && selected != state.popup_selected) keep_in_sight(row);
      draw_row(state, ui, row, (*models)[i]);
      if (hit.clicked) selected = static_cast<int>(i);
      y = row.bottom();
    }
    ImGui::SetCursorScreenPos(start);
    ImGui::Dummy({1, y - start.y});
  }
  const view::StoredModel& model = (*models)[static_cast<size_t>(selected)];
  if (selected != state.popup_selected) {
    ui.act(view::ChangePopup{"", selected});
    ui.act(view::RemoveStoredModel{});
  }
  if (chosen >= 0 && model.can_be_asked && use_of(state, model.name) != "in use")
    ui.act(view::UseStoredModel{model.name});
  draw_actions(state, ui, {box.x, below, box.width, widgets::control_height(ui)}, model);
}

}  // namespace realm::panels
