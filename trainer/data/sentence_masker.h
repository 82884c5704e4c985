// SentenceMasker: which pieces of a sentence are hidden and predicted. REALM's salient spans
// (section 3.4), and the two maskings that its ablation compares them with (table 2): random tokens
// as BERT masks them and random spans as SpanBERT does.
//
// Immutable, thread-safe; the same generator gives the same masks.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "trainer/data/reading_example.h"
#include "trainer/options.h"

namespace realm {

class SentenceMasker {
 public:
  virtual ~SentenceMasker() = default;
  // One target a position; at least one. The sentence has at least one piece, and one salient span
  // if needs_spans().
  virtual MaskedSentence mask(const TrainingSentence& sentence, Rng& rng) const = 0;
  // Two spans where there are such; otherwise as mask().
  virtual MaskedSentence mask_two(const TrainingSentence& sentence, Rng& rng) const {
    return mask(sentence, rng);
  }
  virtual bool needs_spans() const { return false; }
};

// salient        one of the sentence's spans, all its pieces [MASK] (mask_one_span)
// random_tokens  15 % of the pieces, each for itself (Devlin et al. 2019, section 3.1)
// random_spans   spans of whole words until 15 % of the pieces are hidden (Joshi et al. 2020,
//                section 3.1)
// In the two random ones 80 % of the choices become [MASK], 10 % a random piece, 10 % stay as they
// are; what is chosen is a target in any case. SpanBERT decides that for a span as a whole.
std::unique_ptr<const SentenceMasker> make_sentence_masker(Masking masking,
                                                           const Vocabulary& vocabulary);

// How many of `pieces` are hidden: 15 %, rounded, at least 1, as BERT's code has it.
int masking_budget(size_t pieces);
// The length of a random span in words, 1 to 10: geometric with p = 0.2, lengths above 10 left out
// (which gives SpanBERT's mean of 3.8).
int draw_span_length(Rng& rng);

}  // namespace realm
