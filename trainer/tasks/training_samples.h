// Samples of pre-training: some examples of a step as they went through it, for a person to read
// (UI.md I 68): x with what was hidden, what was retrieved for it, and what each passage was worth
// and taught. The numbers are those of the step's own forward pass, so that a sample costs no pass
// of a network. Functions without state; thread rule as the networks.
#pragma once

#include <cstdint>
#include <string>

#include "storage/run_database.h"
#include "trainer/tasks/marginal_forward.h"

namespace realm {

inline constexpr size_t kSamplesAStep = 4;

// A sentence with [[ ]] around what `masked` hides of it.
std::string marked_text(const WordPieceTokenizer& tokenizer, const TrainingSentence& sentence,
                        const MaskedSentence& masked);

// The first kSamplesAStep examples of a batch as events "sample" of `step`: the message is x with
// its marks, the data a JSON object with the fields of `realm ask --json`:
//   p_y_given_x, p_y_null
//   documents  best first: "id", "title", "is_null", "p_z_given_x", "p_y_given_zx",
//              "retrieval_utility", "posterior", "credit"
//   index      "generation" of the one that chose them
// `gold` is the title of the passage that the sentence names, where it names one.
void record_samples(const TaskInputs& inputs, const SentenceBatch& batch,
                    const MarginalForward& forward, int64_t step, RunWriter& run);

}  // namespace realm
