#include "app/widgets/curve_plot.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/view/curve_geometry.h"
#include "app/view/number_format.h"
#include "app/widgets/curve_parts.h"
#include "app/widgets/text.h"

namespace realm::widgets {
namespace {

constexpr float kTitleHeight = 24, kLegendHeight = 20;
constexpr float kLineWidth = 1.6F, kRawAlpha = 0.3F, kOtherAlpha = 0.35F;
constexpr float kShape = 3.5F;

// The parts of the plot, from its title down to its labels.
class Plot {
 public:
  Plot(Ui& ui, const char* name, const view::Box& box, const CurvePlotInput& input)
      : ui_(ui), name_(name), box_(box), input_(input), list_(ImGui::GetWindowDrawList()) {}

  CurvePlotResult draw() {
    IdScope id(name_.c_str());
    ui_.note(name_, box_);
    range_ = view::shown_range(input_.view, input_.curves);
    const float top = legend(box_.y + head());
    lay_out(top);
    if (area_.width < ui_.px(20) || area_.height < ui_.px(20)) return result_;
    axes();
    if (empty()) return result_;
    const HitResult item = hit(ui_, name_.c_str(), area_);
    {
      const ClipScope clip(area_);
      lines();
    }
    marks();
    if (item.hovered || item.held) {
      crosshair(scales_.x.value_at(ImGui::GetIO().MousePos.x), true);
    } else if (input_.linked_x) {
      crosshair(*input_.linked_x, false);
    }
    steer(item);
    menu(item.right_clicked);
    return result_;
  }

 private:
  float head() {
    const view::Box line{box_.x, box_.y, box_.width, ui_.px(kTitleHeight)};
    float right = line.right();
    size_t bad = 0;
    for (const view::ShownCurve& shown : input_.curves) {
      if (view::is_drawn(shown)) bad += shown.curve->non_finite_x.size();
    }
    const auto note = [&](const std::string& text, view::Color color) {
      right -= text_width(ui_.fonts.small_text, text);
      if (right < line.x + ui_.px(60)) return;
      draw_text(ui_.fonts.small_text, right, centered_y(line, ui_.fonts.small_text), color, text);
      right -= ui_.px(12);
    };
    if (bad > 0) {
      note(view::format_count(static_cast<int64_t>(bad)) + " NaN or infinite",
           view::mix(ui_.theme->warning, ui_.theme->text(), 0.25));
    }
    if (const size_t left_out = view::left_out_count(input_.curves, range_); left_out > 0) {
      note(view::format_count(static_cast<int64_t>(left_out)) + " at or below 0 left out",
           ui_.theme->secondary());
    }
    if (range_.log_y) note("log", ui_.theme->secondary());
    if (input_.view.follow) note("following", ui_.theme->secondary());
    draw_text_within(ui_.fonts.strong, line.x, centered_y(line, ui_.fonts.strong),
                     std::max(0.0F, right - line.x), ui_.theme->text(), input_.title);
    return line.height;
  }

  // Entries in as many rows as they take; gives the y below them.
  float legend(float y) {
    const bool is_title =
        input_.curves.size() == 1 && (view::name_of(input_.curves[0]) == input_.title ||
                                      view::name_of(input_.curves[0]).empty());
    if (input_.curves.empty() || is_title) return y + ui_.px(4);
    const float height = ui_.px(kLegendHeight), symbol = ui_.px(18), gap = ui_.px(14);
    ImFont* font = ui_.fonts.small_text;
    float x = box_.x;
    for (size_t i = 0; i < input_.curves.size(); ++i) {
      const view::ShownCurve& shown = input_.curves[i];
      const std::string_view text = view::name_of(shown);
      const float wanted = symbol + text_width(font, text);
      const float width = std::min(wanted, box_.width);
      if (x > box_.x && x + width > box_.right()) {
        x = box_.x;
        y += height;
      }
      const std::string item_name = fmt::format("{}.legend.{}", name_, i);
      const view::Box entry{x, y, width, height};
      const HitResult item = hit(ui_, item_name.c_str(), entry);
      const view::CurvePoint at{x + ui_.px(6), y + std::floor(height / 2)};
      if (shown.hidden) {
        draw_shape_outline(list_, i, at, ui_.px(kShape), u32(ui_.theme->faint()));
      } else {
        draw_shape(list_, i, at, ui_.px(kShape + 0.5F), u32(shown.color));
      }
      const view::Color color = item.hovered   ? ui_.theme->text()
                                : shown.hidden ? ui_.theme->secondary()
                                               : ui_.theme->body();
      const float drawn =
          draw_text_within(font, x + symbol, centered_y(entry, font), width - symbol, color, text);
      if (shown.hidden) {
        const float middle = std::floor(y + height / 2);
        list_->AddRectFilled({x + symbol, middle}, {x + symbol + drawn, middle + 1}, u32(color));
      }
      if (item.hovered) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (!shown.hidden) highlighted_ = i;
        tooltip(ui_, wanted > width ? text : std::string_view(),
                shown.hidden ? "Click to show" : "Click to hide");
      }
      if (item.clicked) result_.toggled = i;
      x += width + gap;
    }
    return y + height + ui_.px(4);
  }

  view::PlotScales scales_from(float left, float top) const {
    const float bottom = box_.bottom() - ui_.fonts.small_text->FontSize - ui_.px(8);
    return view::scales_of(range_, {left, top, std::max(1.0F, box_.right() - ui_.px(8) - left),
                                    std::max(1.0F, bottom - top)});
  }

  void lay_out(float top) {
    top += std::floor(ui_.fonts.small_text->FontSize / 2);  // half a label
    float widest = 0;
    for (const view::CurveTick& tick : view::value_ticks(scales_from(box_.x, top).y, ui_.px(36)))
      widest = std::max(widest, text_width(ui_.fonts.small_text, tick.label));
    scales_ = scales_from(std::floor(box_.x + widest + ui_.px(8)), top);
    area_ = {static_cast<float>(scales_.x.from), static_cast<float>(scales_.y.to),
             static_cast<float>(scales_.x.length()), static_cast<float>(scales_.y.length())};
  }

  bool has_curves() const {
    return std::any_of(input_.curves.begin(), input_.curves.end(), view::is_drawn);
  }

  void axes() {
    const ImU32 base = u32(ui_.theme->control());
    list_->AddRectFilled({area_.x, area_.bottom()}, {area_.right(), area_.bottom() + 1}, base);
    if (!has_curves()) return;
    ImFont* font = ui_.fonts.small_text;
    for (const view::CurveTick& tick : view::value_ticks(scales_.y, ui_.px(36))) {
      const float y = std::floor(static_cast<float>(tick.at));
      if (y < area_.bottom() - 1)
        list_->AddRectFilled({area_.x, y}, {area_.right(), y + 1}, u32(ui_.theme->hairline()));
      draw_text_right(font, area_.x - ui_.px(8), y - std::floor(font->FontSize / 2),
                      ui_.theme->secondary(), tick.label);
    }
    float taken = box_.x;
    for (const view::CurveTick& tick : view::x_ticks(scales_.x, input_.x_kind, ui_.px(84))) {
      const float x = std::floor(static_cast<float>(tick.at));
      list_->AddRectFilled({x, area_.bottom()}, {x + 1, area_.bottom() + ui_.px(4)}, base);
      const float width = text_width(font, tick.label);
      const float left = std::min(x - std::floor(width / 2), box_.right() - width);
      if (left < taken) continue;
      draw_text(font, left, area_.bottom() + ui_.px(6), ui_.theme->secondary(), tick.label);
      taken = left + width + ui_.px(8);
    }
  }

  // Says what there is instead of curves; false: there are some.
  bool empty() {
    if (has_curves()) return false;
    const bool all_hidden =
        std::any_of(input_.curves.begin(), input_.curves.end(),
                    [](const view::ShownCurve& shown) { return shown.hidden && shown.curve; });
    const std::string_view text =
        all_hidden ? "All curves are hidden" : std::string_view(input_.empty_text);
    const float width = text_width(ui_.fonts.body, text);
    draw_text(ui_.fonts.body, area_.x + (area_.width - width) / 2,
              centered_y(area_, ui_.fonts.body), ui_.theme->secondary(), text);
    return true;
  }

  float alpha_of(size_t curve) const {
    return highlighted_ && *highlighted_ != curve ? kOtherAlpha : 1.0F;
  }

  void lines() {
    const float width = std::max(1.0F, kLineWidth * ui_.scale);
    CurveLines own;
    CurveLines& kept = input_.lines == nullptr ? own : *input_.lines;
    for (size_t i = 0; i < input_.curves.size(); ++i) {  // raw lines lie under all others
      const view::ShownCurve& shown = input_.curves[i];
      if (!view::is_drawn(shown) || !shown.curve->smoothed) continue;
      draw_curve_line(list_, kept.raw(shown.curve, scales_),
                      faded(shown.color, kRawAlpha * alpha_of(i)), std::max(1.0F, ui_.scale));
    }
    for (size_t i = 0; i < input_.curves.size(); ++i) {
      const view::ShownCurve& shown = input_.curves[i];
      if (!view::is_drawn(shown)) continue;
      draw_curve_line(list_, kept.main(shown.curve, scales_), faded(shown.color, alpha_of(i)),
                      highlighted_ == i ? width * 1.5F : width);
    }
  }

  void marks() {
    for (size_t i = 0; i < input_.curves.size(); ++i) {
      const view::ShownCurve& shown = input_.curves[i];
      if (!view::is_drawn(shown)) continue;
      const float arm = ui_.px(4);
      for (const float x : view::mark_places(shown.curve->non_finite_x, scales_.x, 1.5 * arm)) {
        list_->AddTriangleFilled({x - arm, area_.bottom()}, {x + arm, area_.bottom()},
                                 {x, area_.bottom() - 2 * arm}, u32(ui_.theme->warning));
      }
      if (const auto end = view::end_of_line(shown, scales_))
        draw_shape(list_, i, *end, ui_.px(kShape), faded(shown.color, alpha_of(i)));
    }
  }

  void crosshair(double x, bool with_values) {
    const std::vector<view::CurveReading> readings = view::read_curves(input_.curves, x);
    if (readings.empty()) return;
    const view::CurveReading& nearest = *std::min_element(
        readings.begin(), readings.end(),
        [&](const auto& a, const auto& b) { return std::abs(a.x - x) < std::abs(b.x - x); });
    if (nearest.x < range_.x_low || nearest.x > range_.x_high) return;
    const float line_x = std::floor(static_cast<float>(scales_.x.at(nearest.x)));
    list_->AddRectFilled({line_x, area_.y}, {line_x + 1, area_.bottom()},
                         u32(ui_.theme->control()));
    {
      const ClipScope clip(area_);
      for (const view::CurveReading& reading : readings) {
        if (!std::isfinite(reading.smoothed) || (range_.log_y && reading.smoothed <= 0)) continue;
        const ImVec2 at{static_cast<float>(scales_.x.at(reading.x)),
                        static_cast<float>(scales_.y.at(reading.smoothed))};
        list_->AddCircleFilled(at, ui_.px(4), u32(ui_.theme->pane()), 16);
        list_->AddCircleFilled(at, ui_.px(3), u32(input_.curves[reading.curve].color), 16);
      }
    }
    if (!with_values) return;
    result_.pointed_x = nearest.x;
    draw_value_box(ui_, {.curves = input_.curves,
                         .readings = readings,
                         .x = nearest.x,
                         .x_kind = input_.x_kind,
                         .line_x = line_x,
                         .area = area_});
  }

  void steer(const HitResult& item) {
    const ImGuiIO& io = ImGui::GetIO();
    if (item.hovered) {
      // A pane that scrolls leaves the wheel to the plot under the mouse.
#if IMGUI_VERSION_NUM >= 18940
      ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#else
      ImGui::SetItemUsingMouseWheel();
#endif
      if (io.MouseWheel != 0) zoom(io);
      if (!io.WantTextInput && !ui_.popup_is_open) {
        if (ui_.take_key("C", true)) result_.wants_copy = true;
        if (ui_.take_key("Home")) result_.view = view::fit_view(input_.view);
      }
    }
    // A double click moves the mouse hardly at all.
    if (item.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui_.px(3))) {
      const ImVec2 by = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, ui_.px(3));
      ImGui::ResetMouseDragDelta(ImGuiMouseButton_Left);
      ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
      if (by.x != 0 || by.y != 0)
        result_.view =
            view::pan_view(input_.view, range_, by.x / area_.width, -by.y / area_.height);
    }
    if (item.double_clicked) result_.view = view::fit_view(input_.view);
  }

  void zoom(const ImGuiIO& io) {
    view::PlotZoom zoom{.x = (io.MousePos.x - area_.x) / area_.width,
                        .y = (area_.bottom() - io.MousePos.y) / area_.height,
                        .steps = io.MouseWheel};
    if (io.KeyShift) zoom.axes = view::ZoomAxes::kX;
    if (io.KeyCtrl) zoom.axes = view::ZoomAxes::kY;
    result_.view = view::zoom_view(input_.view, range_, zoom);
  }

  void menu(bool opens) {
    if (opens) ImGui::OpenPopup("menu");
    StyleScope style;
    style.var(ImGuiStyleVar_WindowPadding, ImVec2(ui_.px(6), ui_.px(6)));
    if (!ImGui::BeginPopup("menu")) return;
    ui_.close_menu_by_escape();
    constexpr int kRows = 8;
    const MenuCursor cursor = menu_cursor(ui_, kRows, -1);
    int index = -1;
    const auto row = [&](const char* id, std::string_view text, bool is_on = false) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const view::Box line{at.x, at.y, ui_.px(190), ui_.px(24)};
      IdScope scope(id);
      const bool is_at = ++index == cursor.row;
      bool clicked = ImGui::Selectable("##row", is_at, 0, {line.width, line.height});
      if (is_at && cursor.chosen) {
        clicked = true;
        ImGui::CloseCurrentPopup();
      }
      ui_.note(fmt::format("{}.{}", name_, id), line);
      if (is_on) {
        list_mark({line.x + ui_.px(9), line.y + line.height / 2});
      }
      draw_text(ui_.fonts.body, line.x + ui_.px(20), centered_y(line, ui_.fonts.body),
                ui_.theme->text(), text);
      return clicked;
    };
    if (row("copy", "Copy the numbers")) result_.wants_copy = true;
    if (row("svg", "Copy as SVG")) result_.wants_svg = true;
    if (row("save_png", "Save as PNG\u2026")) result_.saves_as = view::CurveFile::kPng;
    if (row("save_svg", "Save as SVG\u2026")) result_.saves_as = view::CurveFile::kSvg;
    if (row("save_csv", "Save the numbers\u2026")) result_.saves_as = view::CurveFile::kCsv;
    if (row("log", "Logarithmic axis", input_.view.log_y))
      result_.view = view::with_log(input_.view, !input_.view.log_y);
    if (row("follow", "Follow the newest", input_.view.follow)) {
      result_.view = input_.view;
      result_.view->follow = !input_.view.follow;
    }
    if (row("fit", "Show all")) result_.view = view::fit_view(input_.view);
    ImGui::EndPopup();
  }

  // Of a row that is on.
  void list_mark(ImVec2 at) {
    ImGui::GetWindowDrawList()->AddCircleFilled(at, ui_.px(3), u32(ui_.theme->accent), 12);
  }

  Ui& ui_;
  std::string name_;
  view::Box box_;
  const CurvePlotInput& input_;
  ImDrawList* list_;
  view::PlotRange range_;
  view::PlotScales scales_;
  view::Box area_;
  std::optional<size_t> highlighted_;
  CurvePlotResult result_;
};

}  // namespace

CurvePlotResult curve_plot(Ui& ui, const char* name, const view::Box& box,
                           const CurvePlotInput& input) {
  return Plot(ui, name, box, input).draw();
}

}  // namespace realm::widgets
