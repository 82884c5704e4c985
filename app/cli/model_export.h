// Writing a model of the workspace out as Hugging Face folders, in single or half precision. Blocks
// on disk.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/checkpoint/model_difference.h"
#include "engine/checkpoint/model_folder.h"

namespace realm {

// Makes `target`, which must not exist, with a folder for each part (or the one part itself),
// vocab.txt and model.json. `half`: weights are stored as F16 (about 3 significant digits). Throws
// Error{kInvalidArgument} for a target that is there, Error{kMismatch} for an incomplete part,
// Error{kIo}.
void export_model(const ModelFolder& model, const std::filesystem::path& target, bool half);

// Makes `target`, which must not exist, with a folder for each part that holds what differs from
// the weights file `base` (engine/checkpoint/model_difference.h), and model.json; no vocabulary,
// which is the base's. Returns the report of each part by its folder's name. Throws as above.
std::vector<std::pair<std::string, DifferenceReport>> export_difference(
    const ModelFolder& model, const std::filesystem::path& base,
    const std::filesystem::path& target);

}  // namespace realm
