// Progress: how far a long call has come, as told to whoever started it. Plain values; the callback
// runs on the thread of the call that reports, must return at once and must not call back into the
// object that reports.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace realm {

struct Progress {
  int64_t done = 0, total = 0;  // in the unit of the stage; total 0: not known
  std::string stage;
};

using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace realm
