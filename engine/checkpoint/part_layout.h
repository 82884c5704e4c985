// Which tensors each part of a REALM model consists of, and under which names checkpoints keep them
// (REALM_SPEC 10.1, 10.5). Pure functions; thread-safe.
//
// Canonical names are those of Hugging Face's REALM classes: "realm." for the body,
// "cls.predictions." for the masked language model head, "cls.dense." and "cls.LayerNorm." for the
// projection, "qa_outputs." for the span reader.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/checkpoint/model_config.h"

namespace realm {

// The networks that a checkpoint can give us.
enum class ModelPart {
  kEmbedder,  // body, pooler, projection
  kEncoder,   // body, masked language model head (the knowledge-augmented encoder)
  kReader,    // body, span head
  kBert,  // plain BERT, the baseline: body, and the masked language model head where there is one
};
std::string_view part_name(ModelPart part) noexcept;  // "embedder", "encoder", "reader", "BERT"

struct ExpectedTensor {
  std::string name;  // canonical
  std::vector<int64_t> shape;
  bool required = true;  // false: a part works without it (the pooler of an encoder)
  std::string alias_of;  // canonical name of the tensor that this one always equals; empty: none
};

// All tensors of a part, in the order of the network. A tied decoder and its bias are aliases.
std::vector<ExpectedTensor> expected_tensors(ModelPart part, const ModelConfig& config);

// What a file of tensors is, told from its names.
enum class CheckpointKind { kEmbedder, kScorer, kEncoder, kReader, kOpenQa, kBert };
std::string_view kind_name(
    CheckpointKind kind) noexcept;  // "embedder", ..., "open-QA model", "BERT"
// Throws Error{kUnsupported} when the names belong to no REALM or BERT model; `where` names the
// file.
CheckpointKind tell_kind(std::span<const std::string> names, const std::string& where);

// The canonical name of a tensor of a file: "module." is dropped, "bert." and a bare body become
// "realm.", LayerNorm.gamma and beta become weight and bias. A name that is nobody's comes back as
// it is.
std::string canonical_name(std::string_view name);
// True for tensors that checkpoints carry and no network of ours uses: position_ids and the next
// sentence head.
bool is_known_extra(std::string_view canonical);

}  // namespace realm
