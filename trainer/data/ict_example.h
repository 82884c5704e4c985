// Inverse cloze task batches (REALM_SPEC 5.7; TRAINING.md 1): a sentence of a passage is the query,
// the rest its positive, the other passages of the batch the negatives. Pure functions of their
// inputs and the generator.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/rng.h"
#include "engine/text/bert_input.h"
#include "trainer/data/name_swapper.h"
#include "trainer/data/passage_table.h"
#include "trainer/data/reading_example.h"
#include "trainer/data/training_text.h"
#include "trainer/options.h"

namespace realm {

struct IctBatch {
  std::vector<BertInput> queries;    // B
  std::vector<BertInput> documents;  // B, documents[i] is the positive of queries[i]
  std::vector<bool> removed;         // whether the query's sentence was taken out of its passage
  // Pairs (query i, document j), i != j, that are no negatives: passage j says what query i hides,
  // so it may well be another right passage (Karpukhin et al. 2020 leave such out too).
  std::vector<std::pair<int, int>> undecided;
};

class IctSampler {
 public:
  // `text` may be null when pair_fraction is 0. The references must outlive the sampler.
  // `masks`: as the retriever reads its queries.
  IctSampler(const TrainOptions& options, const Vocabulary& vocabulary,
             const PassageTable& passages, const TrainingText* text,
             QueryMasks masks = QueryMasks::kKept);

  // Up to `count` passages that the retriever finds most like a passage, given and returned as
  // rows.
  using Nearest = std::function<std::vector<int64_t>(int64_t row, int count)>;
  // For neighbour_probability; without it batches are drawn as if that were 0.
  void set_nearest(Nearest nearest) { nearest_ = std::move(nearest); }

  IctBatch sample(Rng& rng) const;

 private:
  // A query before it is corrupted, what it hides ({}: nothing known), and its positive.
  struct Question {
    Pieces query, hidden, title, body;
    bool removed = false;
  };

  std::vector<int64_t> choose_passages(Rng& rng) const;
  std::vector<int64_t> choose_neighbours(size_t count, Rng& rng) const;
  Question ask_from_text(int64_t row, Rng& rng) const;
  Question ask_from_passage(int64_t row, Rng& rng) const;
  Pieces corrupt(Pieces query, Rng& rng) const;

  const TrainOptions& options_;
  const Vocabulary& vocabulary_;
  const PassageTable& passages_;
  const TrainingText* text_;
  std::optional<NameSwapper> swapper_;  // where there is a text
  Nearest nearest_;
  SequenceLengths lengths_;
  QueryMasks query_masks_;
  std::vector<bool> continues_, digits_;            // by piece id
  std::vector<std::vector<int64_t>> sentences_of_;  // by passage row: indices into text_->sentences
  // Passages of at least two sentences; of one as well unless every query is to be taken out.
  std::vector<int64_t> usable_;
  std::vector<bool> is_usable_;  // by row
  std::vector<std::vector<int64_t>> usable_by_source_;
};

}  // namespace realm
