// Controls in the window's own look: buttons, drop-downs, switches, fields, splitters, thin
// progress bars.
//
// GUI thread only. `name` is our own identifier (it becomes the Dear ImGui id and the name in
// tests); what is shown is a separate text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/ui.h"

namespace realm::widgets {

enum class ButtonKind {
  kPrimary,  // the one thing to do here
  kNormal,   // outlined
  kQuiet,    // text alone, in the accent
};

struct ButtonOptions {
  ButtonKind kind = ButtonKind::kNormal;
  bool enabled = true;
  bool is_on = false;        // a switch that is on
  std::string_view hint{};   // on hover; of a disabled button, why
  std::string_view chord{};  // shown behind the text, fainter
};

float button_width(Ui& ui, std::string_view text, const ButtonOptions& options = {});
// Left top at (x, y); the height is that of all controls (30 px). True: it was clicked.
bool button(Ui& ui, const char* name, float x, float y, std::string_view text,
            const ButtonOptions& options = {});
float control_height(Ui& ui);

// A small round cross. True: it was clicked.
bool close_button(Ui& ui, const char* name, float center_x, float center_y, std::string_view hint);

// A button that opens a list; gives the index that was chosen.
std::optional<int> drop_down(Ui& ui, const char* name, const view::Box& box, std::string_view text,
                             std::span<const std::string> choices, int chosen,
                             std::string_view hint);

// One line of input in our look. True: the text changed. `focus` takes the keyboard now.
struct FieldOptions {
  const char* placeholder = "";
  bool takes_early = false;        // what is typed before it has the keyboard is its own, too
  bool replaced_by_early = false;  // as typing replaces a text that is selected
  bool focus = false;
  bool keeps_tab = false;     // the Tab key is somebody's who has use for it, and moves nowhere
  bool* submitted = nullptr;  // set when Enter was pressed
  bool* active = nullptr;     // set while it has the keyboard
};
bool input_field(Ui& ui, const char* name, const view::Box& box, std::string& text,
                 const FieldOptions& options);

// A vertical or horizontal line to drag. Gives how far it was dragged this frame, in pixels; a
// double click gives nullopt in `reset`.
struct SplitterResult {
  float moved = 0;
  bool reset = false;
};
SplitterResult splitter(Ui& ui, const char* name, const view::Box& line, bool vertical);

// A 2 px bar; `fraction` below 0: going on without a known end.
void progress_line(Ui& ui, float x, float y, float width, double fraction);

void hairline(Ui& ui, float x, float y, float length, bool vertical = false);

}  // namespace realm::widgets
