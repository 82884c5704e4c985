// Writes folders that Hugging Face and ModelFolder read back: config.json, vocab.txt,
// tokenizer_config.json, model.safetensors (REALM_SPEC 10.1). No state; safe from any thread;
// blocks on disk.
//
// Names in the file are those of the Hugging Face class: RealmEmbedder, RealmKnowledgeAugEncoder
// and RealmReader use the canonical names, BertForMaskedLM has "bert." for "realm.". As Hugging
// Face's own writers do, a tensor that equals another one by tying is left out (the decoder and its
// bias); their loader ties it again.
//
// Left out as well, because no network of ours has them, are: embeddings.position_ids (a constant),
// the masked language model head of an embedder or reader (its forward pass never uses it; Hugging
// Face makes a random one when it loads and says so), and the next sentence head of BERT. Of an
// encoder, a reader and BERT the pooler is optional, as nothing reads it.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "engine/checkpoint/model_config.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/part_layout.h"
#include "engine/checkpoint/safetensors_writer.h"

namespace realm {

struct ModelToWrite {
  ModelPart part = ModelPart::kEmbedder;
  ModelConfig config;  // model_type, architectures, tie_word_embeddings and torch_dtype follow from
                       // what is written
  std::span<const TensorToWrite>
      tensors;  // canonical names; aliases may be among them and are left out
  std::span<const std::string>
      vocabulary;  // pieces by id; empty: no tokenizer files (a bundle has them above)
  bool lower_case = true;
};

// Makes `folder` (and those above it) where needed. Each file is replaced in one step, the weights
// last, so that an interrupted call leaves no folder that looks whole. Throws Error{kMismatch}
// naming tensors that are missing, misshapen or not of this part, Error{kInvalidArgument} (a piece
// with a line break, more pieces than the config's vocabulary, values that do not fit), Error{kIo}.
void write_model_folder(const std::filesystem::path& folder, const ModelToWrite& model);

// Writes vocab.txt and tokenizer_config.json, as write_model_folder does, into a part's or a
// bundle's folder, which must exist. `tokenizer_class` is "RealmTokenizer" or "BertTokenizer".
// Throws Error{kInvalidArgument} for a piece that is empty or has a line break, Error{kIo}.
void write_tokenizer_files(const std::filesystem::path& folder,
                           std::span<const std::string> vocabulary, bool lower_case,
                           const std::string& tokenizer_class = "RealmTokenizer");

// Writes model.json into a bundle's folder; absent values are left out. Throws Error{kIo}.
void write_bundle_info(const std::filesystem::path& folder, const BundleInfo& info);

}  // namespace realm
