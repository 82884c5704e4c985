// What a folder of the sentence-transformers library says about how its encoder's vectors are made:
// modules.json and the modules' own folders (Reimers and Gurevych 2019).
#pragma once

#include <filesystem>
#include <optional>

#include "engine/checkpoint/model_config.h"

namespace realm {

struct SentenceTransformer {
  RetrieverPooling pooling = RetrieverPooling::kMean;
  RetrieverProjection projection = RetrieverProjection::kNone;
  bool normalize = false;
  // The weights of its Dense module, tensors linear.weight [P, H] and linear.bias [P].
  std::optional<std::filesystem::path> dense_weights;
  int64_t dense_size = 0;  // P
};

// nullopt: `folder` has no modules.json. Reads small files; blocks. Throws Error{kCorruptData} (not
// what such files hold) and Error{kUnsupported} (a module, pooling or activation that we do not
// have; the sentence names it and the file).
std::optional<SentenceTransformer> read_sentence_transformer(const std::filesystem::path& folder);

}  // namespace realm
