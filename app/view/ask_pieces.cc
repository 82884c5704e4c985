// The sentence in its word pieces, and what in it is worth hiding.
#include <algorithm>

#include "app/view/ask_state.h"
#include "app/view/sentence.h"

namespace realm::view {
namespace {

// Where a byte of the sentence stands once every hidden word is shown.
size_t shown_offset(const std::vector<HiddenPart>& parts, size_t at) {
  size_t less = 0;
  for (const HiddenPart& part : parts) {
    if (part.is_mask || at <= part.outer.begin) continue;
    less += std::min(at, part.inner.begin) - part.outer.begin;
    if (at > part.inner.end) less += std::min(at, part.outer.end) - part.inner.end;
  }
  return at - less;
}

}  // namespace

const SentenceReading* pieces_of(const AskState& state) {
  if (!state.pieces || state.pieces->text != state.sentence.text()) return nullptr;
  return state.pieces->reading.limit > 0 ? &state.pieces->reading : nullptr;
}

std::optional<EditedText> hide_next_salient(const AskState& state) {
  const SentenceReading* reading = pieces_of(state);
  if (reading == nullptr || reading->salient.empty()) return std::nullopt;
  const std::vector<HiddenPart> parts = hidden_parts(state.sentence.text());
  if (std::any_of(parts.begin(), parts.end(), [](const HiddenPart& part) { return part.is_mask; }))
    return std::nullopt;
  size_t after = 0;  // the end of the last hidden word
  for (const HiddenPart& part : parts) after = std::max(after, part.outer.end);
  const auto next = std::find_if(reading->salient.begin(), reading->salient.end(),
                                 [&](const auto& span) { return span.first >= after; });
  const auto& span = next == reading->salient.end() ? reading->salient.front() : *next;
  return hide_range(plain_text(state.sentence.text()),
                    {shown_offset(parts, span.first), shown_offset(parts, span.second)});
}

}  // namespace realm::view
