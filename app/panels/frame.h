// The frame of the window: menu bar with what is always in sight (model, corpus revision, index),
// the rail of workspaces, the workspace in front, the status bar, notices and popups.
//
// GUI thread only.
#pragma once

#include <string>

#include "app/panels/ask_panel.h"
#include "app/panels/corpus_panel.h"
#include "app/panels/popups.h"
#include "app/panels/train_panel.h"

namespace realm::panels {

class Frame {
 public:
  explicit Frame(AboutText about) : about_(std::move(about)) {}

  // Draws everything over a display of this size; what the user did is in ui.actions afterwards.
  void draw(const view::WorkbenchState& state, widgets::Ui& ui, float width, float height);

 private:
  AboutText about_;
  AskPanel ask_;
  CorpusPanel corpus_;
  TrainPanel train_;
};

}  // namespace realm::panels
