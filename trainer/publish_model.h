// Copying a finished run's models into the workspace as models/<output_model>/. Blocks on disk.
// Free of LibTorch.
#pragma once

#include <filesystem>

#include "trainer/options.h"

namespace realm {

// Takes the newest checkpoint of the run. A folder of that name is replaced. Writes vocab.txt and
// model.json (name, step, lengths) beside the parts. Throws Error{kNotFound} without a checkpoint,
// Error{kIo}.
void publish_model(const TrainOptions& options, const std::filesystem::path& run_folder);

}  // namespace realm
