// Copying a run's models into its workspace as models/<name>/, with vocab.txt and model.json (name,
// step, lengths) beside the parts. All of it or nothing. Blocks on disk. Free of LibTorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "trainer/options.h"

namespace realm {

// Takes the newest checkpoint of a run that did all its steps, as options.output_model of
// options.workspace. A folder of that name is replaced. Throws Error{kNotFound} without a
// checkpoint, Error{kIo}.
void publish_model(const TrainOptions& options, const std::filesystem::path& run_folder);

struct CheckpointWish {
  std::optional<int64_t> step{};  // none: the newest
  std::string name{};             // of the model; empty: "<run>@<step>"
  // It must be a whole model, with an embedder and an encoder; else what the run trains is enough.
  bool is_to_be_asked = true;
};

struct CheckpointModel {
  std::string name;
  int64_t step = 0;  // of the checkpoint taken: the newest at or before the wish's
  bool can_be_asked = false;
  std::string borrowed;  // "the encoder of starter": what the run does not train; empty: nothing
};

// Makes a checkpoint of a run, whatever the run does meanwhile, a model of the workspace that the
// run's folder lies in. Of a run that trains one part alone the other is its initial model's. What
// is there already from the same checkpoint stays; other models are not replaced.
// Throws Error{kNotFound} without such a checkpoint or run, or where the trainer removed it while
// it was copied, Error{kMismatch} where a part is missing, Error{kInvalidArgument} for a name that
// is bad or another model's, Error{kIo}.
CheckpointModel publish_checkpoint(const std::filesystem::path& run_folder,
                                   const CheckpointWish& wish);

}  // namespace realm
