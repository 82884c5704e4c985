// Writing a model of the workspace out as Hugging Face folders, in single or half precision. Blocks
// on disk.
#pragma once

#include <filesystem>

#include "engine/checkpoint/model_folder.h"

namespace realm {

// Makes `target`, which must not exist, with a folder for each part (or the one part itself),
// vocab.txt and model.json. `half`: weights are stored as F16 (about 3 significant digits). Throws
// Error{kInvalidArgument} for a target that is there, Error{kMismatch} for an incomplete part,
// Error{kIo}.
void export_model(const ModelFolder& model, const std::filesystem::path& target, bool half);

}  // namespace realm
