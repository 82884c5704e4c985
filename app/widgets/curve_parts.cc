#include "app/widgets/curve_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/view/number_format.h"
#include "app/widgets/text.h"

namespace realm::widgets {
namespace {

constexpr float kShape = 3.5F;
constexpr size_t kMostPoints = 2000;  // of one path: Dear ImGui counts its corners in 16 bits
constexpr float kBack = 2;            // pixels up and down again that make a column a bar

bool turns_sharply(const view::CurvePoint& a, const view::CurvePoint& b,
                   const view::CurvePoint& c) {
  const float ux = b.x - a.x, uy = b.y - a.y, vx = c.x - b.x, vy = c.y - b.y;
  const float dot = ux * vx + uy * vy;
  return dot < 0 && dot * dot > 0.25F * (ux * ux + uy * uy) * (vx * vx + vy * vy);
}

// Draws one part of a line. Where it goes up and down within a column of pixels, one bar takes the
// place of its lines: it looks the same and is a fraction of the corners. Elsewhere it is a path,
// which is ended at sharp turns: Dear ImGui draws those with long spikes.
class PartDrawer {
 public:
  PartDrawer(ImDrawList* list, std::span<const view::CurvePoint> part, ImU32 color, float width)
      : list_(list), part_(part), color_(color), width_(width) {}

  void draw() {
    if (part_.size() == 1) {
      list_->AddCircleFilled({part_[0].x, part_[0].y}, width_, color_, 8);
      return;
    }
    for (size_t at = 0; at < part_.size();) {
      const size_t end = end_of_column(at);
      if (goes_up_and_down(at, end)) {
        bar(at, end);
      } else {
        for (size_t i = at; i < end; ++i) point(i);
      }
      at = end;
    }
    stroke();
  }

 private:
  size_t end_of_column(size_t at) const {
    const float column = std::floor(part_[at].x);
    size_t end = at + 1;
    while (end < part_.size() && std::floor(part_[end].x) == column) ++end;
    return end;
  }

  bool goes_up_and_down(size_t begin, size_t end) const {
    float low = part_[begin].y, high = low, way = 0;
    for (size_t i = begin + 1; i < end; ++i) {
      low = std::min(low, part_[i].y);
      high = std::max(high, part_[i].y);
      way += std::abs(part_[i].y - part_[i - 1].y);
    }
    return way > high - low + kBack;
  }

  void bar(size_t begin, size_t end) {
    float top = part_[begin].y, bottom = top;
    for (size_t i = begin; i < end; ++i) {
      top = std::min(top, part_[i].y);
      bottom = std::max(bottom, part_[i].y);
    }
    // Bars that overlap need no line between them.
    const bool touches = after_bar_ && top <= bar_bottom_ && bottom >= bar_top_;
    if (!touches && begin > 0) point(begin);
    stroke();
    const float left = std::floor(part_[begin].x);
    list_->AddRectFilled({left, top - width_ / 2},
                         {left + std::max(1.0F, std::round(width_)), bottom + width_ / 2}, color_);
    bar_top_ = top;
    bar_bottom_ = bottom;
    after_bar_ = true;
    path_ = {part_[end - 1]};  // goes on from here
  }

  void point(size_t index) {
    after_bar_ = false;
    path_.push_back(part_[index]);
    const size_t count = path_.size();
    if (count < 3) return;
    if (count <= kMostPoints &&
        !turns_sharply(path_[count - 3], path_[count - 2], path_[count - 1]))
      return;
    const view::CurvePoint turn = path_[count - 2], last = path_[count - 1];
    path_.pop_back();
    stroke();
    path_ = {turn, last};
  }

  void stroke() {
    if (path_.size() >= 2) {
      for (const view::CurvePoint& corner : path_) list_->PathLineTo({corner.x, corner.y});
      list_->PathStroke(color_, 0, width_);
    }
    path_.clear();
  }

  ImDrawList* list_;
  std::span<const view::CurvePoint> part_;
  ImU32 color_;
  float width_;
  std::vector<view::CurvePoint> path_;
  bool after_bar_ = false;
  float bar_top_ = 0, bar_bottom_ = 0;
};

struct Row {
  size_t curve = 0;
  std::string_view name{};
  std::string value{}, raw{};
};

}  // namespace

void draw_shape(ImDrawList* list, size_t index, view::CurvePoint center, float radius,
                ImU32 color) {
  for (const view::CurvePoint& corner : view::series_shape(index, center, radius))
    list->PathLineTo({corner.x, corner.y});
  list->PathFillConvex(color);
}

void draw_shape_outline(ImDrawList* list, size_t index, view::CurvePoint center, float radius,
                        ImU32 color) {
  for (const view::CurvePoint& corner : view::series_shape(index, center, radius))
    list->PathLineTo({corner.x, corner.y});
  list->PathStroke(color, ImDrawFlags_Closed, 1);
}

void draw_curve_line(ImDrawList* list, const view::CurveLine& line, ImU32 color, float width) {
  for (size_t p = 0; p < line.parts(); ++p) PartDrawer(list, line.part(p), color, width).draw();
}

void draw_value_box(Ui& ui, const CurveValueBox& values) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto x_text = [&](double x) { return view::format_x(x, values.x_kind); };
  ImFont* font = ui.fonts.small_text;
  const float height = ui.px(19), pad = ui.px(8), gap = ui.px(12), symbol = ui.px(16);
  // As many as there is room for; the rest is counted.
  const auto room =
      static_cast<size_t>(std::max(2.0F, (values.area.height - 2 * pad) / height - 1));
  const size_t count = values.readings.size() <= room ? values.readings.size() : room - 1;
  std::vector<Row> rows;
  float names = 0, shown_values = 0, raws = 0;
  for (size_t i = 0; i < count; ++i) {
    const view::CurveReading& reading = values.readings[i];
    const view::ShownCurve& shown = values.curves[reading.curve];
    Row row{.curve = reading.curve,
            .name = view::name_of(shown),
            .value = view::format_curve_value(reading.smoothed),
            .raw = {}};
    if (shown.curve->smoothed) row.raw = "raw " + view::format_curve_value(reading.y);
    // A curve without a sample right here says where its own is.
    if (reading.x != values.x) row.raw += (row.raw.empty() ? "at " : ", at ") + x_text(reading.x);
    names = std::max(names, std::min(text_width(font, row.name), ui.px(160)));
    shown_values = std::max(shown_values, text_width(ui.fonts.small_strong, row.value));
    raws = std::max(raws, text_width(font, row.raw));
    rows.push_back(std::move(row));
  }
  const std::string head = x_text(values.x);
  const std::string more =
      count < values.readings.size()
          ? fmt::format("and {} more",
                        view::format_count(static_cast<int64_t>(values.readings.size() - count)))
          : std::string();
  float width = symbol + names + gap + shown_values + (raws > 0 ? gap + raws : 0);
  width = std::max({width, text_width(font, head), text_width(font, more)}) + 2 * pad;
  const size_t lines = 1 + rows.size() + (more.empty() ? 0 : 1);
  view::Box frame{values.line_x + ui.px(10), 0, width, height * static_cast<float>(lines) + pad};
  if (frame.right() > values.area.right() + ui.px(8)) frame.x = values.line_x - ui.px(10) - width;
  frame.x = std::max(frame.x, values.area.x);
  const float lowest = std::max(values.area.y, values.area.bottom() - frame.height);
  frame.y = std::clamp(ImGui::GetIO().MousePos.y - frame.height / 2, values.area.y, lowest);

  list->AddRectFilled({frame.x, frame.y}, {frame.right(), frame.bottom()},
                      faded(ui.theme->pane(), 0.94F), ui.px(5));
  list->AddRect({frame.x + 0.5F, frame.y + 0.5F}, {frame.right() - 0.5F, frame.bottom() - 0.5F},
                u32(ui.theme->control()), ui.px(5));
  view::Box line{frame.x + pad, frame.y + std::floor(pad / 2), width - 2 * pad, height};
  draw_text(font, line.x, centered_y(line, font), ui.theme->secondary(), head);
  for (const Row& row : rows) {
    line.y += height;
    draw_shape(list, row.curve, {line.x + ui.px(5), line.y + std::floor(height / 2)}, ui.px(kShape),
               u32(values.curves[row.curve].color));
    draw_text_within(font, line.x + symbol, centered_y(line, font), names, ui.theme->body(),
                     row.name);
    draw_text_right(ui.fonts.small_strong, line.x + symbol + names + gap + shown_values,
                    centered_y(line, ui.fonts.small_strong), ui.theme->text(), row.value);
    draw_text(font, line.x + symbol + names + 2 * gap + shown_values, centered_y(line, font),
              ui.theme->secondary(), row.raw);
  }
  line.y += height;
  draw_text(font, line.x, centered_y(line, font), ui.theme->secondary(), more);
}

}  // namespace realm::widgets
