// ReadingSampler: batches of the reader's warm-up and of plain masked language modelling
// (TRAINING.md 1; REALM_SPEC 5.1). Thread rule: one owner. The references given must outlive it.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/rng.h"
#include "engine/text/bert_input.h"
#include "trainer/data/name_swapper.h"
#include "trainer/data/reading_example.h"
#include "trainer/data/sentence_masker.h"
#include "trainer/options.h"

namespace realm {

struct ReadingExample {
  BertInput input;             // [CLS] x [SEP] passage [SEP], or [CLS] x [SEP] for plain BERT
  std::vector<int> positions;  // of the masks in `input`; those of x come first
  Pieces targets;
  std::vector<int>
      visible;  // positions of unmasked pieces that are predicted too (options.unmasked_targets)
};

class ReadingSampler {
 public:
  ReadingSampler(const TrainOptions& options, const Vocabulary& vocabulary,
                 const PassageTable& passages, const TrainingText& text);

  // The batch of training step `step`: drawn in groups of several batches, sorted by length within
  // the group so that little is padded. Steps are asked for in order; state() and restore() carry
  // the place over a restart.
  std::vector<ReadingExample> batch(int64_t step);

  struct State {
    Rng::State rng;          // before the group was drawn
    int64_t group_step = 0;  // the step that the group was drawn at
    int64_t served = 0;      // batches of the group that were handed out
  };
  State state() const;
  void restore(const State& state);

  // One example with its whole named passage, unswapped (or the null document): for measurements,
  // in which a salient span is hidden whatever options.masking says.
  ReadingExample plain_example(const TrainingSentence& sentence, bool with_passage, Rng& rng) const;

 private:
  void draw_group(int64_t step);
  ReadingExample make(const TrainingSentence& sentence, int64_t step);
  // Masks one whole-word mention in the passage of a name that the input mentions elsewhere.
  void mask_passage_mention(const std::vector<Pieces>& names, int query_size,
                            ReadingExample& example);
  ReadingExample pack(const MaskedSentence& masked, const std::vector<Pieces>& passage) const;

  const TrainOptions& options_;
  const Vocabulary& vocabulary_;
  const PassageTable& passages_;
  const TrainingText& text_;
  NameSwapper swapper_;
  std::unique_ptr<const SentenceMasker> masker_;
  SequenceLengths lengths_;
  Rng rng_;
  State state_;
  std::vector<std::vector<ReadingExample>> group_;
};

}  // namespace realm
