// RealmEngine: the torch-free facade that the window and the command line use (DESIGN.md section
// 2).
//
// Thread rule: one thread owns an engine; every call blocks. Long calls check their stop token and
// throw Error{kCancelled} within 100 ms of a request to stop. The engine holds models only: the
// corpus and the index are given with each call.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"
#include "engine/index/mips_index.h"
#include "engine/prediction/ask.h"
#include "engine/text/bert_input.h"
#include "engine/text/corpus.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

enum class Precision { kFp32, kBf16 };

struct EngineOptions {
  std::filesystem::path model;  // a REALM model folder (engine/checkpoint/model_folder.h)
  std::optional<std::filesystem::path> baseline;  // a BERT folder with an MLM head
  std::string device = "cpu";                     // "cpu", "cuda", "cuda:N"
  Precision precision = Precision::kFp32;
  int threads = 0;  // 0: as many as cores are free, looked at anew for each batch
};

struct ModelCard {
  std::string name, fingerprint;     // fingerprint: SHA-256 over the weights and the vocabulary
  std::string embedder_fingerprint;  // what an index must have been made with
  int64_t step = 0;
  int dimension = 0;  // D of the embeddings
  int layers = 0, hidden = 0, vocabulary = 0;
  int64_t parameters = 0;
  SequenceLengths lengths;
  std::string baseline_name, baseline_fingerprint;  // empty: none
  std::string device;
};

// The knowledge that a question is asked of. References must outlive the call.
struct Knowledge {
  const Corpus& corpus;
  const MipsIndex& index;
  std::string index_model_fingerprint;  // embedder_fingerprint of the model that embedded it
  int64_t stale_documents = 0;          // documents whose vectors do not follow their text
};

struct RetrievedDocument {
  DocumentId id = kNullDocumentId;
  bool is_null = false;
  double score = 0;        // f(x,z)
  double probability = 0;  // p(z|x) over the listed ones
};

class RealmEngine {
 public:
  // Throws Error{kNotFound, kCorruptData, kMismatch, kUnsupported}.
  static std::unique_ptr<RealmEngine> open(const EngineOptions& options);
  virtual ~RealmEngine() = default;

  virtual const ModelCard& card() const = 0;
  virtual const WordPieceTokenizer& tokenizer() const = 0;

  // Embeddings of documents (title and text), documents.size() * D values, row-major.
  virtual std::vector<float> embed_documents(std::span<const Document> documents,
                                             std::stop_token stop,
                                             const ProgressCallback& progress = {}) = 0;
  // Candidates for x with p(z|x), best first, the null document among them. Throws as ask does.
  virtual std::vector<RetrievedDocument> retrieve(const AskQuery& query, const Knowledge& knowledge,
                                                  std::stop_token stop) = 0;
  // The whole answer. Throws Error{kInvalidArgument} for a query without a mask, with masks beyond
  // the model's length, an answer that has no pieces or an unknown one; Error{kMismatch} when the
  // index belongs to another model.
  virtual AskResult ask(const AskQuery& query, const Knowledge& knowledge,
                        std::stop_token stop) = 0;
};

}  // namespace realm
