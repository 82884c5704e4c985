// Whether what a run reads is there, told before it begins. Free of LibTorch; functions without
// state; they look at the disk and read nothing.
#pragma once

#include <cstdint>

#include "storage/workspace.h"
#include "trainer/options.h"

namespace realm {

// Throws Error{kNotFound} naming the option whose file is not there or cannot be read, or whose
// model the workspace does not have.
void require_inputs(const TrainOptions& options, const Workspace& workspace);

// Throws Error{kInvalidArgument} where the corpus has too few documents for the task.
void require_documents(const TrainOptions& options, int64_t documents);

// Throws Error{kInvalidArgument} for an output_model that the workspace would not take.
void require_output_name(const TrainOptions& options, const Workspace& workspace);

}  // namespace realm
