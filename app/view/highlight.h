// Marks in a passage: the words it shares with the question, and the answer; and the hits of a
// corpus search.
//
// Pure functions, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/sentence.h"

namespace realm::view {

enum class MarkKind { kQueryWord, kAnswer, kHit, kRemoved, kAdded, kHidden };

struct Mark {
  TextRange range{};
  MarkKind kind = MarkKind::kQueryWord;
  friend bool operator==(const Mark&, const Mark&) = default;
};

struct MarkedText {
  std::string text{};
  std::vector<Mark> marks{};  // ascending, not overlapping
};

// Whole words of `text` that stand in the question outside of what is hidden (function words left
// out), and every place where an answer stands word for word. Case and accents do not count. Where
// both fit, the answer is marked.
std::vector<Mark> mark_passage(std::string_view text, std::string_view question,
                               std::span<const std::string> answers);

// Words and "phrases" of a corpus search in `text`, words that are searched with a minus left out.
std::vector<Mark> mark_hits(std::string_view text, std::string_view search);

// The same, and what regular expressions (which must be some) find.
std::vector<Mark> mark_found(std::string_view text, std::string_view search,
                             std::span<const std::string> expressions);

// A sentence as it reads, its hidden words marked.
MarkedText mark_hidden(std::string_view sentence);

// An FTS5 snippet with its hits between U+0002 and U+0003.
MarkedText parse_snippet(std::string_view snippet);

}  // namespace realm::view
