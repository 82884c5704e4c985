// The popups over the window: palette, shortcuts, about, open, export, examples, and the question
// what to do with an unsaved edit. Which one is open is part of the state; drawing opens and closes
// Dear ImGui's modal window to match.
//
// GUI thread only.
#pragma once

#include <string>

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

// What the About box says: versions of the program and its libraries, one a line.
struct AboutText {
  std::string text;
};

void draw_popups(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& window,
                 const AboutText& about);

}  // namespace realm::panels
