#include "engine/checkpoint/part_layout.h"

#include <algorithm>

#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

constexpr std::string_view kBody = "realm.";

void add_dense(std::vector<ExpectedTensor>& out, const std::string& name, int64_t rows,
               int64_t columns) {
  out.push_back({name + ".weight", {rows, columns}, true, ""});
  out.push_back({name + ".bias", {rows}, true, ""});
}

void add_norm(std::vector<ExpectedTensor>& out, const std::string& name, int64_t size) {
  out.push_back({name + ".weight", {size}, true, ""});
  out.push_back({name + ".bias", {size}, true, ""});
}

void add_body(std::vector<ExpectedTensor>& out, const ModelConfig& config) {
  const int64_t h = config.hidden;
  out.push_back({"realm.embeddings.word_embeddings.weight", {config.vocabulary, h}, true, ""});
  out.push_back({"realm.embeddings.position_embeddings.weight", {config.positions, h}, true, ""});
  out.push_back({"realm.embeddings.token_type_embeddings.weight", {config.types, h}, true, ""});
  add_norm(out, "realm.embeddings.LayerNorm", h);
  for (int64_t i = 0; i < config.layers; ++i) {
    const std::string layer = "realm.encoder.layer." + std::to_string(i) + ".";
    for (const char* const name : {"query", "key", "value"})
      add_dense(out, layer + "attention.self." + name, h, h);
    add_dense(out, layer + "attention.output.dense", h, h);
    add_norm(out, layer + "attention.output.LayerNorm", h);
    add_dense(out, layer + "intermediate.dense", config.intermediate, h);
    add_dense(out, layer + "output.dense", h, config.intermediate);
    add_norm(out, layer + "output.LayerNorm", h);
  }
}

void add_pooler(std::vector<ExpectedTensor>& out, const ModelConfig& config, bool required) {
  const size_t first = out.size();
  add_dense(out, "realm.pooler.dense", config.hidden, config.hidden);
  for (size_t i = first; i < out.size(); ++i) out[i].required = required;
}

void add_masked_language_head(std::vector<ExpectedTensor>& out, const ModelConfig& config) {
  out.push_back({"cls.predictions.bias", {config.vocabulary}, true, ""});
  add_dense(out, "cls.predictions.transform.dense", config.hidden, config.hidden);
  add_norm(out, "cls.predictions.transform.LayerNorm", config.hidden);
  out.push_back({"cls.predictions.decoder.weight",
                 {config.vocabulary, config.hidden},
                 true,
                 config.tie_word_embeddings ? "realm.embeddings.word_embeddings.weight" : ""});
  out.push_back(
      {"cls.predictions.decoder.bias", {config.vocabulary}, true, "cls.predictions.bias"});
}

// What follows the pooling (ModelConfig's retriever_* keys).
void add_projection(std::vector<ExpectedTensor>& out, const ModelConfig& config) {
  if (config.projection_kind != RetrieverProjection::kNone)
    add_dense(out, "cls.dense", config.projection, config.hidden);
  if (config.projection_kind == RetrieverProjection::kDenseNorm)
    add_norm(out, "cls.LayerNorm", config.projection);
  if (config.normalize) out.push_back({"cls.log_score_scale", {1}, false, ""});
}

bool any_starts_with(const std::vector<std::string>& names, std::string_view prefix) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name.starts_with(prefix); });
}

}  // namespace

std::string_view part_name(ModelPart part) noexcept {
  switch (part) {
    case ModelPart::kEmbedder:
      return "embedder";
    case ModelPart::kEncoder:
      return "encoder";
    case ModelPart::kReader:
      return "reader";
    case ModelPart::kBert:
      return "BERT";
  }
  return "?";
}

std::string_view kind_name(CheckpointKind kind) noexcept {
  switch (kind) {
    case CheckpointKind::kEmbedder:
      return "embedder";
    case CheckpointKind::kScorer:
      return "scorer";
    case CheckpointKind::kEncoder:
      return "encoder";
    case CheckpointKind::kReader:
      return "reader";
    case CheckpointKind::kOpenQa:
      return "open-QA model";
    case CheckpointKind::kBert:
      return "BERT";
  }
  return "?";
}

std::vector<ExpectedTensor> expected_tensors(ModelPart part, const ModelConfig& config) {
  std::vector<ExpectedTensor> out;
  add_body(out, config);
  // Only the embedder looks at the pooled vector (REALM_SPEC 4.2).
  add_pooler(out, config,
             part == ModelPart::kEmbedder && config.pooling == RetrieverPooling::kClsPooler);
  switch (part) {
    case ModelPart::kEmbedder:
      add_projection(out, config);
      break;
    case ModelPart::kEncoder:
    case ModelPart::kBert:
      add_masked_language_head(out, config);
      break;
    case ModelPart::kReader:
      add_dense(out, "qa_outputs.dense_intermediate", 2 * config.span_hidden, config.hidden);
      add_norm(out, "qa_outputs.layer_normalization", config.span_hidden);
      add_dense(out, "qa_outputs.dense_output", 1, config.span_hidden);
      break;
  }
  return out;
}

std::string canonical_name(std::string_view name) {
  constexpr std::string_view kModule = "module.";
  constexpr std::string_view kBert = "bert.";
  constexpr std::string_view kGamma = "LayerNorm.gamma";
  constexpr std::string_view kBeta = "LayerNorm.beta";
  if (name.starts_with(kModule)) name.remove_prefix(kModule.size());
  std::string canonical;
  if (name.starts_with(kBert)) {
    name.remove_prefix(kBert.size());
    canonical = kBody;
  } else if (name.starts_with("embeddings.") || name.starts_with("encoder.layer.") ||
             name.starts_with("pooler.")) {
    canonical = kBody;
  }
  canonical += name;
  if (canonical.ends_with(kGamma)) canonical.replace(canonical.size() - 5, 5, "weight");
  if (canonical.ends_with(kBeta)) canonical.replace(canonical.size() - 4, 4, "bias");
  return canonical;
}

bool is_known_extra(std::string_view canonical) {
  return canonical == "realm.embeddings.position_ids" ||
         canonical.starts_with("cls.seq_relationship.");
}

CheckpointKind tell_kind(std::span<const std::string> names, const std::string& where) {
  std::vector<std::string> canonical;
  for (const std::string& name : names) canonical.push_back(canonical_name(name));
  if (any_starts_with(canonical, "block_emb") || any_starts_with(canonical, "reader."))
    return CheckpointKind::kOpenQa;
  if (any_starts_with(canonical, "embedder.") || any_starts_with(canonical, "query_embedder."))
    return CheckpointKind::kScorer;
  if (any_starts_with(canonical, kBody)) {
    if (any_starts_with(canonical, "qa_outputs.dense_intermediate."))
      return CheckpointKind::kReader;
    if (any_starts_with(canonical, "cls.dense.")) return CheckpointKind::kEmbedder;
    // The two have the same tensors; only the prefix in the file tells them apart.
    const bool is_realm = std::any_of(names.begin(), names.end(), [](const std::string& name) {
      return name.starts_with("realm.") || name.starts_with("module.realm.");
    });
    return is_realm && any_starts_with(canonical, "cls.predictions.") ? CheckpointKind::kEncoder
                                                                      : CheckpointKind::kBert;
  }
  std::string sentence = "The file \"" + where + "\" holds neither a REALM nor a BERT model: ";
  sentence += names.empty() ? "it has no tensors."
                            : "none of its tensors is a body's; the first is " +
                                  in_quotes(names.front()) + ".";
  throw Error(ErrorCode::kUnsupported, sentence);
}

}  // namespace realm
