// The word that a mistyped one was meant to be: "did you mean --title?". Thread-safe; does not
// block.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace realm {

// The candidate nearest to `word` (a swap of neighbours counts as one edit, ASCII case as none): at
// most two edits, or one where the word is short. nullopt: none is near.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates);

}  // namespace realm
