// The vocabulary in a tokenizer.json of Hugging Face's fast tokenizers, for folders that have no
// vocab.txt. Blocks on disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace realm {

struct TokenizerJson {
  std::vector<std::string> pieces;  // by id
  bool lower_case = true;           // normalizer.lowercase
};

// Throws Error{kNotFound, kIo}, Error{kCorruptData} (no such file; ids that have gaps or stand
// twice) and Error{kUnsupported} (a model that is not WordPiece with "##").
TokenizerJson read_tokenizer_json(const std::filesystem::path& file);

}  // namespace realm
