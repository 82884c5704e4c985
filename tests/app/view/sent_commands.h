// The commands to the engine among what came of a person's doing.
#pragma once

#include <variant>

#include "app/view/workbench.h"

namespace realm::view {

// The first of the kind; nullptr: there is none.
template <typename T>
const T* sent(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<SendCommand>(&effect)) {
      if (const auto* body = std::get_if<T>(&send->command.body)) return body;
    }
  }
  return nullptr;
}

// Its id; 0: there is none.
template <typename T>
RequestId sent_id(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<SendCommand>(&effect)) {
      if (std::holds_alternative<T>(send->command.body)) return send->command.id;
    }
  }
  return 0;
}

}  // namespace realm::view
