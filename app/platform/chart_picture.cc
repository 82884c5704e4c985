#include "app/platform/chart_picture.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/platform/rasterizer.h"
#include "app/platform/style.h"
#include "app/widgets/curve_plot.h"
#include "app/widgets/text.h"

namespace realm::platform {
namespace {

constexpr float kMargin = 16, kLabel = 16, kHead = 22;
constexpr const char* kName = "chart";

// Current while it lives; the one before is current again afterwards.
class ContextScope {
 public:
  ContextScope() : before_(ImGui::GetCurrentContext()), own_(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(own_);
  }
  ~ContextScope() {
    ImGui::DestroyContext(own_);
    ImGui::SetCurrentContext(before_);
  }
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;

 private:
  ImGuiContext* before_;
  ImGuiContext* own_;
};

// Whose curves they are, and what the two kinds of line are; gives the height that it takes.
float draw_head(widgets::Ui& ui, const view::CurvePicture& picture, const view::Box& line) {
  const std::optional<view::Color> example = view::smoothing_example(picture);
  if (!example && picture.subject.empty()) return 0;
  ImFont* font = ui.fonts.small_text;
  float x = line.right();
  const auto entry = [&](std::string_view name, view::Color color, float width) {
    x -= widgets::text_width(font, name);
    widgets::draw_text(font, std::round(x), line.y, ui.theme->body(), name);
    x -= ui.px(6) + ui.px(18);
    const float y = line.y + std::round(font->FontSize / 2);
    ImGui::GetWindowDrawList()->AddRectFilled({x, y - width / 2}, {x + ui.px(18), y + width / 2},
                                              widgets::u32(color));
    x -= ui.px(14);
  };
  if (example) {
    entry(view::kSmoothedLine, *example, std::max(2.0F, ui.px(2)));
    entry(view::kRawLine, view::raw_line_color(*example, *ui.theme), std::max(1.0F, ui.px(1)));
  }
  widgets::draw_text_within(ui.fonts.small_strong, line.x, line.y, std::max(1.0F, x - line.x),
                            ui.theme->body(), picture.subject);
  return line.height;
}

view::Box draw_frame(const view::CurvePicture& picture, float fineness, const widgets::Fonts& fonts,
                     ImVec2 size) {
  widgets::WidgetMap widgets;
  widgets::Ui ui;
  ui.theme = &view::theme_of(picture.theme);
  ui.fonts = fonts;
  ui.scale = fineness;
  ui.widgets = &widgets;
  ImGui::NewFrame();
  ui.begin();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("picture", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoInputs);
  const float margin = ui.px(kMargin), label = ui.px(kLabel);
  const float head = draw_head(ui, picture, {margin, ui.px(10), size.x - 2 * margin, ui.px(kHead)});
  const float top = std::max(margin, ui.px(10) + head);
  widgets::curve_plot(ui, kName, {margin, top, size.x - 2 * margin, size.y - top - margin - label},
                      {.title = picture.title,
                       .curves = picture.curves,
                       .view = picture.view,
                       .x_kind = picture.x_kind});
  const view::Box area = widgets.at(kName);
  const std::string_view name = view::x_name(picture.x_kind);
  const float width = widgets::text_width(fonts.small_text, name);
  widgets::draw_text(fonts.small_text, std::round(area.x + (area.width - width) / 2),
                     size.y - margin - label, ui.theme->secondary(), name);
  ImGui::End();
  ImGui::Render();
  return area;
}

}  // namespace

ChartPicture draw_chart(const view::CurvePicture& picture, float fineness, const FontFiles& files) {
  const ContextScope context;
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  io.DisplaySize = {std::round(static_cast<float>(picture.width) * fineness),
                    std::round(static_cast<float>(picture.height) * fineness)};
  io.DeltaTime = 1.0F / 60;
  const widgets::Fonts fonts = build_fonts(files, fineness);
  apply_style(view::theme_of(picture.theme), fineness);
  // Lines from triangles, as they are without a graphics card's filter.
  ImGui::GetStyle().AntiAliasedLinesUseTex = false;

  ChartPicture out{.width = static_cast<int>(io.DisplaySize.x),
                   .height = static_cast<int>(io.DisplaySize.y)};
  // Dear ImGui hides a window in its first frame.
  for (int frame = 0; frame < 2; ++frame)
    out.area = draw_frame(picture, fineness, fonts, io.DisplaySize);
  const view::Color ground = view::theme_of(picture.theme).pane();
  out.rgba = rasterize(*ImGui::GetDrawData(), *io.Fonts, {ground.r, ground.g, ground.b, 255});
  return out;
}

}  // namespace realm::platform
