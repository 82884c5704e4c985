#include "tests/benchmarks/display.h"

#include <cstdlib>

#include "tests/support/virtual_display.h"

namespace realm::benchmarks {

const Display& display() {
  const char* name = std::getenv("DISPLAY");
  if (name != nullptr && *name != '\0') {
    static const Display users{name, std::string("display ") + name};
    return users;
  }
  static const testing::VirtualDisplay server("1440x900x24");
  static const Display own{server.name(), "Xvfb, drawn by the processor"};
  return own;
}

}  // namespace realm::benchmarks
