// NameSwapper: a sentence and its passage with names exchanged for others, in both alike, so that
// nothing in them can be known by heart and all must be read from the passage (TRAINING.md 1).
// Names count as whole words only. Immutable after construction, thread-safe.
#pragma once

#include <array>

#include "engine/base/rng.h"
#include "trainer/data/passage_table.h"
#include "trainer/data/training_text.h"

namespace realm {

// Spans follow the new lengths, and one that holds a part of a name grows over the whole new name.
// The sentence may come out longer than it was; its names are the new ones.
struct SwappedPair {
  TrainingSentence sentence;
  std::vector<Pieces> passage;  // sentences of the passage's body
};

// What a name becomes:
//   a number    random digits, as many pieces
//   half        another name of the text with as many words
//   otherwise   one to three words of random pieces: of pieces that stand in names more often than
//               outside of them, or that the text does not have, in words of up to four; or, as
//               names from elsewhere fall apart, of more and shorter pieces
// So a swapped sentence still looks like one: what is a name in it can be told from what is not.
class NameSwapper {
 public:
  NameSwapper(const Vocabulary& vocabulary, const TrainingText& text);
  SwappedPair swap(const TrainingSentence& sentence, const std::vector<Pieces>& passage,
                   Rng& rng) const;

 private:
  struct PiecePool {
    std::vector<int32_t> starts, continuations;
  };
  void fill_pools(const Vocabulary& vocabulary, const TrainingText& text);
  Pieces other_name(const Pieces& original, Rng& rng) const;
  Pieces random_name(Rng& rng) const;
  size_t words_in(const Pieces& name) const;

  PiecePool words_, short_words_, digits_;
  std::array<std::vector<Pieces>, 3> names_;  // of one, two, and three or more words
  std::vector<bool> continues_;               // by id: a "##" piece
};

}  // namespace realm
