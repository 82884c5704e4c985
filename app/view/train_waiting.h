// What a run was asked for and its trainer has not taken up yet: it looks between two steps, or
// once a stage is over, which can take minutes.
//
// Pure functions over values; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "storage/run_values.h"

namespace realm::view {

// "Saving and stopping… A checkpoint is asked for…", in the order in which it was asked for, each
// once; empty: nothing waits.
std::string waiting_sentence(const RunSummary& run);

// Why the command need not be given again, in a sentence; nullptr: it is not asked for, or is no
// command to a trainer.
const char* asked_already(const RunSummary& run, std::string_view command);

}  // namespace realm::view
