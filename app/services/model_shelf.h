// The models of a workspace as a list, and taking one out of it for good. Models made from
// checkpoints pile up there (trainer/publish_model.h). Blocks on disk; free of LibTorch.
#pragma once

#include <string>
#include <vector>

#include "app/view/train_messages.h"
#include "storage/workspace.h"

namespace realm {

// By name. What cannot be read is listed with its problem.
std::vector<view::StoredModel> stored_models(const Workspace& workspace);

// The runs that ended before their last step and start from the model: without it they cannot be
// resumed. By name.
std::vector<std::string> runs_that_need(const Workspace& workspace, const std::string& name);
// That in one sentence; empty for no runs.
std::string loss_of(const std::vector<std::string>& runs);

// Throws Error{kInvalidArgument} for a model that is in use, as model, as baseline or by a run that
// goes on; Error{kNotFound, kIo, kBusy}.
void remove_stored_model(Workspace& workspace, const std::string& name);

}  // namespace realm
