// Keys as the user's keyboard layout has them: Ctrl+Z is where Z is printed, on every layout.
//
// Dear ImGui 1.86 gets untranslated keys from its GLFW backend (1.87 and later translate
// themselves), and knows few letters; the window's commands therefore come from our own queue of
// key presses. GUI thread only.
#pragma once

#include <string>
#include <vector>

#include "app/view/workbench.h"

struct GLFWwindow;

namespace realm::platform {

// The name of a pressed key in the table of commands: the printed letter in upper case, a symbol as
// it is, or "Enter", "Esc", "F2", "Left", ... Empty: a key that no command is on. `printed` is
// glfwGetKeyName's, nullptr where it has none.
std::string key_name(int glfw_key, const char* printed);

// The GLFW key whose US position carries the printed character, for backends that expect
// untranslated letters.
int translated_key(int glfw_key, const char* printed);

// Collects key presses, and hands every key on to Dear ImGui's backend.
class Keyboard {
 public:
  // To be called from GLFW's key callback with its arguments.
  void on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers);

  // The presses (with repeats) since the last call, oldest first.
  std::vector<view::KeyPress> take();

 private:
  std::vector<view::KeyPress> presses_;
};

}  // namespace realm::platform
