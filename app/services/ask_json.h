// AskResult as the JSON document of `realm ask --json` (CLI.md, "Asking"): names and order of the
// fields are a contract. Pure function, thread-safe.
#pragma once

#include <string>

#include "engine/prediction/ask.h"

namespace realm {

// Pretty printed, without a line end after it. Every number comes back bit for bit when read; what
// is not finite (the logarithm of a probability of 0) is null.
std::string to_json(const AskResult& result);

}  // namespace realm
