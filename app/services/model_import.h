// Bringing a model into a workspace: looked through first, so that a checkpoint with a fault is
// named before anything is copied (CLI.md, model import). Blocks on disk.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"
#include "engine/checkpoint/model_folder.h"
#include "storage/workspace.h"

namespace realm {

// What a model can be used for.
struct ModelUse {
  bool as_model = false;     // it has an embedder and an encoder
  bool as_baseline = false;  // it is a BERT with a masked language model head
};
ModelUse model_use(const ModelFolder& folder);
// Throws Error{kMismatch} for a model that cannot be asked, or else not be the baseline.
void require_usable(const ModelFolder& folder, const std::string& name, bool as_baseline);

// Throws Error{kMismatch} naming every tensor that is missing or misshapen, in any part.
void require_sound(const ModelFolder& folder);

// Looks it through and copies it in as `name`. It becomes the active model or the baseline where
// there is none yet; a baseline has the words of the model, and is none beside one of other words.
ModelUse import_checked_model(Workspace& workspace, const std::filesystem::path& source,
                              const std::string& name, std::stop_token stop,
                              const ProgressCallback& progress);

}  // namespace realm
