// Where the window's benchmarks open it: the user's display, or an Xvfb of this process's own. One
// thread.
#pragma once

#include <string>

namespace realm::benchmarks {

struct Display {
  std::string name;         // for the variable DISPLAY
  std::string description;  // "display :0"
};

// The same one each time. Throws, saying what is missing, where there is neither.
const Display& display();

}  // namespace realm::benchmarks
