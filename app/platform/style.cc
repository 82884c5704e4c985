#include "app/platform/style.h"

#include <imgui.h>

#include "app/widgets/ui.h"

namespace realm::platform {

using widgets::faded;
using widgets::vec4;

void apply_style(const view::Theme& theme, float scale) {
  ImGuiStyle style;
  style.WindowPadding = {0, 0};
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.PopupRounding = 6;
  style.PopupBorderSize = 1;
  style.FrameRounding = 5;
  style.FrameBorderSize = 0;
  style.FramePadding = {10, 6};
  style.ItemSpacing = {8, 6};
  style.ItemInnerSpacing = {6, 4};
  style.ScrollbarSize = 10;
  style.ScrollbarRounding = 5;
  style.GrabMinSize = 24;
  style.DisabledAlpha = 0.45F;
  style.ScaleAllSizes(scale);
  style.WindowBorderSize = 0;
  style.PopupBorderSize = 1;
  style.AntiAliasedLinesUseTex = true;

  ImVec4* colors = style.Colors;
  const auto set = [&](ImGuiCol index, view::Color color) { colors[index] = vec4(color); };
  const view::Color clear = view::with_alpha(theme.pane(), 0);
  set(ImGuiCol_Text, theme.text());
  set(ImGuiCol_TextDisabled, theme.secondary());
  set(ImGuiCol_WindowBg, theme.window());
  set(ImGuiCol_ChildBg, clear);
  set(ImGuiCol_PopupBg, theme.kind == view::ThemeKind::kDark ? theme.hover() : theme.pane());
  set(ImGuiCol_Border, theme.control());
  set(ImGuiCol_BorderShadow, clear);
  set(ImGuiCol_FrameBg, theme.pane());
  set(ImGuiCol_FrameBgHovered, theme.hover());
  set(ImGuiCol_FrameBgActive, theme.pane());
  set(ImGuiCol_MenuBarBg, theme.window());
  set(ImGuiCol_ScrollbarBg, clear);
  set(ImGuiCol_ScrollbarGrab, theme.hairline());
  set(ImGuiCol_ScrollbarGrabHovered, theme.control());
  set(ImGuiCol_ScrollbarGrabActive, theme.faint());
  set(ImGuiCol_CheckMark, theme.accent);
  set(ImGuiCol_Button, theme.hover());
  set(ImGuiCol_ButtonHovered, theme.hairline());
  set(ImGuiCol_ButtonActive, theme.control());
  set(ImGuiCol_Header, theme.selection);
  set(ImGuiCol_HeaderHovered,
      theme.kind == view::ThemeKind::kDark ? theme.hairline() : theme.hover());
  set(ImGuiCol_HeaderActive, theme.hairline());
  set(ImGuiCol_Separator, theme.hairline());
  set(ImGuiCol_TextSelectedBg, theme.selection);
  set(ImGuiCol_NavHighlight, theme.accent);
  colors[ImGuiCol_ModalWindowDimBg] =
      vec4(view::with_alpha(view::rgb(0x000000), theme.kind == view::ThemeKind::kDark ? 120 : 60));
  ImGui::GetStyle() = style;
}

}  // namespace realm::platform
