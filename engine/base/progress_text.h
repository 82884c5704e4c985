// Progress as one short text and back: what a run's heartbeat keeps of a stage that has an end of
// its own, as in "count words 12000/90000". A stage without one is its name alone.
//
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/progress.h"

namespace realm {

std::string progress_text(const Progress& progress);
// Any text that is not one of those is the name of a stage whose total is not known.
Progress read_progress(std::string_view text);

}  // namespace realm
