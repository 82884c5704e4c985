// The command palette's search: commands by a few letters of their title.
//
// Pure functions of the table; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "app/commands/command_table.h"

namespace realm {

// One line of the palette.
struct CommandMatch {
  const CommandInfo* command = nullptr;
  int score = 0;             // higher is better
  std::vector<int> matched;  // byte positions in the title of the letters typed, ascending
};

// The window's commands whose title or id holds the typed letters in order (ASCII case ignored),
// best first; all of them, in table order, when nothing is typed. Runs of letters and beginnings of
// words count more.
std::vector<CommandMatch> filter_commands(std::string_view typed);

}  // namespace realm
