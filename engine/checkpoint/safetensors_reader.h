// Reader of the safetensors format (REALM_SPEC 10.3), strict: every byte of the data belongs to
// exactly one tensor, and the header says nothing that the file cannot hold. Thread-safe: no state.
// Reads the header only.
#pragma once

#include "engine/checkpoint/mapped_file.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {

// The views point into `file`, which must outlive them. Throws Error{kCorruptData} naming file and
// tensor, or Error{kUnsupported} for an element type that we have no use for (F8, U16, complex
// numbers).
TensorTable read_safetensors(const MappedFile& file);

}  // namespace realm
