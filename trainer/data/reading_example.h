// Training examples of the reader: x masked at one salient span, beside a passage (REALM_SPEC 5.1;
// TRAINING.md 1). Pure functions of their inputs and the generator: the same seed gives the same
// examples. Thread-safe.
#pragma once

#include "engine/base/rng.h"
#include "trainer/data/passage_table.h"
#include "trainer/data/training_text.h"

namespace realm {

// x with its masks, and what is hidden there. Under random maskings a position may hold another
// piece than [MASK].
struct MaskedSentence {
  Pieces pieces;               // [MASK] in place
  std::vector<int> positions;  // of what is to be predicted, ascending
  Pieces targets;              // one a position
};

// Masks sentence.spans[span]; at most kMaxTargets of its pieces are targets, all are masked.
inline constexpr int kMaxTargets = 10;
MaskedSentence mask_span(const TrainingSentence& sentence, size_t span, int32_t mask_id);
// One span chosen uniformly.
MaskedSentence mask_one_span(const TrainingSentence& sentence, int32_t mask_id, Rng& rng);
// Two different spans that do not touch, each with its own limit; one where there is no second.
MaskedSentence mask_two_spans(const TrainingSentence& sentence, int32_t mask_id, Rng& rng);

// The body cut to `keep` sentences, in order: a random one of those that hold `answer` as whole
// words if any does, and random others.
std::vector<Pieces> crop_passage(const std::vector<Pieces>& sentences, const Pieces& answer,
                                 int keep, const Vocabulary& vocabulary, Rng& rng);

// Where whole-word mentions of `needle` begin in `pieces`.
std::vector<int> mentions(const Pieces& pieces, const Pieces& needle, const Vocabulary& vocabulary);

// Whether `needle` stands in `pieces` as whole words (not followed by a piece that continues a
// word: 3 is not in 37).
bool contains_words(const Pieces& pieces, const Pieces& needle, const Vocabulary& vocabulary);

}  // namespace realm
