// The Ask workspace: the sentence, what is hidden, what was retrieved, the passage being read, and
// the Table 3 strip.
//
// GUI thread only.
#pragma once

#include <string>

#include "app/panels/panel.h"

namespace realm::panels {

class AskPanel : public Panel {
 public:
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box) override;

 private:
  std::string watch_draft_;  // a word being typed that is not watched yet
};

}  // namespace realm::panels
