// The contract of panels: each draws a part of the state into a box of the screen, and says what
// the user did through Ui::act. A panel keeps nothing but what is being typed into a field and has
// not been sent yet.
//
// GUI thread only. No panel waits, reads files or knows the engine.
#pragma once

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

class Panel {
 public:
  virtual ~Panel() = default;
  virtual void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box) = 0;
};

}  // namespace realm::panels
