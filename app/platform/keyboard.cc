#include "app/platform/keyboard.h"

#include <imgui.h>
// Before GLFW, which would otherwise include OpenGL.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <fmt/format.h>

#include <utility>

namespace realm::platform {
namespace {

struct NamedKey {
  int key;
  const char* name;
};

constexpr NamedKey kNamedKeys[] = {
    {GLFW_KEY_ENTER, "Enter"},    {GLFW_KEY_KP_ENTER, "Enter"},      {GLFW_KEY_ESCAPE, "Esc"},
    {GLFW_KEY_TAB, "Tab"},        {GLFW_KEY_BACKSPACE, "Backspace"}, {GLFW_KEY_DELETE, "Delete"},
    {GLFW_KEY_LEFT, "Left"},      {GLFW_KEY_RIGHT, "Right"},         {GLFW_KEY_UP, "Up"},
    {GLFW_KEY_DOWN, "Down"},      {GLFW_KEY_HOME, "Home"},           {GLFW_KEY_END, "End"},
    {GLFW_KEY_PAGE_UP, "PageUp"}, {GLFW_KEY_PAGE_DOWN, "PageDown"},  {GLFW_KEY_SPACE, "Space"},
    {GLFW_KEY_KP_ADD, "Plus"},    {GLFW_KEY_KP_SUBTRACT, "-"},
};

}  // namespace

std::string key_name(int glfw_key, const char* printed) {
  for (const NamedKey& named : kNamedKeys) {
    if (named.key == glfw_key) return named.name;
  }
  if (glfw_key >= GLFW_KEY_F1 && glfw_key <= GLFW_KEY_F25)
    return fmt::format("F{}", glfw_key - GLFW_KEY_F1 + 1);
  // Digits by their place: on some layouts the digit row prints other signs without Shift.
  if (glfw_key >= GLFW_KEY_0 && glfw_key <= GLFW_KEY_9)
    return std::to_string(glfw_key - GLFW_KEY_0);
  if (glfw_key >= GLFW_KEY_KP_0 && glfw_key <= GLFW_KEY_KP_9)
    return std::to_string(glfw_key - GLFW_KEY_KP_0);
  if (printed == nullptr || *printed == '\0') return {};
  const std::string name(printed);
  if (name == "+") return "Plus";
  if (name.size() == 1 && name[0] >= 'a' && name[0] <= 'z')
    return {static_cast<char>(name[0] - 'a' + 'A')};
  return name;
}

int translated_key(int glfw_key, const char* printed) {
  if (glfw_key < GLFW_KEY_A || glfw_key > GLFW_KEY_Z) {
    // Letters that stand on a punctuation key of the US layout (M on AZERTY).
    const bool is_punctuation = glfw_key == GLFW_KEY_SEMICOLON || glfw_key == GLFW_KEY_COMMA ||
                                glfw_key == GLFW_KEY_PERIOD || glfw_key == GLFW_KEY_SLASH ||
                                glfw_key == GLFW_KEY_APOSTROPHE ||
                                glfw_key == GLFW_KEY_LEFT_BRACKET;
    if (!is_punctuation) return glfw_key;
  }
  if (printed == nullptr || printed[0] == '\0' || printed[1] != '\0') return glfw_key;
  if (printed[0] >= 'a' && printed[0] <= 'z') return GLFW_KEY_A + (printed[0] - 'a');
  return glfw_key;
}

std::vector<view::KeyPress> Keyboard::take() { return std::exchange(presses_, {}); }

void Keyboard::on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
  const char* printed = glfwGetKeyName(key, scancode);
#if IMGUI_VERSION_NUM < 18700
  ImGui_ImplGlfw_KeyCallback(window, translated_key(key, printed), scancode, action, modifiers);
#else
  ImGui_ImplGlfw_KeyCallback(window, key, scancode, action, modifiers);
#endif
  if (action == GLFW_RELEASE) return;
  std::string name = key_name(key, printed);
  if (name.empty()) return;
  presses_.push_back({.ctrl = (modifiers & GLFW_MOD_CONTROL) != 0,
                      .shift = (modifiers & GLFW_MOD_SHIFT) != 0,
                      .alt = (modifiers & GLFW_MOD_ALT) != 0,
                      .key = std::move(name)});
}

}  // namespace realm::platform
