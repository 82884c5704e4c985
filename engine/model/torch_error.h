// What a person should read of an error of LibTorch, whose own text goes on with a backtrace.
#pragma once

#include <exception>
#include <string>

#include "engine/model/torch.h"

namespace realm {

inline std::string first_line_of(const std::exception& error) {
  const auto* const c10 = dynamic_cast<const c10::Error*>(&error);
  const std::string text = c10 != nullptr ? c10->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace realm
