// Loading and saving of REALM's networks as Hugging Face folders (REALM_SPEC 10). Functions without
// state; they block on disk. Errors are those of engine/checkpoint: every missing, unexpected or
// misshapen tensor is named.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/checkpoint/model_folder.h"
#include "engine/model/embedder.h"
#include "engine/model/knowledge_augmented_encoder.h"
#include "engine/text/bert_input.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

Embedder load_embedder(const ModelFolder& folder, torch::Device device);
KnowledgeAugmentedEncoder load_encoder(const ModelFolder& folder, torch::Device device);
// An encoder with the body of a BERT folder that has no masked language model head, and a new head
// in front of the tied decoder: its dense layer is the identity, its norm and bias do nothing yet.
KnowledgeAugmentedEncoder make_encoder_of_body(const ModelFolder& folder, torch::Device device);

// The folder's vocabulary and case rule.
std::shared_ptr<const WordPieceTokenizer> load_tokenizer(const ModelFolder& folder);

// The lengths that model.json names, or REALM's 96, 288 and 384, none longer than the parts'
// positions.
SequenceLengths sequence_lengths(const ModelFolder& folder);

// Makes `folder` with config.json, vocab.txt and model.safetensors (float32).
void save_embedder(const std::filesystem::path& folder, const Embedder& embedder,
                   const WordPieceTokenizer& tokenizer);
void save_encoder(const std::filesystem::path& folder, const KnowledgeAugmentedEncoder& encoder,
                  const WordPieceTokenizer& tokenizer);
// The same network as a plain BertForMaskedLM.
void save_bert(const std::filesystem::path& folder, const KnowledgeAugmentedEncoder& encoder,
               const WordPieceTokenizer& tokenizer);

}  // namespace realm
