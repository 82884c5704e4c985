#include "engine/text/marked_spans.h"

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

constexpr std::string_view kOpen = "[[";
constexpr std::string_view kClose = "]]";

}  // namespace

ByteSpan MarkedText::original(ByteSpan range) const noexcept {
  // Each span before a byte brought two brackets, the span that it is in one.
  ByteSpan bytes = range;
  for (const ByteSpan& span : spans) {
    if (range.begin >= span.begin) bytes.begin += kOpen.size();
    if (range.begin >= span.end) bytes.begin += kClose.size();
    if (range.end > span.begin) bytes.end += kOpen.size();
    if (range.end > span.end) bytes.end += kClose.size();
  }
  return bytes;
}

MarkedText parse_marked_spans(std::string_view text) {
  MarkedText marked;
  marked.text.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t open = text.find(kOpen, at);
    marked.text += text.substr(at, open == std::string_view::npos ? open : open - at);
    if (open == std::string_view::npos) break;
    const size_t begin = open + kOpen.size();
    const size_t close = text.find(kClose, begin);
    if (close == std::string_view::npos) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("The [[ at byte {} is not closed; expected ]] after the hidden word.",
                              open + 1));
    }
    if (text.substr(begin, close - begin).find(kOpen) != std::string_view::npos) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("The [[ at byte {} is followed by another before its ]]; close the first.",
                      open + 1));
    }
    const size_t plain_begin = marked.text.size();
    marked.text += text.substr(begin, close - begin);
    marked.spans.push_back({plain_begin, marked.text.size()});
    at = close + kClose.size();
  }
  return marked;
}

}  // namespace realm
