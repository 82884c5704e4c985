// What a long call does when it is asked to stop. Thread-safe, does not block.
#pragma once

#include <stop_token>

#include "engine/base/error.h"

namespace realm {

// Throws Error{kCancelled} once a stop was requested.
inline void throw_if_cancelled(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The query was cancelled.");
}

}  // namespace realm
