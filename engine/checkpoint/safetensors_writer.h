// Writer of the safetensors format (REALM_SPEC 10.3), as Hugging Face reads it back. The same
// tensors give the same bytes, whatever order they come in. Thread-safe: no state. Blocks on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/tensor_view.h"

namespace realm {

struct TensorToWrite {
  std::string name;
  std::vector<int64_t> shape;
  ScalarType type = ScalarType::kF32;  // how it is stored: kF32, kF16 or kU8
  std::span<const float> values;       // row-major; must outlive the call
  std::span<const std::byte> bytes{};  // of kU8, instead of values
};

// Replaces `path` in one step: readers see the old file or the new, never a part.
// Throws Error{kInvalidArgument} naming the tensor (a name twice, values that do not fill the
// shape, another type, a finite value that half precision cannot hold), Error{kIo, kNotFound} when
// the file cannot be written.
void write_safetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace realm
