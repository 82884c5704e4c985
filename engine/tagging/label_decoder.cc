#include "engine/tagging/label_decoder.h"

#include <algorithm>

#include "engine/base/check.h"

namespace realm {

std::vector<TypedSpan> decode_labels(std::span<const ByteSpan> words,
                                     std::span<const TokenLabel> labels) {
  REALM_CHECK(words.size() == labels.size());
  std::vector<TypedSpan> spans;
  bool open = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const TokenLabel& label = labels[i];
    if (label.place == TokenLabel::Place::kOutside) {
      open = false;
    } else if (label.place == TokenLabel::Place::kInside && open &&
               spans.back().type == label.type) {
      spans.back().bytes.end = words[i].end;
    } else {
      spans.push_back({words[i], label.type});
      open = true;
    }
  }
  return spans;
}

std::vector<Window> make_windows(int size, int width) {
  REALM_CHECK(width >= 2);
  std::vector<Window> windows;
  const int step = (width + 1) / 2;
  for (int begin = 0; size > 0; begin += step) {
    const int end = std::min(begin + width, size);
    // The border to the window before lies in the middle of what both have.
    const int from = windows.empty() ? 0 : (begin + windows.back().end) / 2;
    if (!windows.empty()) windows.back().counts_to = from;
    windows.push_back({begin, end, from, end});
    if (end == size) break;
  }
  return windows;
}

}  // namespace realm
