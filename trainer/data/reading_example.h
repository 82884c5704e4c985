// Training examples of the reader: x masked at one salient span, beside a passage (REALM_SPEC 5.1;
// TRAINING.md 1). Pure functions of their inputs and the generator: the same seed gives the same
// examples. Thread-safe.
#pragma once

#include "engine/base/rng.h"
#include "trainer/data/passage_table.h"
#include "trainer/data/training_text.h"

namespace realm {

// x with its masks, and what is hidden there.
struct MaskedSentence {
  Pieces pieces;               // [MASK] in place
  std::vector<int> positions;  // of the masks, ascending
  Pieces targets;              // one a mask
};

// Masks one span of the sentence, chosen uniformly; at most kMaxTargets of its pieces are targets,
// all are masked.
inline constexpr int kMaxTargets = 10;
MaskedSentence mask_one_span(const TrainingSentence& sentence, int32_t mask_id, Rng& rng);

// A sentence and its passage with names exchanged for random pieces, in both alike: nothing in it
// can be known by heart, all must be read from the passage. Names count as whole words only; spans
// follow the new lengths, and one that holds a part of a name grows over the whole new name. The
// sentence may come out longer than it was.
struct SwappedPair {
  TrainingSentence sentence;
  std::vector<Pieces> passage;  // sentences of the passage's body
};

class NameSwapper {
 public:
  // Random names are made of the vocabulary's word pieces (no special pieces, no punctuation, no
  // digits for words).
  explicit NameSwapper(const Vocabulary& vocabulary);
  SwappedPair swap(const TrainingSentence& sentence, const std::vector<Pieces>& passage,
                   Rng& rng) const;

 private:
  Pieces random_name(const Pieces& original, Rng& rng) const;

  std::vector<int32_t> starts_, continuations_, digits_, digit_continuations_;
  std::vector<bool> continues_;  // by id: a "##" piece
};

// The body cut to `keep` sentences, in order: a random one of those that hold `answer` as whole
// words if any does, and random others.
std::vector<Pieces> crop_passage(const std::vector<Pieces>& sentences, const Pieces& answer,
                                 int keep, const Vocabulary& vocabulary, Rng& rng);

// Whether `needle` stands in `pieces` as whole words (not followed by a piece that continues a
// word: 3 is not in 37).
bool contains_words(const Pieces& pieces, const Pieces& needle, const Vocabulary& vocabulary);

}  // namespace realm
