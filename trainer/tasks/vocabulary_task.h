// The vocabulary task: counts words and trains a WordPiece vocabulary
// (engine/text/vocabulary_trainer.h). Blocks.
#pragma once

#include "trainer/options.h"

namespace realm {

// Reads options.vocabulary_text (or the workspace's corpus) and writes
// models/<output_model>/vocab.txt in the workspace. Throws Error{kInvalidArgument} without an
// output_model or without a word to count, Error{kNotFound, kIo}.
void train_vocabulary(const TrainOptions& options);

}  // namespace realm
