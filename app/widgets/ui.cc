#include "app/widgets/ui.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace realm::widgets {

float Ui::px(float design_pixels) const { return std::round(design_pixels * scale); }

void Ui::begin() {
  actions.clear();
  needs_another_frame = false;
  menu_keys.clear();
  if (menu_is_open) {
    const auto others = std::stable_partition(
        keys.begin(), keys.end(), [](const view::KeyPress& key) { return !is_menu_key(key); });
    menu_keys.assign(others, keys.end());
    keys.erase(others, keys.end());
  }
  menu_is_open = false;
  next_frame_in = -1;
  // After a click something else may lie under the mouse, which was not asked about.
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) mouse_rests_since = now;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (std::abs(mouse.x - mouse_x) + std::abs(mouse.y - mouse_y) > px(3)) {
    mouse_x = mouse.x;
    mouse_y = mouse.y;
    mouse_rests_since = now;
  }
}

void Ui::note(std::string_view name, const view::Box& box) const {
  if (widgets != nullptr) (*widgets)[std::string(name)] = box;
}

void Ui::close_menu_by_escape() {
  menu_is_open = true;
  const auto is_escape = [](const view::KeyPress& key) { return key.key == "Esc"; };
  if (std::erase_if(menu_keys, is_escape) > 0 || take_key("Esc")) ImGui::CloseCurrentPopup();
}

bool Ui::is_menu_key(const view::KeyPress& key) {
  constexpr std::string_view kKeys[] = {"Esc", "Up", "Down", "Home", "End", "Enter"};
  return !key.ctrl && !key.shift && !key.alt &&
         std::find(std::begin(kKeys), std::end(kKeys), key.key) != std::end(kKeys);
}

MenuCursor menu_cursor(Ui& ui, int count, int start) {
  int* row = ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("menu_row"), -1);
  if (ImGui::IsWindowAppearing()) *row = start;
  MenuCursor cursor;
  for (const view::KeyPress& key : std::exchange(ui.menu_keys, {})) {
    if (key.key == "Enter") {
      cursor.chosen = *row >= 0 && *row < count;
      continue;
    }
    cursor.moved = count > 0;
    if (key.key == "Down") *row = *row + 1 < count ? *row + 1 : 0;
    if (key.key == "Up") *row = *row > 0 ? *row - 1 : count - 1;
    if (key.key == "Home") *row = 0;
    if (key.key == "End") *row = count - 1;
  }
  cursor.row = *row < count ? *row : -1;
  return cursor;
}

bool Ui::take_key(std::string_view key, bool ctrl, bool shift) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const view::KeyPress& press) {
    return press.key == key && press.ctrl == ctrl && press.shift == shift && !press.alt;
  });
  if (found == keys.end()) return false;
  keys.erase(found);
  return true;
}

ImU32 u32(view::Color color) { return IM_COL32(color.r, color.g, color.b, color.a); }

ImVec4 vec4(view::Color color) {
  return {static_cast<float>(color.r) / 255.0F, static_cast<float>(color.g) / 255.0F,
          static_cast<float>(color.b) / 255.0F, static_cast<float>(color.a) / 255.0F};
}

ImU32 faded(view::Color color, float alpha) {
  return u32(view::with_alpha(
      color, static_cast<uint8_t>(static_cast<float>(color.a) * std::clamp(alpha, 0.0F, 1.0F))));
}

view::Box content_box() {
  const ImVec2 position = ImGui::GetCursorScreenPos();
  const ImVec2 size = ImGui::GetContentRegionAvail();
  return {position.x, position.y, size.x, size.y};
}

view::Box inset(const view::Box& box, float x, float y) {
  return {box.x + x, box.y + y, std::max(0.0F, box.width - 2 * x),
          std::max(0.0F, box.height - 2 * y)};
}

PaneScope::PaneScope(const char* id, const view::Box& box, view::Color ground, ImVec2 padding) {
  ImGui::SetCursorScreenPos({box.x, box.y});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, u32(ground));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::BeginChild(id, {std::max(1.0F, box.width), std::max(1.0F, box.height)}, false,
                    ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

PaneScope::~PaneScope() { ImGui::EndChild(); }

ClipScope::ClipScope(const view::Box& box) {
  ImGui::PushClipRect({box.x, box.y}, {box.right(), box.bottom()}, true);
}

HitResult hit(Ui& ui, const char* name, const view::Box& box) {
  ImGui::SetCursorScreenPos({box.x, box.y});
  HitResult result;
  result.clicked =
      ImGui::InvisibleButton(name, {std::max(1.0F, box.width), std::max(1.0F, box.height)});
  result.hovered = ImGui::IsItemHovered();
  result.held = ImGui::IsItemActive();
  result.double_clicked = result.hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  result.right_clicked = ImGui::IsItemClicked(ImGuiMouseButton_Right);
  ui.note(name, box);
  return result;
}

}  // namespace realm::widgets
