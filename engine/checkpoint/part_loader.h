// Turns the tensors of a file into those of one part, and accounts for every one of them. Internal
// to this folder; ModelFolder is the way in. Thread-safe: no state.
#pragma once

#include <memory>

#include "engine/checkpoint/model_folder.h"

namespace realm {

// True when a checkpoint of this kind has tensors for the part, if perhaps not all (a BERT body
// starts an embedder).
bool can_give(CheckpointKind kind, ModelPart part) noexcept;

// Requires can_give(kind, part). Throws Error{kUnsupported} for a decoder that is not tied to the
// word embeddings.
PartTensors load_part(std::shared_ptr<const TensorFile> file, CheckpointKind kind, ModelPart part,
                      const ModelConfig& config);

}  // namespace realm
