// The tokenizer of a workspace's model, which counts word pieces for those who cut passages.
//
// Thread rule: the main thread; blocks on disk.
#pragma once

#include <memory>

#include "engine/text/wordpiece_tokenizer.h"
#include "storage/workspace.h"

namespace realm {

// nullptr: there is no active model. Throws what ModelFolder and Vocabulary throw.
std::shared_ptr<const WordPieceTokenizer> workspace_tokenizer(const Workspace& workspace);

}  // namespace realm
