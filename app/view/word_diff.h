// What an edit changed, word by word: for the revision log. Pure and thread-safe.
#pragma once

#include <string_view>

#include "app/view/highlight.h"

namespace realm::view {

// Both texts merged into one: what was taken out and what came in are marked (kRemoved, kAdded),
// with up to `context` words that stayed around each change and an ellipsis where more stayed.
// Equal texts give an empty text. Texts of more than some thousand words are shown as wholly
// replaced between their common beginning and end.
MarkedText diff_words(std::string_view before, std::string_view after, int context = 4);

}  // namespace realm::view
