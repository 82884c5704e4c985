// A port of this machine that nobody listens on now, for processes or threads that talk to each
// other in a test.
#pragma once

#include <cstdint>

namespace realm::testing {

uint16_t free_port();

}  // namespace realm::testing
