// What is thrown, as a value. Private to app/services.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <optional>

#include "app/view/engine_messages.h"
#include "engine/base/error.h"

namespace realm {

inline view::Failure failure_of(const std::exception& exception) {
  if (const auto* error = dynamic_cast<const Error*>(&exception))
    return {error->code(), error->what()};
  return {ErrorCode::kIo, fmt::format("Something unforeseen went wrong: {}.", exception.what())};
}

// Runs `body`; what it throws becomes a value.
template <typename Body>
std::optional<view::Failure> failing(const Body& body) {
  try {
    body();
  } catch (const std::exception& exception) {
    return failure_of(exception);
  }
  return std::nullopt;
}

}  // namespace realm
