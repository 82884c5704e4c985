// SalientSpanMasker: hides one salient span of a passage, which gives a pre-training example (REALM
// section 3.4, REALM_SPEC 5.1). Immutable: safe to share between threads. Does not block.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/rng.h"
#include "engine/text/bert_input.h"
#include "engine/text/byte_span.h"
#include "engine/text/marked_spans.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

struct MaskedExample {
  std::vector<int32_t>
      x;  // pieces of the sentence, every piece of the span replaced by [MASK]; not cut to a length
  std::vector<int>
      masks;  // indices into x of the pieces to predict, rising; all below lengths.query - 2
  std::vector<int32_t> targets;  // the pieces that stood there, one a mask
  ByteSpan sentence;             // where x and the hidden span stand in the text
  ByteSpan span;
};

struct SalientSpanMaskerOptions {
  int max_masks = 10;  // further pieces of a span stay [MASK] and are not to be predicted
};

class SalientSpanMasker {
 public:
  SalientSpanMasker(std::shared_ptr<const WordPieceTokenizer> tokenizer, SequenceLengths lengths,
                    SalientSpanMaskerOptions options = {});

  // Chooses one span, each equally likely that lies in one sentence and can be hidden, and takes
  // its sentence alone as x. Spans may repeat (they count once) and overlap. nullopt: there is
  // none. Differs from Google's code: that gives the example up when the span chosen cannot be
  // hidden; we choose among the others.
  std::optional<MaskedExample> mask(std::string_view text, std::span<const ByteSpan> spans,
                                    Rng& rng) const;
  std::optional<MaskedExample> mask(const MarkedText& text, Rng& rng) const {
    return mask(text.text, text.spans, rng);
  }

  // Hides this span of this sentence. A piece is hidden only if it lies wholly inside the span.
  // nullopt: no piece does, or one would be cut off by the query length, or one is [UNK], which is
  // nothing to predict.
  std::optional<MaskedExample> mask_span(std::string_view text, ByteSpan sentence,
                                         ByteSpan span) const;

 private:
  std::shared_ptr<const WordPieceTokenizer> tokenizer_;
  SequenceLengths lengths_;
  SalientSpanMaskerOptions options_;
};

}  // namespace realm
