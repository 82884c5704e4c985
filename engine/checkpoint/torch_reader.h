// Readers of what torch.save writes (REALM_SPEC 10.2): zip archives (torch 1.6 and later) and the
// legacy format before them. Tensors are views onto the mapped file; only the pickles are read.
// Nothing is run (engine/checkpoint/pickle.h).
//
// The state dict is the root dict if it holds tensors, else the first dict with tensors under one
// of the usual names (state_dict, model_state_dict, model, ...), at most three levels down. Dicts
// inside the state dict are flattened with dots. Plain values beside it (epoch, note) become
// metadata. Thread-safe: no state.
#pragma once

#include "engine/checkpoint/mapped_file.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {

// The views point into `file`, which must outlive them. Both throw Error{kCorruptData} naming file
// and tensor, and Error{kUnsupported} naming a forbidden global or opcode.
TensorTable read_torch_zip(const MappedFile& file);
TensorTable read_torch_legacy(const MappedFile& file);

}  // namespace realm
