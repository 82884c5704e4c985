// Inverse cloze task batches (REALM_SPEC 5.7; TRAINING.md 1): a sentence of a passage is the query,
// the rest its positive, the other passages of the batch the negatives. Pure functions of their
// inputs and the generator.
#pragma once

#include <vector>

#include "engine/base/rng.h"
#include "engine/text/bert_input.h"
#include "trainer/data/passage_table.h"
#include "trainer/data/reading_example.h"
#include "trainer/data/training_text.h"
#include "trainer/options.h"

namespace realm {

struct IctBatch {
  std::vector<BertInput> queries;    // B
  std::vector<BertInput> documents;  // B, documents[i] is the positive of queries[i]
  std::vector<bool> removed;         // whether the query's sentence was taken out of its passage
};

class IctSampler {
 public:
  // `text` may be null when pair_fraction is 0. The references must outlive the sampler.
  IctSampler(const TrainOptions& options, const Vocabulary& vocabulary,
             const PassageTable& passages, const TrainingText* text);
  IctBatch sample(Rng& rng) const;

 private:
  std::vector<int64_t> choose_passages(Rng& rng) const;
  Pieces corrupt(Pieces query, Rng& rng) const;
  // The sentence with one of its salient spans masked wherever it stands in it.
  Pieces mask_span(const Passage& passage, size_t sentence, Rng& rng) const;

  const TrainOptions& options_;
  const Vocabulary& vocabulary_;
  const PassageTable& passages_;
  const TrainingText* text_;
  SequenceLengths lengths_;
  std::vector<bool> continues_, digits_;            // by piece id
  std::vector<std::vector<int64_t>> sentences_of_;  // by passage row: indices into text_->sentences
  // Passages of at least two sentences; of one as well unless every query is to be taken out.
  std::vector<int64_t> usable_;
  std::vector<std::vector<int64_t>> usable_by_source_;
};

}  // namespace realm
