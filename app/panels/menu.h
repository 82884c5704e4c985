// Menus: the menu bar from the table of commands, and context menus of rows and numbers.
//
// GUI thread only.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

// The menus File to Help over `box`, one a group of the command table.
void draw_menu_bar(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);

struct MenuItem {
  std::string_view name;  // ours, for the id
  std::string_view text;
  view::Action action;
  bool enabled = true;
};

// The menu of the item that was drawn last, opened by a right click on it (`opens`).
void context_menu(widgets::Ui& ui, const char* name, bool opens, std::span<const MenuItem> items);

}  // namespace realm::panels
