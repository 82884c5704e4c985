// From the labels of words to spans, and from long sequences to windows: what a token classifier's
// output means. Pure functions, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "engine/checkpoint/token_classifier_tensors.h"
#include "engine/text/byte_span.h"

namespace realm {

struct TypedSpan {
  ByteSpan bytes;
  std::string type;  // "PER"
  bool operator==(const TypedSpan&) const = default;
};

// words[i] has labels[i]. Spans of words in order, by IOB1 and IOB2 alike: B- begins a span; so
// does I- where no span of its type goes on.
std::vector<TypedSpan> decode_labels(std::span<const ByteSpan> words,
                                     std::span<const TokenLabel> labels);

// A window of a sequence: pieces [begin, end), of which those of [counts_from, counts_to) are taken
// from this window.
struct Window {
  int begin = 0, end = 0;
  int counts_from = 0, counts_to = 0;
};

// Covers `size` pieces with windows of at most `width` that overlap by half; each piece counts in
// exactly one, where it is farthest from the borders. None for size 0. width is at least 2.
std::vector<Window> make_windows(int size, int width);

}  // namespace realm
