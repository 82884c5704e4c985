#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/ask_parts.h"
#include "app/view/number_format.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kRow = 26, kChip = 22, kGap = 4, kPadding = 6, kBottom = 8;
constexpr int kMaxRows = 4;

struct Chip {
  size_t piece = 0;
  float x = 0, width = 0;
  int row = 0;
};

std::vector<Chip> lay_out(Ui& ui, const SentenceReading& reading, float width) {
  std::vector<Chip> chips;
  float x = 0;
  int row = 0;
  for (size_t i = 0; i < reading.pieces.size(); ++i) {
    const float chip =
        widgets::text_width(ui.fonts.mono, reading.pieces[i].text) + 2 * ui.px(kPadding);
    if (x > 0 && x + chip > width) {
      x = 0;
      if (++row == kMaxRows) break;
    }
    chips.push_back({.piece = i, .x = x, .width = std::min(chip, width), .row = row});
    x += chip + ui.px(kGap);
  }
  return chips;
}

const SentenceReading* shown_pieces(const view::WorkbenchState& state) {
  if (!state.preferences.shows_pieces || !state.ask.pieces) return nullptr;
  // Those of the sentence as it was a moment ago stay until the new ones are there.
  const SentenceReading& reading = state.ask.pieces->reading;
  return reading.pieces.empty() || state.ask.sentence.text().empty() ? nullptr : &reading;
}

}  // namespace

float pieces_height(const view::WorkbenchState& state, Ui& ui, float width) {
  const SentenceReading* reading = shown_pieces(state);
  if (reading == nullptr) return 0;
  const std::vector<Chip> chips = lay_out(ui, *reading, width);
  return ui.px(kRow) * static_cast<float>(chips.back().row + 1) + ui.px(kBottom);
}

void draw_pieces(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const SentenceReading* reading = shown_pieces(state);
  if (reading == nullptr) return;
  ui.note("ask.pieces", box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const Chip& chip : lay_out(ui, *reading, box.width)) {
    const SentencePiece& piece = reading->pieces[chip.piece];
    const view::Box at{box.x + chip.x, box.y + ui.px(kRow) * static_cast<float>(chip.row),
                       chip.width, ui.px(kChip)};
    const bool is_left_out = static_cast<int>(chip.piece) >= reading->limit;
    if (piece.hidden) {
      list->AddRect({at.x + 0.5F, at.y + 0.5F}, {at.right() - 0.5F, at.bottom() - 0.5F},
                    widgets::u32(ui.theme->accent), ui.px(4));
    } else {
      list->AddRectFilled({at.x, at.y}, {at.right(), at.bottom()}, widgets::u32(ui.theme->hover()),
                          ui.px(4));
    }
    widgets::draw_text_within(ui.fonts.mono, at.x + ui.px(kPadding),
                              widgets::centered_y(at, ui.fonts.mono),
                              at.width - 2 * ui.px(kPadding) + 1,
                              piece.hidden  ? ui.theme->accent
                              : is_left_out ? ui.theme->faint()
                                            : ui.theme->body(),
                              piece.text);
    const std::string name = fmt::format("ask.piece.{}", chip.piece);
    ui.note(name, at);
    if (ImGui::IsMouseHoveringRect({at.x, at.y}, {at.right(), at.bottom()}) &&
        ImGui::IsWindowHovered()) {
      widgets::tooltip(
          ui, piece.text,
          fmt::format("piece {} of {}, id {}{}", chip.piece + 1, reading->pieces.size(), piece.id,
                      is_left_out    ? "\nThe model does not read so far."
                      : piece.hidden ? "\nhidden: the model sees [MASK]"
                                     : ""));
    }
  }
}

}  // namespace realm::panels
