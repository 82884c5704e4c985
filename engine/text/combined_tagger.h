// CombinedTagger: the spans of one tagger, and those of another that do not overlap them and are of
// a kind that the first never finds. With a BERT trained on CoNLL-2003 first and the rules second
// it is the paper's: names by the model, dates by the rules (REALM section 3.4).
//
// Differs from paper: the rules give numbers too.
//
// Thread rule: as the taggers that it is made of.
#pragma once

#include <memory>
#include <vector>

#include "engine/text/salient_span_tagger.h"

namespace realm {

class CombinedTagger final : public SalientSpanTagger {
 public:
  // `added`: the kinds that are taken from the second.
  CombinedTagger(std::shared_ptr<const SalientSpanTagger> first,
                 std::shared_ptr<const SalientSpanTagger> second,
                 std::vector<SalientSpanKind> added);
  std::vector<SalientSpan> tag(std::string_view text) const override;
  std::vector<std::vector<SalientSpan>> tag_all(
      std::span<const std::string_view> texts) const override;

 private:
  std::shared_ptr<const SalientSpanTagger> first_, second_;
  std::vector<SalientSpanKind> added_;
};

}  // namespace realm
