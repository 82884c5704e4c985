#include "app/widgets/plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/view/number_format.h"
#include "app/view/plot_geometry.h"
#include "app/widgets/text.h"

namespace realm::widgets {
namespace {

constexpr float kBarHeight = 8;
constexpr float kBarRadius = 2;
constexpr float kMarker = 5;
constexpr float kGreyed = 0.4F;

using view::StripSource;

void rounded(ImDrawList* list, float x, float y, float width, float height, ImU32 color,
             float radius) {
  list->AddRectFilled({x, y}, {x + width, y + height}, color, std::min(radius, width / 2));
}

}  // namespace

view::Color color_of(const view::Theme& theme, StripSource source) {
  switch (source) {
    case StripSource::kBert:
      return theme.bert;
    case StripSource::kNull:
      return theme.null_document;
    case StripSource::kPassage:
      return theme.gold;
    case StripSource::kMarginal:
      break;
  }
  return theme.realm;
}

view::Color share_color(const view::Theme& theme, double share, bool is_null) {
  return view::mix(theme.control(), is_null ? theme.null_document : theme.realm,
                   std::sqrt(std::clamp(share, 0.0, 1.0)));
}

void draw_bar(Ui& ui, const view::Box& slot, double fraction, view::Color color) {
  if (!(fraction > 0)) return;
  const float height = ui.px(kBarHeight);
  const float width = std::max(1.5F * ui.scale, static_cast<float>(fraction) * slot.width);
  rounded(ImGui::GetWindowDrawList(), slot.x, std::floor(slot.y + (slot.height - height) / 2),
          width, height, u32(color), ui.px(kBarRadius));
}

void draw_split_bar(Ui& ui, const view::Box& slot, double fraction, double part_of_it,
                    view::Color strong, view::Color light) {
  draw_bar(ui, slot, fraction, light);
  draw_bar(ui, slot, fraction * std::clamp(part_of_it, 0.0, 1.0), strong);
}

void draw_marker(Ui& ui, StripSource source, float x, float y, float size, float alpha) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float r = size * ui.scale;
  const ImU32 color = faded(color_of(*ui.theme, source), alpha);
  switch (source) {
    case StripSource::kBert:
      list->AddCircleFilled({x, y}, r, color, 24);
      return;
    case StripSource::kNull:
      list->AddRectFilled({x - r * 0.86F, y - r * 0.86F}, {x + r * 0.86F, y + r * 0.86F}, color,
                          1.0F);
      return;
    case StripSource::kMarginal:
      list->AddQuadFilled({x, y - r * 1.2F}, {x + r * 1.2F, y}, {x, y + r * 1.2F},
                          {x - r * 1.2F, y}, color);
      return;
    case StripSource::kPassage:
      list->AddTriangleFilled({x - r, y + r * 0.85F}, {x + r, y + r * 0.85F}, {x, y - r}, color);
      return;
  }
}

void draw_hollow_marker(Ui& ui, StripSource source, float x, float y, float size) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float r = size * ui.scale * 1.2F;
  const ImVec2 corners[4] = {{x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}};
  list->AddQuadFilled(corners[0], corners[1], corners[2], corners[3], u32(ui.theme->pane()));
  list->AddQuad(corners[0], corners[1], corners[2], corners[3], u32(color_of(*ui.theme, source)),
                std::max(1.0F, ui.scale * 1.5F));
}

ShareBarResult share_bar(Ui& ui, const char* name, const view::Box& box,
                         const view::PassageTable& table, std::optional<size_t> highlighted,
                         bool greyed) {
  ShareBarResult result;
  const HitResult item = hit(ui, name, box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float alpha = greyed ? kGreyed : 1.0F;
  const float mouse_x = ImGui::GetIO().MousePos.x - box.x;
  double rest = 0;
  for (const view::Segment& segment : view::stack_shares(table.shares, box.width, ui.px(3))) {
    const float gap = 1;
    const bool is_rest = segment.part < 0;
    const size_t row = is_rest ? 0 : static_cast<size_t>(segment.part);
    const bool hovered =
        item.hovered && mouse_x >= segment.x && mouse_x < segment.x + segment.width;
    view::Color color = ui.theme->control();
    if (!is_rest) {
      const bool strong = highlighted ? *highlighted == row : true;
      color = table.rows[row].is_null ? ui.theme->null_document : ui.theme->realm;
      // Neighbours differ in lightness, so that the borders can be seen.
      color = view::mix(color, ui.theme->pane(),
                        (strong ? 0.0 : 0.55) + (segment.part % 2 == 1 ? 0.16 : 0.0));
    }
    if (hovered) color = view::mix(color, ui.theme->text(), 0.12);
    list->AddRectFilled({box.x + segment.x, box.y},
                        {box.x + segment.x + std::max(1.0F, segment.width - gap), box.bottom()},
                        faded(color, alpha), ui.px(2));
    if (!is_rest) {
      const std::string& label = table.rows[row].rank;
      const float width = text_width(ui.fonts.small_strong, label);
      if (segment.width > width + ui.px(8)) {
        const view::Color ink = view::contrast_ratio(color, view::rgb(0xFFFFFF)) >= 3
                                    ? view::rgb(0xFFFFFF)
                                    : view::rgb(0x12161D);
        draw_text(ui.fonts.small_strong, box.x + segment.x + (segment.width - width) / 2,
                  centered_y(box, ui.fonts.small_strong), view::with_alpha(ink, greyed ? 150 : 255),
                  label);
      }
      if (hovered) {
        result.hovered = row;
        tooltip(ui, table.rows[row].title,
                fmt::format("{} of p({}|x), exactly {}", table.rows[row].shown_share,
                            table.share_of, view::format_exact(table.shares[row])));
      }
    } else if (hovered) {
      for (const double share : table.shares) rest += share * box.width < ui.px(3) ? share : 0;
      tooltip(ui, "the other passages together", view::format_percent(rest));
    }
  }
  result.clicked = item.clicked && result.hovered.has_value();
  return result;
}

void strip(Ui& ui, const char* name, const view::Box& box, std::span<const view::StripPoint> points,
           bool greyed) {
  ui.note(name, box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImFont* font = ui.fonts.small_text;
  const float alpha = greyed ? kGreyed : 1.0F;
  std::vector<double> values;
  for (const view::StripPoint& point : points) {
    values.push_back(point.log10_p);
    if (point.was_log10) values.push_back(*point.was_log10);
  }
  const float margin = ui.px(10);
  const view::LogAxis axis = view::fit_log_axis(values, box.x + margin, box.right() - margin);
  const float axis_y = std::floor(box.bottom() - ui.px(7) - font->FontSize - ui.px(2));

  list->AddRectFilled({axis.left, axis_y}, {axis.right, axis_y + 1}, u32(ui.theme->control()));
  for (const view::AxisTick& tick : view::log_ticks(axis, ui.px(76))) {
    list->AddRectFilled({tick.x, axis_y}, {tick.x + 1, axis_y + ui.px(4)},
                        u32(ui.theme->control()));
    const float width = text_width(font, tick.label);
    const float x = std::clamp(tick.x - width / 2, box.x, box.right() - width);
    draw_text(font, x, axis_y + ui.px(7), ui.theme->secondary(), tick.label);
  }

  struct Label {
    std::string name, value;
    float name_width = 0, value_width = 0;
  };
  std::vector<Label> labels;
  std::vector<view::LabelBox> boxes;
  for (const view::StripPoint& point : points) {
    Label label{.name = point.name, .value = point.value};
    label.name_width = text_width(font, label.name);
    label.value_width = text_width(ui.fonts.small_strong, label.value);
    boxes.push_back({axis.x(point.log10_p), label.name_width + ui.px(6) + label.value_width});
    labels.push_back(std::move(label));
  }
  const float room = axis_y - ui.px(10) - box.y;  // for labels
  const int tiers = std::clamp(static_cast<int>(room / (font->FontSize + 1)), 1, 4);
  const std::vector<view::Flag> flags = view::place_flags(boxes, {.left = box.x,
                                                                  .right = box.right(),
                                                                  .to_pole = ui.px(6),
                                                                  .apart = ui.px(16),
                                                                  .tiers = tiers});
  int used = 1;
  for (const view::Flag& flag : flags) used = std::max(used, flag.tier + 1);
  const float tier_height = std::floor(std::min(ui.px(20), room / static_cast<float>(used)));
  for (size_t i = 0; i < points.size(); ++i) {
    const view::StripPoint& point = points[i];
    const float x = axis.x(point.log10_p);
    const float label_y =
        axis_y - ui.px(10) - tier_height * static_cast<float>(flags[i].tier) - font->FontSize;
    const view::Box label{flags[i].x, label_y, boxes[i].width, font->FontSize};
    // The pole stands beside the text, from its middle down to the point. Without room for poles
    // the text lies over its point, and the pole begins under it.
    const bool beside = x <= label.x || x >= label.right();
    const ImU32 pole = faded(color_of(*ui.theme, point.source), alpha);
    const float pole_x = std::floor(x);
    const float pole_top = beside ? label.y + ui.px(1) : label.bottom();
    list->AddRectFilled({pole_x, pole_top}, {pole_x + 1, axis_y}, pole);
    draw_text(font, label.x, label.y,
              view::mix(ui.theme->body(), ui.theme->pane(), greyed ? 0.55 : 0), labels[i].name);
    draw_text(ui.fonts.small_strong, label.x + labels[i].name_width + ui.px(6), label.y,
              view::mix(ui.theme->text(), ui.theme->pane(), greyed ? 0.55 : 0), labels[i].value);
    const std::string item = std::string(name) + "." + std::to_string(i);
    ui.note(item, label);
    const bool over_label =
        ImGui::IsMouseHoveringRect({label.x, label.y}, {label.right(), label.bottom()});
    const bool over_point = ImGui::IsMouseHoveringRect({x - ui.px(7), axis_y - ui.px(7)},
                                                       {x + ui.px(7), axis_y + ui.px(7)});
    if ((over_label || over_point) && ImGui::IsWindowHovered()) {
      tooltip(ui, point.meaning,
              fmt::format("{}, log10 {}", point.value, view::format_exact(point.log10_p)));
    }
  }
  for (const view::StripPoint& point : points) {
    const float x = axis.x(point.log10_p);
    if (point.was_log10) {
      const float was = axis.x(*point.was_log10);
      list->AddLine({was, axis_y}, {x, axis_y}, faded(ui.theme->edited, alpha),
                    std::max(2.0F, ui.px(3)));
      draw_hollow_marker(ui, point.source, was, axis_y, kMarker);
    }
  }
  for (const view::StripPoint& point : points) {
    if (point.source == StripSource::kMarginal) continue;
    draw_marker(ui, point.source, axis.x(point.log10_p), axis_y, kMarker, alpha);
  }
  for (const view::StripPoint& point : points) {  // what this is about lies on top
    if (point.source != StripSource::kMarginal) continue;
    draw_marker(ui, point.source, axis.x(point.log10_p), axis_y, kMarker, alpha);
  }
}

}  // namespace realm::widgets
