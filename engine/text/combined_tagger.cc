#include "engine/text/combined_tagger.h"

#include <algorithm>

namespace realm {

CombinedTagger::CombinedTagger(std::shared_ptr<const SalientSpanTagger> first,
                               std::shared_ptr<const SalientSpanTagger> second,
                               std::vector<SalientSpanKind> added)
    : first_(std::move(first)), second_(std::move(second)), added_(std::move(added)) {}

std::vector<SalientSpan> CombinedTagger::tag(std::string_view text) const {
  return tag_all({&text, 1}).front();
}

std::vector<std::vector<SalientSpan>> CombinedTagger::tag_all(
    std::span<const std::string_view> texts) const {
  std::vector<std::vector<SalientSpan>> found = first_->tag_all(texts);
  const std::vector<std::vector<SalientSpan>> others = second_->tag_all(texts);
  for (size_t i = 0; i < texts.size(); ++i) {
    const size_t own = found[i].size();
    for (const SalientSpan& span : others[i]) {
      const auto end = found[i].begin() + static_cast<std::ptrdiff_t>(own);
      const bool overlaps = std::any_of(found[i].begin(), end, [&](const SalientSpan& first) {
        return first.bytes.overlaps(span.bytes);
      });
      if (!overlaps && std::find(added_.begin(), added_.end(), span.kind) != added_.end())
        found[i].push_back(span);
    }
    std::sort(found[i].begin(), found[i].end(), [](const SalientSpan& a, const SalientSpan& b) {
      return a.bytes.begin < b.bytes.begin;
    });
  }
  return found;
}

}  // namespace realm
