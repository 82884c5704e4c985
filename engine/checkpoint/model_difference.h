// Models kept as what differs from a base model: small enough to ship beside a program that can
// fetch the base elsewhere.
//
// A difference is a folder with config.json and difference.safetensors. Of each tensor of the part
// (canonical names, aliases left out) the file holds
// - nothing, where it equals the base's tensor of that name;
// - NAME.codes [ceil(n / 2)] U8 and NAME.scales [ceil(n / 64)] F16, where the base has a tensor of
//   that name and shape with at least 1,024 values: the trained value is the base's plus
//   (code - 8) * scale, with a code of four bits a value (the even ones low) and a scale for every
//   64 values, row-major;
// - NAME as F16, otherwise.
// Its metadata names the base: "base_sha256" of the whole weights file, "format" and "part".
//
// Functions without state; they block on disk.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/checkpoint/model_folder.h"

namespace realm {

struct DifferenceReport {
  int64_t same = 0, coded = 0, whole = 0;  // tensors
  int64_t bytes = 0;                       // of the file
  // Root mean square of what the codes miss, as a share of that of the differences; 0 without any.
  double relative_error = 0;
};

// Writes the difference of a part of `trained` from the weights file `base` into `folder`. Throws
// Error{kMismatch} for a part that is not complete, and the errors of TensorFile and the writers.
DifferenceReport write_difference(const std::filesystem::path& base, const ModelFolder& trained,
                                  ModelPart part, const std::filesystem::path& folder);

// Makes `folder` the whole model: an ordinary Hugging Face folder in half precision, without a
// vocabulary. Throws Error{kMismatch} when `base` is not the file that the difference names (the
// sentence gives both hashes), Error{kCorruptData} for a difference that is not one.
void compose_difference(const std::filesystem::path& base, const std::filesystem::path& difference,
                        const std::filesystem::path& folder);

}  // namespace realm
