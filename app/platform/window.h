// Window: the GLFW window with its OpenGL context, Dear ImGui on top, and the manners of a desktop
// program: waiting for events instead of drawing, fonts that follow the display's scale, the
// clipboard, full screen, a picture of itself.
//
// GUI (main) thread only, but wake(), which any thread may call. The constructor throws
// Error{kUnsupported} with one sentence when there is no display or no OpenGL.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/platform/fonts.h"
#include "app/platform/keyboard.h"
#include "app/view/curve_export.h"
#include "app/view/settings.h"
#include "app/widgets/ui.h"

struct GLFWwindow;

namespace realm::platform {

class Window {
 public:
  Window(const std::string& title, const view::WindowPlace& place);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // Waits for an event at most `seconds` (0: only looks). True: something happened.
  bool wait(double seconds);
  static void wake();  // ends a wait; any thread

  // Starts a frame with these preferences; fonts and style are rebuilt when they change. False: the
  // window is hidden and nothing is to be drawn.
  bool begin_frame(const view::Preferences& preferences, widgets::Ui& ui,
                   bool without_mouse = false);
  // Draws it. `picture`: writes what is drawn to this PNG file afterwards; throws Error{kIo}.
  void end_frame(const view::Theme& theme,
                 const std::optional<std::filesystem::path>& picture = std::nullopt);
  // The plot as PNG, twice as fine as on screen; takes a third of a second.
  std::string picture_of(const view::CurvePicture& picture) const;
  void show_frame();  // brings it to the screen; may wait for the display

  std::vector<view::KeyPress> take_keys() { return keyboard_.take(); }
  std::vector<std::string> take_dropped();  // paths of files dropped on the window
  bool take_close_request();
  void set_fullscreen(bool on);
  void set_title(const std::string& title);
  view::WindowPlace place() const;
  double now() const;            // seconds since the program started
  std::string graphics() const;  // "OpenGL 4.5, llvmpipe ..."

 private:
  void rebuild(const view::Preferences& preferences);
  void install_callbacks();

  struct Glfw {  // terminated last
    Glfw();
    ~Glfw();
  };
  Glfw glfw_;
  GLFWwindow* window_ = nullptr;
  Keyboard keyboard_;
  FontFiles font_files_;
  widgets::Fonts fonts_;
  float built_scale_ = 0;
  std::optional<view::ThemeKind> built_theme_;
  std::vector<std::string> dropped_;
  int max_texture_ = 4096;
  std::string title_;
  bool fullscreen_ = false;
  int windowed_x_ = 0, windowed_y_ = 0, windowed_width_ = 0, windowed_height_ = 0;
};

}  // namespace realm::platform
