// ModelFolder: what a folder of checkpoints holds, told from its files (REALM_SPEC 10).
//
// A folder is one model (config.json and weights: embedder, scorer, encoder, reader, open-QA model
// or BERT) or a REALM bundle, whose subfolders embedder/ (or scorer/ or openqa/), encoder/, and
// where there are any reader/ and bert/ each hold one. vocab.txt and tokenizer_config.json lie in
// the part's folder or in the one above; a bundle may have a model.json of ours.
//
// Weights are looked for as model.safetensors, model.safetensors.index.json, pytorch_model.bin,
// pytorch_model.bin.index.json, in this order, and are memory mapped. Immutable after open(), so
// safe to share between threads. open() and load() read tables of contents only; both block on
// disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/checkpoint/model_config.h"
#include "engine/checkpoint/part_layout.h"
#include "engine/checkpoint/tensor_file.h"

namespace realm {

// What became of every tensor. Each name of the file is a loaded tensor's, or in one of unexpected,
// misshapen and unused.
struct TensorAccounting {
  struct Misshapen {
    std::string name;  // canonical
    std::vector<int64_t> expected, found;
  };
  std::vector<std::string> loaded;  // canonical names; restored aliases are not listed
  std::vector<std::string>
      restored;  // canonical names of aliases that were made from what they equal
  std::vector<std::string> missing;  // canonical names of required tensors
  std::vector<Misshapen> misshapen;
  std::vector<std::string> unexpected;  // names of the file that no network has a place for
  std::vector<std::string>
      unused;  // names of the file that belong to another part, or are never used
  std::vector<std::string> notes;  // sentences about what a reader of the accounting should know
};

// The tensors of one part under their canonical names. Keeps the file mapped.
struct PartTensors {
  struct Named {
    std::string name;
    TensorView tensor;
    bool is_alias = false;  // equals another tensor of the list: a tied decoder, its bias
  };
  ModelPart part = ModelPart::kEmbedder;
  ModelConfig config;
  std::filesystem::path path;  // the weights' file
  std::vector<Named> tensors;  // in the order of the network; none of wrong shape
  bool has_masked_language_head = false;
  TensorAccounting accounting;
  std::shared_ptr<const TensorFile> file;

  const TensorView* find(std::string_view name) const;  // nullptr: not among them
  const TensorView& at(std::string_view name) const;    // Error{kMismatch} naming file and tensor
  // Throws Error{kMismatch} naming what is missing, misshapen, or in the body beyond what the
  // config says (a 12-layer file under a 6-layer config). Other unexpected tensors are no error.
  void require_complete() const;
  // SHA-256 over names, types, shapes and raw bytes, hexadecimal: the same for every file format
  // that keeps the same values in the same type. Reads everything once.
  std::string fingerprint() const;
};

// model.json of a bundle; every key may be absent.
struct BundleInfo {
  std::optional<std::string> name;
  std::optional<int64_t> step;             // training step of the weights
  std::optional<int64_t> query_length;     // pieces of a query, with [CLS] and [SEP]
  std::optional<int64_t> document_length;  // pieces of a document, likewise
  std::optional<double> score_scale;       // f(x,z) is multiplied by it
};

class ModelFolder {
 public:
  // Throws Error{kNotFound} (no such folder, nothing in it that is a model: names what was looked
  // for), Error{kMismatch} (a subfolder holds something else than its name says), and all errors of
  // ModelConfig and TensorFile.
  static ModelFolder open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const noexcept { return path_; }
  bool is_bundle() const noexcept { return is_bundle_; }
  // "bundle (embedder, encoder)", "BERT": for messages and lists.
  std::string describe() const;

  // The parts that the folder is made to give. BERT with its head counts as an encoder too.
  std::vector<ModelPart> parts() const;
  bool has(ModelPart part) const;
  const ModelConfig& config(ModelPart part) const;  // throws as load
  // The tensors for a part, complete or not (see require_complete). A single folder gives what it
  // has for any part, so that a BERT folder can start an embedder; a bundle only parts that it has
  // a folder for. Throws Error{kNotFound} naming the folder and the part.
  PartTensors load(ModelPart part) const;
  // block_emb [N, P] of an open-QA model, valid as long as this object; nullopt: none.
  std::optional<PartTensors::Named> block_embeddings() const;

  // Throws Error{kNotFound} naming the places where it was looked for.
  std::filesystem::path vocabulary_file() const;
  bool lower_case() const noexcept {
    return lower_case_;
  }  // do_lower_case; true where nothing is said
  const BundleInfo& info() const noexcept { return info_; }

 private:
  struct Member {
    std::filesystem::path folder;
    CheckpointKind kind = CheckpointKind::kEncoder;
    ModelConfig config;
    std::shared_ptr<const TensorFile> file;
    bool has_masked_language_head = false;
  };
  static std::optional<Member> open_member(const std::filesystem::path& folder);
  const Member* find_member(ModelPart part) const;
  const Member& require_member(ModelPart part) const;
  void read_side_files();

  std::filesystem::path path_;
  bool is_bundle_ = false;
  std::vector<Member> members_;
  std::optional<std::filesystem::path> vocabulary_;
  bool lower_case_ = true;
  BundleInfo info_;
};

}  // namespace realm
