// A line of news: text in pieces of different weight and the buttons that belong to it, from left
// to right, cut at its right edge. And the news that both workspaces show: how an edit has moved
// the answer.
//
// GUI thread only.
#pragma once

#include <string_view>

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

class NewsLine {
 public:
  NewsLine(widgets::Ui& ui, const view::Box& box) : ui_(ui), box_(box), x_(box.x) {}

  void dot(view::Color color);
  void text(std::string_view shown, view::Color color,
            ImFont* font = nullptr);  // small where no font is given
  void space(float width);
  bool button(const char* name, std::string_view shown, std::string_view hint);
  bool close(const char* name, std::string_view hint);

 private:
  widgets::Ui& ui_;
  view::Box box_;
  float x_;
};

// Old and new p(y|x) after an edit, or against a pinned result. Only with a result and a reference.
void draw_change(const view::WorkbenchState& state, widgets::Ui& ui, NewsLine& line);

}  // namespace realm::panels
