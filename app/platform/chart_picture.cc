#include "app/platform/chart_picture.h"

#include <imgui.h>

#include <cmath>

#include "app/platform/rasterizer.h"
#include "app/platform/style.h"
#include "app/widgets/curve_plot.h"
#include "app/widgets/text.h"

namespace realm::platform {
namespace {

constexpr float kMargin = 16, kLabel = 16;
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
  widgets::curve_plot(ui, kName, {margin, margin, size.x - 2 * margin, size.y - 2 * margin - label},
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
