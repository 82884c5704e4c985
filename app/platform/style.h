// Dear ImGui's own style in the window's colours: what its menus, popups, scroll bars and input
// fields look like. GUI thread only.
#pragma once

#include "app/view/theme.h"

namespace realm::platform {

void apply_style(const view::Theme& theme, float scale);

}  // namespace realm::platform
