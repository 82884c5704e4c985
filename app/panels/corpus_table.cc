#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "app/panels/corpus_parts.h"
#include "app/panels/menu.h"
#include "app/view/highlight.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::IdScope;
using widgets::StyleScope;
using widgets::Ui;

constexpr float kPad = 14;
constexpr float kRow = 26;
constexpr float kFoot = 36;

enum Column { kId, kTitle, kText, kWords, kSource, kColumns };

void handle_keys(const view::WorkbenchState& state, Ui& ui) {
  const view::CorpusState& corpus = state.corpus;
  if (state.focus != view::Focus::kCorpusTable || ui.popup_is_open ||
      ImGui::GetIO().WantTextInput || corpus.form)
    return;
  if (state.zoomed != view::Pane::kNone && ui.take_key("Esc")) ui.act(view::ZoomPane{state.zoomed});
  if (ui.take_key("Down")) ui.act(view::RunCommand{"corpus.search_next"});
  if (ui.take_key("Up")) ui.act(view::RunCommand{"corpus.search_previous"});
  const view::Pagination pages = view::pagination_of(corpus);
  if (ui.take_key("PageDown") && pages.can_go_forward())
    ui.act(view::GoToOffset{pages.next_offset()});
  if (ui.take_key("PageUp") && pages.can_go_back())
    ui.act(view::GoToOffset{pages.previous_offset()});
  if (ui.take_key("Home")) ui.act(view::GoToOffset{0});
  if (ui.take_key("End")) ui.act(view::GoToOffset{pages.last_offset()});
  if (ui.take_key("Enter")) ui.act(view::RunCommand{"corpus.edit"});
  if (ui.take_key("Tab")) ui.act(view::RunCommand{"corpus.search"});
}

void draw_cell_text(Ui& ui, ImFont* font, view::Color color, std::string_view text,
                    bool to_right = false) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const view::Box line{at.x, at.y, width, ui.px(kRow)};
  if (to_right) {
    widgets::draw_text_right(font, line.right(), widgets::centered_y(line, font), color, text);
  } else {
    widgets::draw_text_within(font, line.x, widgets::centered_y(line, font), width, color, text);
  }
}

void draw_snippet(Ui& ui, const DocumentRow& row) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const view::Box line{at.x, at.y, ImGui::GetContentRegionAvail().x, ui.px(kRow)};
  widgets::draw_marked_line(ui, ui.fonts.small_text, line, ui.theme->secondary(),
                            view::parse_snippet(row.snippet));
}

void draw_title(const view::WorkbenchState& state, Ui& ui, const DocumentRow& row) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  view::Box line{at.x, at.y, ImGui::GetContentRegionAvail().x, ui.px(kRow)};
  const float cx = line.x + ui.px(4), cy = line.y + line.height / 2;
  ImDrawList* list = ImGui::GetWindowDrawList();
  // A disc: edited; a ring: its vector does not follow its text yet.
  if (row.dirty) {
    list->AddCircle({cx, cy}, ui.px(3.5F), widgets::u32(ui.theme->warning), 16,
                    std::max(1.0F, ui.scale * 1.5F));
  } else if (row.edited) {
    list->AddCircleFilled({cx, cy}, ui.px(3.5F), widgets::u32(ui.theme->edited), 16);
  }
  line.x += ui.px(14);
  line.width -= ui.px(14);
  if (row.title.empty()) {
    widgets::draw_text_within(ui.fonts.body, line.x, widgets::centered_y(line, ui.fonts.body),
                              line.width, ui.theme->secondary(), "untitled");
    return;
  }
  view::MarkedText title{row.title, view::mark_corpus_hits(state.corpus, row.title, true)};
  widgets::draw_marked_line(ui, ui.fonts.body, line, ui.theme->text(), title);
}

void draw_row_menu(const view::WorkbenchState& state, Ui& ui, const DocumentRow& row, bool opens) {
  const bool writable = view::command_state(state, "corpus.add").enabled;
  const std::array<MenuItem, 3> items = {
      MenuItem{"edit", "Edit passage", view::StartEdit{row.id}, writable},
      MenuItem{"copy", "Copy title", view::CopyText{row.title, "the title"}, !row.title.empty()},
      MenuItem{"copy_id", "Copy id", view::CopyText{std::to_string(row.id), "the id"}}};
  context_menu(ui, "row_menu", opens, items);
}

void draw_row(const view::WorkbenchState& state, Ui& ui, const DocumentRow& row, size_t index) {
  IdScope id(row.id);
  ImGui::TableNextRow(0, ui.px(kRow));
  ImGui::TableSetColumnIndex(kId);
  const bool selected = row.id == state.corpus.selected;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked =
      ImGui::Selectable("##row", selected,
                        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick,
                        {0, ui.px(kRow)});
  const bool hovered = ImGui::IsItemHovered();
  ui.note(fmt::format("corpus.row.{}", index),
          {at.x, at.y, ImGui::GetItemRectSize().x, ui.px(kRow)});
  const bool right_clicked = ImGui::IsItemClicked(ImGuiMouseButton_Right);
  if (clicked) {
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
      ui.act(view::StartEdit{row.id});
    } else {
      ui.act(view::SelectRow{row.id});
    }
  }
  draw_row_menu(state, ui, row, right_clicked);
  if (hovered && (row.dirty || row.edited) && ImGui::GetIO().MousePos.x < at.x + ui.px(120)) {
    widgets::tooltip(ui, row.dirty ? "Its vector does not follow its text yet."
                                   : "It was edited since it came in.");
  }
  ImGui::SetCursorScreenPos(at);
  draw_cell_text(ui, ui.fonts.mono, ui.theme->secondary(), std::to_string(row.id),
                 /*to_right=*/true);
  if (ImGui::TableSetColumnIndex(kTitle)) draw_title(state, ui, row);
  if (ImGui::TableSetColumnIndex(kText)) draw_snippet(ui, row);
  if (ImGui::TableSetColumnIndex(kWords))
    draw_cell_text(ui, ui.fonts.small_text, ui.theme->secondary(), view::format_count(row.words),
                   true);
  if (ImGui::TableSetColumnIndex(kSource))
    draw_cell_text(ui, ui.fonts.small_text, ui.theme->secondary(), row.source);
}

// A right click on the heads: which columns are there.
void draw_columns_menu(const view::WorkbenchState& state, Ui& ui, bool opens) {
  const auto with = [&](bool view::PaneLayout::*column) {
    view::PaneLayout panes = state.memory.panes;
    panes.*column = !(panes.*column);
    return view::SetPanes{panes};
  };
  const view::PaneLayout& panes = state.memory.panes;
  const std::array<MenuItem, 3> items = {
      MenuItem{"text", panes.text_column ? "Hide the texts" : "Show the texts",
               with(&view::PaneLayout::text_column)},
      MenuItem{"words", panes.words_column ? "Hide the word counts" : "Show the word counts",
               with(&view::PaneLayout::words_column)},
      MenuItem{"source", panes.source_column ? "Hide the sources" : "Show the sources",
               with(&view::PaneLayout::source_column)}};
  context_menu(ui, "corpus.columns", opens, items);
}

// Upwards: the smallest first.
void draw_arrow(Ui& ui, float x, float y, bool down) {
  const float half = ui.px(3.5F), tip = (down ? 1.0F : -1.0F) * ui.px(2.5F);
  const ImVec2 left{x - half, y - tip}, right{x + half, y - tip}, point{x, y + tip};
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (down) {
    list->AddTriangleFilled(left, right, point, widgets::u32(ui.theme->text()));
  } else {
    list->AddTriangleFilled(right, left, point, widgets::u32(ui.theme->text()));
  }
}

void draw_header(const view::WorkbenchState& state, Ui& ui) {
  struct Head {
    Column column;
    const char* name;
    const char* text;
    std::optional<DocumentOrder> order;
    bool to_right;
  };
  const std::array<Head, kColumns> heads = {
      {{kId, "corpus.head.id", "id", DocumentOrder::kById, true},
       {kTitle, "corpus.head.title", "title", DocumentOrder::kByTitle, false},
       {kText, "corpus.head.text", "text", std::nullopt, false},
       {kWords, "corpus.head.words", "words", DocumentOrder::kByWords, true},
       {kSource, "corpus.head.source", "source", DocumentOrder::kBySource, false}}};
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers, ui.px(kRow));
  bool opens_menu = false;
  for (const Head& head : heads) {
    if (!ImGui::TableSetColumnIndex(head.column)) continue;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const view::Box line{at.x, at.y, ImGui::GetContentRegionAvail().x, ui.px(kRow)};
    opens_menu = opens_menu ||
                 (ImGui::IsMouseHoveringRect({line.x, line.y}, {line.right(), line.bottom()}) &&
                  ImGui::IsMouseClicked(ImGuiMouseButton_Right) && ImGui::IsWindowHovered());
    const bool sorts = head.order && *head.order == state.corpus.order;
    ImFont* font = ui.fonts.small_text;
    const view::Color color = sorts ? ui.theme->text() : ui.theme->secondary();
    const float arrow = sorts ? ui.px(12) : 0;
    const float indent = head.column == kTitle ? ui.px(14) : 0;
    float text_end = line.right() - arrow;
    if (head.to_right) {
      widgets::draw_text_right(font, text_end, widgets::centered_y(line, font), color, head.text);
    } else {
      text_end = line.x + indent +
                 widgets::draw_text_within(font, line.x + indent, widgets::centered_y(line, font),
                                           line.width - indent - arrow, color, head.text);
    }
    if (sorts)
      draw_arrow(ui, text_end + ui.px(8), line.y + line.height / 2, state.corpus.descending);
    if (!head.order) {
      ui.note(head.name, line);
      continue;
    }
    const widgets::HitResult hit = widgets::hit(ui, head.name, line);
    const view::TableOrder next = view::next_order(state.corpus, *head.order);
    if (hit.hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      widgets::tooltip(ui, !sorts                      ? "Sort by this column"
                           : next.order != *head.order ? "Descending. A click takes the order away"
                           : next.descending           ? "Ascending. A click turns it round"
                                                       : "Descending. A click turns it round");
    }
    if (hit.clicked) ui.act(view::SetOrder{next});
  }
  draw_columns_menu(state, ui, opens_menu);
}

void draw_foot(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::hairline(ui, box.x, box.y, box.width);
  const view::Pagination pages = view::pagination_of(state.corpus);
  const float y = box.y + (box.height - widgets::control_height(ui)) / 2;
  const std::string label = pages.label();
  const float label_width = widgets::text_width(ui.fonts.small_text, label);
  widgets::draw_text(ui.fonts.small_text, box.x + ui.px(kPad),
                     widgets::centered_y(box, ui.fonts.small_text), ui.theme->secondary(), label);
  float x = box.x + ui.px(kPad) + label_width + ui.px(10);
  const auto step = [&](const char* name, const char* text, bool enabled, int64_t offset,
                        const char* hint) {
    const widgets::ButtonOptions options{
        .kind = widgets::ButtonKind::kQuiet, .enabled = enabled, .hint = hint};
    if (widgets::button(ui, name, x, y, text, options)) ui.act(view::GoToOffset{offset});
    x += widgets::button_width(ui, text, options);
  };
  if (pages.total <= pages.limit) return;
  step("corpus.previous", "Previous", pages.can_go_back(), pages.previous_offset(), "Page Up");
  step("corpus.next", "Next", pages.can_go_forward(), pages.next_offset(), "Page Down");
  step("corpus.last", "Last", pages.can_go_forward(), pages.last_offset(), "End");
}

void draw_no_rows(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const float x = box.x + ui.px(kPad), y = box.y + ui.px(20), width = box.width - 2 * ui.px(kPad);
  if (view::is_narrowed(state.corpus)) {
    const bool filtered = state.corpus.filters.count() > 0;
    const float height = widgets::draw_wrapped(
        ui.fonts.body, x, y, width, ui.theme->body(),
        filtered ? "No passage passes all the filters and has all the words that are searched."
                 : "No passage has all these words. Words are searched whole; \"quotes\" keep them "
                   "together, a leading minus leaves them out.");
    if (widgets::button(ui, "corpus.clear", x, y + height + ui.px(10), "Show all passages"))
      ui.act(view::ShowEverything{});
    return;
  }
  const float height = widgets::draw_wrapped(
      ui.fonts.body, x, y, width, ui.theme->body(),
      "The corpus is empty. Write a passage here, or bring in a file of them.");
  const widgets::ButtonOptions add{.kind = widgets::ButtonKind::kPrimary};
  const float buttons_y = y + height + ui.px(10);
  if (widgets::button(ui, "corpus.first", x, buttons_y, "Add passage", add))
    ui.act(view::RunCommand{"corpus.add"});
  if (widgets::button(ui, "corpus.first_import",
                      x + widgets::button_width(ui, "Add passage", add) + ui.px(8), buttons_y,
                      "Import passages\u2026"))
    ui.act(view::RunCommand{"corpus.import"});
}

}  // namespace

void draw_corpus_table(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                       bool scroll_to_selected) {
  handle_keys(state, ui);
  const view::CorpusState& corpus = state.corpus;
  widgets::hairline(ui, box.x, box.y, box.width);
  const view::Box table_box{box.x, box.y + 1, box.width,
                            std::max(1.0F, box.height - ui.px(kFoot) - 1)};
  draw_foot(state, ui, {box.x, table_box.bottom(), box.width, ui.px(kFoot)});
  ui.note("corpus.table", table_box);
  if (corpus.page && corpus.page->failure) {
    const bool cancelled = corpus.page->failure->code == ErrorCode::kCancelled;
    const float x = box.x + ui.px(kPad), y = box.y + ui.px(20);
    const float height = widgets::draw_wrapped(
        ui.fonts.body, x, y, box.width - 2 * ui.px(kPad), ui.theme->text(),
        cancelled ? "The search was cancelled." : corpus.page->failure->sentence);
    if (cancelled && widgets::button(ui, "corpus.again", x, y + height + ui.px(10), "Search again"))
      ui.act(view::GoToOffset{corpus.offset});
    return;
  }
  if (!corpus.page) return;
  const std::vector<DocumentRow>& rows = corpus.page->page.rows;
  if (rows.empty()) return draw_no_rows(state, ui, table_box);

  StyleScope style;
  style.var(ImGuiStyleVar_CellPadding, ImVec2(ui.px(7), 0))
      .var(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  style.color(ImGuiCol_TableHeaderBg, widgets::u32(ui.theme->pane()))
      .color(ImGuiCol_TableBorderLight, widgets::u32(ui.theme->hairline()))
      .color(ImGuiCol_Header, widgets::u32(view::mix(ui.theme->selection, ui.theme->pane(), 0.45)))
      .color(ImGuiCol_TableBorderStrong, widgets::u32(ui.theme->hairline()));
  ImGui::SetCursorScreenPos({table_box.x, table_box.y});
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_Resizable |
                                     ImGuiTableFlags_Hideable | ImGuiTableFlags_BordersInnerH |
                                     ImGuiTableFlags_NoBordersInBody |
                                     ImGuiTableFlags_NoSavedSettings |
                                     ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_PadOuterX;
  if (!ImGui::BeginTable("corpus.rows", kColumns, kFlags, {table_box.width, table_box.height}))
    return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("id", ImGuiTableColumnFlags_WidthFixed | ImGuiTableColumnFlags_NoHide,
                          ui.px(52));
  ImGui::TableSetupColumn("title",
                          ImGuiTableColumnFlags_WidthStretch | ImGuiTableColumnFlags_NoHide, 0.34F);
  ImGui::TableSetupColumn("text", ImGuiTableColumnFlags_WidthStretch, 0.44F);
  ImGui::TableSetupColumn("words", ImGuiTableColumnFlags_WidthFixed, ui.px(56));
  ImGui::TableSetupColumn("source", ImGuiTableColumnFlags_WidthStretch, 0.22F);
  const view::PaneLayout& panes = state.memory.panes;
  ImGui::TableSetColumnEnabled(kText, panes.text_column);
  ImGui::TableSetColumnEnabled(kWords, panes.words_column);
  ImGui::TableSetColumnEnabled(kSource, panes.source_column);
  draw_header(state, ui);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows.size()), ui.px(kRow));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_row(state, ui, rows[static_cast<size_t>(i)], static_cast<size_t>(i));
  }
  if (const int selected = view::selected_row(corpus); scroll_to_selected && selected >= 0) {
    const float at = ui.px(kRow) * static_cast<float>(selected);
    const float page = ImGui::GetWindowHeight() - 2 * ui.px(kRow);
    if (at < ImGui::GetScrollY()) ImGui::SetScrollY(at);
    if (at > ImGui::GetScrollY() + page) ImGui::SetScrollY(at - page);
  }
  ImGui::EndTable();
}

}  // namespace realm::panels
