#include "app/platform/window.h"

#include <GL/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <utility>

#include "app/platform/chart_picture.h"
#include "app/platform/picture.h"
#include "app/platform/style.h"
#include "engine/base/error.h"

namespace realm::platform {
namespace {

constexpr int kMinWidth = 640, kMinHeight = 420;
constexpr const char* kWindowClass = "realm-workbench";  // StartupWMClass of the desktop entry

// GLFW tells what went wrong through a callback only. GUI thread alone.
std::string& last_glfw_error() {
  static std::string error;
  return error;
}

std::string without_full_stop(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return text;
}

[[noreturn]] void no_window(const char* what) {
  const std::string reason = without_full_stop(last_glfw_error());
  throw Error(
      ErrorCode::kUnsupported,
      fmt::format(
          "The window cannot open, as {}{}; the command realm ask does the same without one.", what,
          reason.empty() ? "" : fmt::format(" ({})", reason)));
}

GLFWwindow* create(int width, int height, const char* title) {
  // The backend draws with vertex offsets from OpenGL 3.2 on, which long tables need; older cards
  // get 3.0.
  struct Wish {
    int major, minor;
    bool core;
  };
  for (const Wish wish : {Wish{3, 3, true}, Wish{3, 0, false}}) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, wish.major);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, wish.minor);
    glfwWindowHint(GLFW_OPENGL_PROFILE,
                   wish.core ? GLFW_OPENGL_CORE_PROFILE : GLFW_OPENGL_ANY_PROFILE);
    if (GLFWwindow* window = glfwCreateWindow(width, height, title, nullptr, nullptr))
      return window;
  }
  return nullptr;
}

}  // namespace

Window::Glfw::Glfw() {
  glfwSetErrorCallback([](int, const char* description) {
    last_glfw_error() = description == nullptr ? "" : description;
  });
  if (glfwInit() == GLFW_FALSE) no_window("there is no display");
}

Window::Glfw::~Glfw() { glfwTerminate(); }

Window::Window(const std::string& title, const view::WindowPlace& place) : title_(title) {
  glfwWindowHintString(GLFW_X11_CLASS_NAME, kWindowClass);
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, kWindowClass);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_MAXIMIZED, place.maximized ? GLFW_TRUE : GLFW_FALSE);
  window_ = create(place.width, place.height, title.c_str());
  if (window_ == nullptr) no_window("this display offers no OpenGL 3");
  glfwSetWindowSizeLimits(window_, kMinWidth, kMinHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window_);
  glfwSwapInterval(1);
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &max_texture_);

  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // what is kept is kept by our own settings
  io.LogFilename = nullptr;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  ImGui_ImplGlfw_InitForOpenGL(window_, /*install_callbacks=*/true);
  ImGui_ImplOpenGL3_Init("#version 130");
  font_files_ = find_fonts(system_font_folders());
  install_callbacks();
}

Window::~Window() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  glfwDestroyWindow(window_);
}

void Window::install_callbacks() {
  glfwSetWindowUserPointer(window_, this);
  // Replaces the backend's key callback, which ours calls.
  glfwSetKeyCallback(window_,
                     [](GLFWwindow* window, int key, int scancode, int action, int modifiers) {
                       static_cast<Window*>(glfwGetWindowUserPointer(window))
                           ->keyboard_.on_key(window, key, scancode, action, modifiers);
                     });
  glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** paths) {
    auto* self = static_cast<Window*>(glfwGetWindowUserPointer(window));
    for (int i = 0; i < count; ++i) self->dropped_.emplace_back(paths[i]);
  });
}

bool Window::wait(double seconds) {
  const double before = glfwGetTime();
  if (seconds <= 0) {
    glfwPollEvents();
    return true;
  }
  glfwWaitEventsTimeout(seconds);
  return glfwGetTime() - before < seconds * 0.98;
}

void Window::wake() { glfwPostEmptyEvent(); }

void Window::rebuild(const view::Preferences& preferences) {
  float monitor_x = 1, monitor_y = 1;
  glfwGetWindowContentScale(window_, &monitor_x, &monitor_y);
  const float scale = std::clamp(preferences.scale * monitor_x, view::kMinScale, view::kMaxScale);
  const bool scale_changed = std::abs(scale - built_scale_) > 0.001F;
  if (scale_changed) {
    fonts_ = build_fonts(font_files_, scale, max_texture_);
    if (built_scale_ > 0) ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }
  if (scale_changed || built_theme_ != preferences.theme) {
    apply_style(view::theme_of(preferences.theme), scale);
    built_theme_ = preferences.theme;
    built_scale_ = scale;
  }
}

bool Window::begin_frame(const view::Preferences& preferences, widgets::Ui& ui,
                         bool without_mouse) {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  if (width == 0 || height == 0 || glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE)
    return false;
  rebuild(preferences);
  ui.theme = &view::theme_of(preferences.theme);
  ui.fonts = fonts_;
  ui.scale = built_scale_;
  ui.now = now();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  if (without_mouse) {
#if IMGUI_VERSION_NUM < 18700
    ImGui::GetIO().MousePos = {-FLT_MAX, -FLT_MAX};
#else
    ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
#endif
  }
  ImGui::NewFrame();
  return true;
}

std::string Window::picture_of(const view::CurvePicture& picture) const {
  constexpr float kFineness = 2;
  const ChartPicture drawn = draw_chart(picture, kFineness, font_files_);
  return png_of(drawn.width, drawn.height, drawn.rgba);
}

void Window::end_frame(const view::Theme& theme,
                       const std::optional<std::filesystem::path>& picture) {
  ImGui::Render();
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  glViewport(0, 0, width, height);
  const view::Color ground = theme.window();
  glClearColor(static_cast<float>(ground.r) / 255.0F, static_cast<float>(ground.g) / 255.0F,
               static_cast<float>(ground.b) / 255.0F, 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (picture) {
    const size_t stride = static_cast<size_t>(width) * 4;
    std::vector<uint8_t> bottom_up(stride * static_cast<size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, bottom_up.data());
    std::vector<uint8_t> rgba(bottom_up.size());
    for (size_t row = 0; row < static_cast<size_t>(height); ++row) {
      const auto from = bottom_up.end() - static_cast<std::ptrdiff_t>((row + 1) * stride);
      std::copy(from, from + static_cast<std::ptrdiff_t>(stride),
                rgba.begin() + static_cast<std::ptrdiff_t>(row * stride));
    }
    for (size_t alpha = 3; alpha < rgba.size(); alpha += 4) rgba[alpha] = 255;
    write_png(*picture, width, height, rgba);
  }
}

void Window::show_frame() { glfwSwapBuffers(window_); }

std::vector<std::string> Window::take_dropped() { return std::exchange(dropped_, {}); }

bool Window::take_close_request() {
  const bool wanted = glfwWindowShouldClose(window_) == GLFW_TRUE;
  glfwSetWindowShouldClose(window_, GLFW_FALSE);
  return wanted;
}

void Window::set_title(const std::string& title) {
  if (title == title_) return;
  title_ = title;
  glfwSetWindowTitle(window_, title.c_str());
}

void Window::set_fullscreen(bool on) {
  if (on == fullscreen_) return;
  fullscreen_ = on;
  if (!on) {
    glfwSetWindowMonitor(window_, nullptr, windowed_x_, windowed_y_, windowed_width_,
                         windowed_height_, GLFW_DONT_CARE);
    return;
  }
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
  if (mode == nullptr) {
    fullscreen_ = false;
    return;
  }
  glfwGetWindowPos(window_, &windowed_x_, &windowed_y_);
  glfwGetWindowSize(window_, &windowed_width_, &windowed_height_);
  glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

view::WindowPlace Window::place() const {
  view::WindowPlace place;
  place.maximized = glfwGetWindowAttrib(window_, GLFW_MAXIMIZED) == GLFW_TRUE;
  if (fullscreen_) {
    place.width = windowed_width_;
    place.height = windowed_height_;
  } else {
    glfwGetWindowSize(window_, &place.width, &place.height);
  }
  // Sizes are kept as at a display scale of 1, which GLFW multiplies by the display's own when it
  // makes a window.
  float scale_x = 1, scale_y = 1;
  glfwGetWindowContentScale(window_, &scale_x, &scale_y);
  place.width =
      static_cast<int>(std::lround(static_cast<float>(place.width) / std::max(0.5F, scale_x)));
  place.height =
      static_cast<int>(std::lround(static_cast<float>(place.height) / std::max(0.5F, scale_y)));
  return place;
}

double Window::now() const { return glfwGetTime(); }

std::string Window::graphics() const {
  const auto text = [](GLenum name) {
    const GLubyte* value = glGetString(name);
    return value == nullptr ? std::string("unknown")
                            : std::string(reinterpret_cast<const char*>(value));
  };
  return fmt::format("OpenGL {}, {}", text(GL_VERSION), text(GL_RENDERER));
}

}  // namespace realm::platform
