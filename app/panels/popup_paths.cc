// Paths in popups: a field that Tab completes, what the folder holds that is being typed, and the
// popups that open or make a workspace.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/popup_parts.h"
#include "app/view/number_format.h"
#include "app/view/utf8.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr size_t kMostOffers = 200;
constexpr float kOfferRow = 28;

std::string_view kind_of(const view::FolderEntry& entry) {
  if (entry.kind == view::FolderKind::kWorkspace) return "workspace";
  return entry.kind == view::FolderKind::kModel ? "model" : "";
}

void draw_offer(Ui& ui, const view::Box& row, const view::PathOffer& offer) {
  const float x = row.x + ui.px(10), right = row.right() - ui.px(10);
  const std::string_view kind = kind_of(*offer.entry);
  const float side = kind.empty() ? 0 : widgets::text_width(ui.fonts.small_text, kind) + ui.px(12);
  widgets::draw_text_within(ui.fonts.body, x, widgets::centered_y(row, ui.fonts.body),
                            right - x - side, offer.is_wished ? ui.theme->accent : ui.theme->text(),
                            offer.entry->name + (offer.entry->is_folder ? "/" : ""));
  if (!kind.empty())
    widgets::draw_text_right(ui.fonts.small_text, right,
                             widgets::centered_y(row, ui.fonts.small_text), ui.theme->secondary(),
                             kind);
}

// Above the rows: where they are, or why there are none.
std::string heading(const view::FolderListing& listing, const view::TypedPath& typed, size_t offers,
                    view::PathWish wish) {
  const bool makes_new = wish == view::PathWish::kNewFolder;
  const std::string folder = listing.folder.string();
  if (!listing.problem.empty())
    return makes_new && listing.is_missing ? folder + " will be new" : listing.problem;
  if (listing.kind == view::FolderKind::kModel && typed.begun.empty() &&
      wish == view::PathWish::kModel)
    return folder + " is a model";
  if (offers == 0 && makes_new)
    return typed.begun.empty()
               ? "In " + folder
               : fmt::format("\u201C{}\u201D will be new in {}", typed.begun, folder);
  if (offers == 0)
    return typed.begun.empty()
               ? "There is nothing to choose in " + folder
               : fmt::format("{} {} begins with \u201C{}\u201D",
                             listing.is_cut ? "Nothing that was read of" : "Nothing in", folder,
                             typed.begun);
  if (offers > kMostOffers || listing.is_cut)
    return fmt::format("In {}: the first {}; type on to see others", folder,
                       view::format_count(static_cast<int64_t>(std::min(offers, kMostOffers))));
  return "In " + folder;
}

}  // namespace

void fill_popup_path(Ui& ui, const char* field, const std::string& text) {
  ui.field_to_fill = ui.field_to_focus = field;
  ui.text_to_fill = text;
  ui.act(view::ChangePopup{text, 0});
}

float draw_popup_failure(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  constexpr size_t kMostShown = 280;  // of a fault in every tensor: the rest on hover
  const std::string text = view::shorten(state.popup_failure, kMostShown);
  const float height =
      widgets::draw_wrapped(ui.fonts.small_text, box.x, box.y, box.width, ui.theme->warning, text);
  const view::Box drawn{box.x, box.y, box.width, height};
  ui.note("save.failure", drawn);
  if (text != state.popup_failure &&
      ImGui::IsMouseHoveringRect({drawn.x, drawn.y}, {drawn.right(), drawn.bottom()}))
    widgets::tooltip(ui, state.popup_failure);
  return drawn.bottom() + ui.px(6);
}

void draw_popup_progress(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                         view::RequestId id, std::string_view doing) {
  const view::Activity& activity = view::engine_of(state).activity;
  const bool runs = activity.id == id;
  const double share = runs && activity.total > 0 ? static_cast<double>(activity.done) /
                                                        static_cast<double>(activity.total)
                                                  : -1;
  widgets::draw_text(ui.fonts.small_text, box.x, box.y, ui.theme->secondary(),
                     runs ? doing : "Waiting for what is being done before it\u2026");
  widgets::progress_line(ui, box.x, box.y + ui.px(22), box.width, share);
}

bool draw_popup_path(const view::WorkbenchState& state, Ui& ui, const view::Box& line,
                     bool appeared, const PathForm& form) {
  std::string typed = state.popup_text;
  bool submitted = false;
  if (ui.take_key("Tab")) {
    if (const std::string text = view::completed(state); text != state.popup_text)
      fill_popup_path(ui, form.field, text);
  }
  const float width = widgets::button_width(ui, form.verb);
  const bool changed = widgets::input_field(
      ui, form.field, {line.x, line.y, line.width - width - ui.px(8), ui.px(30)}, typed,
      {.placeholder = form.placeholder,
       .takes_early = true,
       .replaced_by_early = true,
       .focus = appeared,
       .keeps_tab = true,
       .submitted = &submitted});
  if (changed && typed != state.popup_text) ui.act(view::ChangePopup{typed, 0});
  const bool names_something = typed.find_first_not_of(' ') != std::string::npos;
  const bool clicked = widgets::button(
      ui, form.button, line.right() - width, line.y, form.verb,
      {.kind = widgets::ButtonKind::kPrimary, .enabled = names_something && form.is_fit});
  // Enter on a row below the field is the row's.
  submitted = submitted && state.popup_selected == 0;
  return (clicked || submitted) && names_something && form.is_fit;
}

std::optional<std::string> draw_path_offers(const view::WorkbenchState& state, Ui& ui,
                                            const view::Box& box, const char* field) {
  if (state.folder_looked_at.empty()) return std::nullopt;
  const view::FolderListing* listing = view::typed_listing(state);
  if (listing == nullptr) {
    widgets::progress_line(ui, box.x, box.y + ui.px(8), box.width, -1);
    return std::nullopt;
  }
  const view::TypedPath typed = view::typed_path(state);
  const view::PathWish wish = view::path_wish(state);
  const bool makes_new = wish == view::PathWish::kNewFolder;
  std::vector<view::PathOffer> offers = view::path_offers(*listing, typed.begun, wish);
  const view::Box head{box.x, box.y, box.width, ui.px(20)};
  widgets::draw_text_within(ui.fonts.small_text, head.x, head.y, head.width,
                            listing->problem.empty() || (makes_new && listing->is_missing)
                                ? ui.theme->secondary()
                                : ui.theme->warning,
                            heading(*listing, typed, offers.size(), wish));
  ui.note("path.heading", head);
  offers.resize(std::min(offers.size(), kMostOffers));

  // From the field, 0, down through the rows.
  const auto count = static_cast<int>(offers.size());
  const int before = std::clamp(state.popup_selected, 0, count);
  int at = before;
  while (ui.take_key("Down")) at = std::min(at + 1, count);
  while (ui.take_key("Up")) at = std::max(at - 1, 0);
  int chosen = at > 0 && ui.take_key("Enter") ? at : 0;
  const view::Box list{box.x, head.bottom() + ui.px(2), box.width,
                       std::max(1.0F, box.bottom() - head.bottom() - ui.px(2))};
  {
    widgets::PaneScope pane("path.offers", list, view::with_alpha(ui.theme->pane(), 0));
    const ImVec2 start = ImGui::GetCursorScreenPos();
    float y = start.y;
    for (int i = 1; i <= count; ++i) {
      const view::PathOffer& offer = offers[static_cast<size_t>(i - 1)];
      const view::Box row{list.x, y, list.width - ImGui::GetStyle().ScrollbarSize,
                          ui.px(kOfferRow)};
      const widgets::HitResult hit =
          widgets::hit(ui, fmt::format("path.offer.{}", i - 1).c_str(), row);
      draw_row_ground(ui, row, i == at, hit.hovered);
      if (i == at && at != before) keep_in_sight(row);
      draw_offer(ui, row, offer);
      if (hit.clicked) chosen = i;
      y = row.bottom();
    }
    ImGui::SetCursorScreenPos(start);
    ImGui::Dummy({1, y - start.y});
  }
  if (at != before) ui.act(view::ChangePopup{state.popup_text, at});
  if (chosen == 0) return std::nullopt;
  const view::PathOffer& offer = offers[static_cast<size_t>(chosen - 1)];
  if (offer.is_wished) return std::string(typed.head) + offer.entry->name;
  fill_popup_path(ui, field, view::with_entry(typed, *offer.entry));
  return std::nullopt;
}

void draw_open(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  const float top = draw_popup_title(
      ui, box, "Open a workspace",
      "The folder that holds a workspace.json. It can also be dropped on the window.");
  view::Box below{box.x, top + ui.px(44), box.width,
                  std::max(1.0F, box.bottom() - top - ui.px(44))};
  if (!state.popup_failure.empty()) {
    below.y = draw_popup_failure(state, ui, below);
    below.height = std::max(1.0F, box.bottom() - below.y);
  }
  const auto& recent = state.memory.recent;
  const bool shows_recent =
      !recent.empty() && (state.popup_text.empty() || state.popup_text == state.memory.workspace);
  std::optional<std::string> chosen;
  if (shows_recent) {
    // The arrow keys go from the field, 0, through the folders below it.
    const int count = static_cast<int>(recent.size());
    int at = std::clamp(state.popup_selected, 0, count);
    while (ui.take_key("Down")) at = std::min(at + 1, count);
    while (ui.take_key("Up")) at = std::max(at - 1, 0);
    if (at != state.popup_selected) ui.act(view::ChangePopup{state.popup_text, at});
    if (at > 0 && ui.take_key("Enter")) chosen = recent[static_cast<size_t>(at - 1)];
    widgets::draw_text(ui.fonts.small_text, below.x, below.y, ui.theme->secondary(),
                       "Opened before");
    float y = below.y + ui.px(22);
    for (size_t i = 0; i < recent.size() && y + ui.px(kPopupRow) <= below.bottom(); ++i) {
      const view::Box row{below.x, y, below.width, ui.px(kPopupRow)};
      const widgets::HitResult hit =
          widgets::hit(ui, fmt::format("open.recent.{}", i).c_str(), row);
      draw_row_ground(ui, row, static_cast<int>(i) + 1 == at, hit.hovered);
      widgets::draw_text_within(ui.fonts.body, row.x + ui.px(10),
                                widgets::centered_y(row, ui.fonts.body), row.width - ui.px(20),
                                ui.theme->accent, recent[i]);
      if (hit.clicked) chosen = recent[i];
      y = row.bottom();
    }
  } else {
    chosen = draw_path_offers(state, ui, below, "open.field");
  }
  const bool is_typed = draw_popup_path(state, ui, {box.x, top, box.width, ui.px(30)}, appeared,
                                        {.field = "open.field",
                                         .button = "open.go",
                                         .verb = "Open",
                                         .placeholder = "/path/to/workspace",
                                         .is_fit = state.popup_saving == 0});
  if (chosen) {
    ui.act(view::OpenFolder{*chosen});
  } else if (is_typed) {
    ui.act(view::OpenFolder{state.popup_text});
  }
}

void draw_new_workspace(const view::WorkbenchState& state, Ui& ui, bool appeared) {
  const view::Box box = popup_inner_box(ui);
  const float top = draw_popup_title(
      ui, box, "New workspace",
      "A new or empty folder. It holds the passages, models, indexes and runs from then on, and "
      "can be moved and copied as a whole.");
  float y = top + ui.px(40);
  if (state.popup_saving != 0) {
    widgets::progress_line(ui, box.x, y, box.width, -1);
  } else if (!state.popup_failure.empty()) {
    y = draw_popup_failure(state, ui, {box.x, y, box.width, 0});
  }
  draw_path_offers(state, ui, {box.x, y, box.width, std::max(1.0F, box.bottom() - y)},
                   "new_workspace.field");
  if (draw_popup_path(state, ui, {box.x, top, box.width, ui.px(30)}, appeared,
                      {.field = "new_workspace.field",
                       .button = "new_workspace.go",
                       .verb = "Make it",
                       .placeholder = "/path/to/a/new/folder",
                       .is_fit = state.popup_saving == 0}))
    ui.act(view::MakeWorkspaceIn{state.popup_text});
}

}  // namespace realm::panels
