#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace realm {

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "internal error: %s does not hold (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace realm
