// The Corpus workspace: the paged table with its search box, and the passage being read or edited.
//
// GUI thread only.
#pragma once

#include "app/panels/panel.h"

namespace realm::panels {

class CorpusPanel : public Panel {
 public:
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box) override;

 private:
  uint64_t seen_scroll_ = 0;  // CorpusState::scroll_serial that the table has followed
};

}  // namespace realm::panels
