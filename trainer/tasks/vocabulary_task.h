// The vocabulary task: counts words and trains a WordPiece vocabulary
// (engine/text/vocabulary_trainer.h). Blocks.
#pragma once

#include <functional>

#include "engine/base/progress.h"
#include "trainer/options.h"

namespace realm {

// Told how far it has come, many times a second; false: it is to stop.
using VocabularyWatch = std::function<bool(const Progress&)>;

// Reads options.vocabulary_text (or the workspace's corpus) and writes
// models/<output_model>/vocab.txt in the workspace. False: it was to stop, and nothing is written.
// Throws Error{kInvalidArgument} without an output_model or without a word to count,
// Error{kNotFound, kIo}.
bool train_vocabulary(const TrainOptions& options, const VocabularyWatch& goes_on);

}  // namespace realm
