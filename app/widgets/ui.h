// Ui: what every panel draws with during one frame: colours, fonts, scale, the keys pressed, and
// the list of actions that the user's clicks and keys are turned into. Also the small RAII helpers,
// so that no push is left without its pop.
//
// GUI thread only. User text is drawn with text functions of ours, never as a Dear ImGui label or
// format.
#pragma once

#include <imgui.h>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/view/text_layout.h"
#include "app/view/theme.h"
#include "app/view/workbench.h"

namespace realm::widgets {

struct Fonts {
  ImFont* body = nullptr;        // 15 px
  ImFont* strong = nullptr;      // 15 px, for the one thing asked about
  ImFont* small_text = nullptr;  // 13 px
  ImFont* small_strong = nullptr;
  ImFont* hero = nullptr;  // 20 px, the sentence
  ImFont* mono = nullptr;  // 13 px, ids and exact numbers
};

// Where widgets stand, by name, for tests that click by name. Names are ours, never user text.
using WidgetMap = std::unordered_map<std::string, view::Box>;

// What a mouse button held down in a text field has done so far.
struct FieldMouse {
  bool pressed = false, dragged = false;
  size_t press_offset = 0;
  float press_x = 0, press_y = 0;
};

struct Ui {
  const view::Theme* theme = nullptr;
  Fonts fonts;
  float scale = 1;
  double now = 0;                    // seconds
  std::vector<view::KeyPress> keys;  // pressed this frame and not taken by a command
  view::Actions actions;             // what the user did this frame
  WidgetMap* widgets = nullptr;      // nullptr: not recorded
  uint64_t seen_focus = 0;           // WorkbenchState::focus_serial that fields have followed
  bool menu_is_open = false;  // a menu or a list of choices is: Esc closes it and does nothing else
  std::vector<view::KeyPress> menu_keys{};  // this frame's that are the open menu's alone
  bool popup_is_open = false;               // panes below a popup leave the keyboard alone
  // Characters came to a field that was to have the keyboard and did not have it yet: they are in
  // its text, and the cursor belongs behind them.
  bool typed_early = false;
  // A field that is to have the keyboard in the next frame.
  std::string field_to_focus{};
  // A field whose text is to be selected as soon as it has the keyboard.
  std::string field_to_select{};
  // A field whose text was changed by somebody else while it has the keyboard: it is to hold this.
  std::string field_to_fill{}, text_to_fill{};
  bool needs_another_frame = false;  // something moves: a progress bar without a known end
  // Runs it on another thread, and draws anew after; empty: there is none, as in tests.
  std::function<void(std::function<void()>)> in_background{};
  double next_frame_in = -1;  // seconds until something shall appear (a tooltip); below 0: nothing
  float mouse_x = 0, mouse_y = 0;  // where the mouse came to rest,
  double mouse_rests_since = 0;    // and when
  std::unordered_map<std::string, FieldMouse> field_mice;

  float px(float design_pixels) const;  // scaled and rounded to whole pixels
  void act(view::Action action) { actions.push_back(std::move(action)); }
  void note(std::string_view name, const view::Box& box) const;
  // To be called once a frame, first: forgets the last one's actions and sees whether the mouse
  // rests.
  void begin();
  // Within an open menu: Esc closes it.
  void close_menu_by_escape();
  // A key that an open menu has use for, so that it is no command and no pane's.
  static bool is_menu_key(const view::KeyPress& key);
  // Takes the key out of `keys`; true when it was there.
  bool take_key(std::string_view key, bool ctrl = false, bool shift = false);
};

ImU32 u32(view::Color color);
ImVec4 vec4(view::Color color);
ImU32 faded(view::Color color, float alpha);  // alpha in [0, 1], on top of the colour's own

// The whole current window's content region, in screen pixels.
view::Box content_box();
view::Box inset(const view::Box& box, float x, float y);

// Within an open menu: the arrow keys move from row to row and Enter chooses.
struct MenuCursor {
  int row = -1;  // -1: none yet, as with the mouse alone
  bool moved = false, chosen = false;
};
// Begins at `start` when the menu opens. `count` may be 0.
MenuCursor menu_cursor(Ui& ui, int count, int start);

class FontScope {
 public:
  explicit FontScope(ImFont* font) { ImGui::PushFont(font); }
  ~FontScope() { ImGui::PopFont(); }
  FontScope(const FontScope&) = delete;
  FontScope& operator=(const FontScope&) = delete;
};

class IdScope {
 public:
  explicit IdScope(const char* id) { ImGui::PushID(id); }
  explicit IdScope(int id) { ImGui::PushID(id); }
  explicit IdScope(int64_t id) {
    ImGui::PushID(reinterpret_cast<void*>(static_cast<intptr_t>(id)));
  }
  ~IdScope() { ImGui::PopID(); }
  IdScope(const IdScope&) = delete;
  IdScope& operator=(const IdScope&) = delete;
};

class StyleScope {
 public:
  StyleScope() = default;
  StyleScope& color(ImGuiCol index, ImU32 value) {
    ImGui::PushStyleColor(index, value);
    ++colors_;
    return *this;
  }
  StyleScope& var(ImGuiStyleVar index, ImVec2 value) {
    ImGui::PushStyleVar(index, value);
    ++vars_;
    return *this;
  }
  StyleScope& var(ImGuiStyleVar index, float value) {
    ImGui::PushStyleVar(index, value);
    ++vars_;
    return *this;
  }
  ~StyleScope() {
    ImGui::PopStyleColor(colors_);
    ImGui::PopStyleVar(vars_);
  }
  StyleScope(const StyleScope&) = delete;
  StyleScope& operator=(const StyleScope&) = delete;

 private:
  int colors_ = 0, vars_ = 0;
};

// A child window over `box` (screen pixels) with a ground; it scrolls when its content is taller.
class PaneScope {
 public:
  PaneScope(const char* id, const view::Box& box, view::Color ground, ImVec2 padding = {0, 0});
  ~PaneScope();
  PaneScope(const PaneScope&) = delete;
  PaneScope& operator=(const PaneScope&) = delete;
};

class ClipScope {
 public:
  explicit ClipScope(const view::Box& box);
  ~ClipScope() { ImGui::PopClipRect(); }
  ClipScope(const ClipScope&) = delete;
  ClipScope& operator=(const ClipScope&) = delete;
};

// An invisible item over `box` (screen pixels), recorded under its name.
struct HitResult {
  bool clicked = false, double_clicked = false, hovered = false, held = false,
       right_clicked = false;
};
HitResult hit(Ui& ui, const char* name, const view::Box& box);

}  // namespace realm::widgets
