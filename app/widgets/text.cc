#include "app/widgets/text.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "app/view/utf8.h"

namespace realm::widgets {
namespace {

constexpr std::string_view kEllipsis = "\u2026";
constexpr float kTooltipWidth = 360;
constexpr double kTooltipAfter = 0.45;  // seconds

view::Color mark_ground(const view::Theme& theme, view::MarkKind kind) {
  switch (kind) {
    case view::MarkKind::kAnswer:
      return theme.answer_mark;
    case view::MarkKind::kHit:
      return theme.hit_mark;
    case view::MarkKind::kRemoved:
      return theme.removed_mark;
    case view::MarkKind::kAdded:
      return theme.added_mark;
    case view::MarkKind::kHidden:
      return theme.selection;
    case view::MarkKind::kQueryWord:
      break;
  }
  return theme.query_mark;
}

// The longest beginning of `text` that fits, in bytes.
size_t fitting_prefix(ImFont* font, std::string_view text, float width) {
  float taken = 0;
  for (size_t at = 0; at < text.size();) {
    const view::CodePoint c = view::code_point_at(text, at);
    taken += font->GetCharAdvance(static_cast<ImWchar>(c.value > 0xFFFF ? 0xFFFD : c.value));
    if (taken > width) return at;
    at += c.length;
  }
  return text.size();
}

bool tooltip_is_due(Ui& ui) {
  const double missing = ui.mouse_rests_since + kTooltipAfter - ui.now;
  if (missing > 0) ui.next_frame_in = missing;
  return missing <= 0;
}

}  // namespace

view::Advance advance_of(ImFont* font) {
  return [font](char32_t c) {
    return font->GetCharAdvance(static_cast<ImWchar>(c > 0xFFFF ? 0xFFFD : c));
  };
}

float text_width(ImFont* font, std::string_view text) {
  if (text.empty()) return 0;  // Dear ImGui would take the length of a null pointer
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

float line_height(ImFont* font) { return font->FontSize; }

void draw_text(ImFont* font, float x, float y, view::Color color, std::string_view text) {
  if (text.empty()) return;
  ImGui::GetWindowDrawList()->AddText(font, font->FontSize, {std::round(x), std::round(y)},
                                      u32(color), text.data(), text.data() + text.size());
}

float draw_text_within(ImFont* font, float x, float y, float width, view::Color color,
                       std::string_view text) {
  const float whole = text_width(font, text);
  if (whole <= width) {
    draw_text(font, x, y, color, text);
    return whole;
  }
  const float ellipsis = text_width(font, kEllipsis);
  if (width < ellipsis) return 0;
  std::string_view shown = text.substr(0, fitting_prefix(font, text, width - ellipsis));
  while (!shown.empty() && shown.back() == ' ') shown.remove_suffix(1);
  draw_text(font, x, y, color, shown);
  const float taken = text_width(font, shown);
  draw_text(font, x + taken, y, color, kEllipsis);
  return taken + ellipsis;
}

void draw_text_right(ImFont* font, float right, float y, view::Color color, std::string_view text) {
  draw_text(font, right - text_width(font, text), y, color, text);
}

float centered_y(const view::Box& row, ImFont* font) {
  return row.y + std::floor((row.height - font->FontSize) / 2);
}

float draw_wrapped(ImFont* font, float x, float y, float width, view::Color color,
                   std::string_view text) {
  const float height = std::round(font->FontSize * 1.4F);
  const view::TextLayout layout =
      view::layout_text(text, advance_of(font), {.width = width, .line_height = height});
  for (size_t i = 0; i < layout.lines.size(); ++i) {
    const view::TextLine& line = layout.lines[i];
    std::string_view shown = text.substr(line.begin, line.end - line.begin);
    while (!shown.empty() && (shown.back() == '\n' || shown.back() == ' ')) shown.remove_suffix(1);
    draw_text(font, x, y + height * static_cast<float>(i) + (height - font->FontSize) / 2, color,
              shown);
  }
  return layout.height();
}

float wrapped_height(ImFont* font, float width, std::string_view text) {
  const float height = std::round(font->FontSize * 1.4F);
  return view::layout_text(text, advance_of(font), {.width = width, .line_height = height})
      .height();
}

float draw_marked(Ui& ui, ImFont* font, const view::Box& box, const view::MarkedText& marked,
                  bool draws) {
  const float height = std::round(font->FontSize * 1.5F);
  const view::TextLayout layout =
      view::layout_text(marked.text, advance_of(font), {.width = box.width, .line_height = height});
  if (!draws) return layout.height();
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const view::Mark& mark : marked.marks) {
    for (const view::Box& part : view::boxes_of(layout, mark.range)) {
      const ImVec2 from{box.x + part.x - ui.px(1.5F), box.y + part.y + ui.px(2)};
      const ImVec2 to{box.x + part.right() + ui.px(1.5F), box.y + part.bottom() - ui.px(2)};
      list->AddRectFilled(from, to, u32(mark_ground(*ui.theme, mark.kind)), ui.px(3));
      if (mark.kind == view::MarkKind::kAnswer) {
        list->AddRectFilled({from.x, to.y - ui.px(2)}, to, u32(ui.theme->gold));
      } else if (mark.kind == view::MarkKind::kAdded) {
        list->AddRectFilled({from.x, to.y - ui.px(2)}, to, u32(ui.theme->edited));
      }
    }
  }
  for (size_t i = 0; i < layout.lines.size(); ++i) {
    const view::TextLine& line = layout.lines[i];
    std::string_view shown =
        std::string_view(marked.text).substr(line.begin, line.end - line.begin);
    while (!shown.empty() && (shown.back() == '\n' || shown.back() == ' ')) shown.remove_suffix(1);
    draw_text(font, box.x, box.y + height * static_cast<float>(i) + (height - font->FontSize) / 2,
              ui.theme->text(), shown);
  }
  return layout.height();
}

void draw_marked_line(Ui& ui, ImFont* font, const view::Box& box, view::Color color,
                      const view::MarkedText& marked) {
  const float y = centered_y(box, font);
  const float ellipsis = text_width(font, kEllipsis);
  const bool fits = text_width(font, marked.text) <= box.width;
  const size_t shown =
      fits ? marked.text.size() : fitting_prefix(font, marked.text, box.width - ellipsis);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const view::Mark& mark : marked.marks) {
    if (mark.range.begin >= shown) break;
    const std::string_view text(marked.text);
    const size_t end = std::min(mark.range.end, shown);
    const float from = box.x + text_width(font, text.substr(0, mark.range.begin));
    const float to = from + text_width(font, text.substr(mark.range.begin, end - mark.range.begin));
    list->AddRectFilled({from - 1, box.y + ui.px(3)}, {to + 1, box.bottom() - ui.px(3)},
                        u32(mark_ground(*ui.theme, mark.kind)), ui.px(3));
  }
  draw_text_within(font, box.x, y, box.width, color, marked.text);
}

void tooltip(Ui& ui, std::string_view text, std::string_view detail) {
  if (!tooltip_is_due(ui)) return;
  StyleScope style;
  style.var(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(10), ui.px(8)));
  ImGui::BeginTooltip();
  const auto wrapped = [&](ImFont* font, view::Color color, std::string_view shown) {
    FontScope scope(font);
    ImGui::PushTextWrapPos(ui.px(kTooltipWidth));
    ImGui::PushStyleColor(ImGuiCol_Text, u32(color));
    ImGui::TextUnformatted(shown.data(), shown.data() + shown.size());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
  };
  if (!text.empty()) wrapped(ui.fonts.small_text, ui.theme->text(), text);
  if (!detail.empty()) wrapped(ui.fonts.small_text, ui.theme->secondary(), detail);
  ImGui::EndTooltip();
}

void tooltip_of(Ui& ui, const view::Box& control, std::string_view text) {
  if (!tooltip_is_due(ui)) return;  // the place is the next window's, which it must be
  ImFont* font = ui.fonts.small_text;
  const float most = ui.px(kTooltipWidth);
  const float width = std::min(text_width(font, text) + 1, most) + ui.px(20);
  const float height = wrapped_height(font, most, text) + ui.px(16);
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float x = std::max(ui.px(4), std::min(control.x, screen.x - width - ui.px(4)));
  const float below = control.bottom() + ui.px(5);
  const bool fits = below + height <= screen.y;
  ImGui::SetNextWindowPos({x, fits ? below : std::max(0.0F, control.y - ui.px(5) - height)});
  tooltip(ui, text);
}

void caption(Ui& ui, const char* name, float x, float y, std::string_view text,
             std::string_view meaning) {
  ImFont* font = ui.fonts.small_text;
  draw_text(font, x, y, ui.theme->secondary(), text);
  const view::Box box{x, y, text_width(font, text), font->FontSize};
  ui.note(name, box);
  if (ImGui::IsMouseHoveringRect({box.x, box.y}, {box.right(), box.bottom()}) &&
      ImGui::IsWindowHovered()) {
    tooltip(ui, meaning);
  }
}

}  // namespace realm::widgets
