// Session: one opened workspace with its models, corpus and index. The window's engine thread and
// every command of the command line work through it, so both show the same numbers by the same
// path.
//
// Thread rule: one thread owns a session. Every call blocks; long ones take a stop token
// (Error{kCancelled}) and report progress. Free of LibTorch, FAISS and ImGui headers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/prediction/ask.h"
#include "engine/realm_engine.h"
#include "engine/text/corpus.h"
#include "storage/corpus_values.h"

namespace realm {

struct SessionOptions {
  std::filesystem::path workspace;
  std::string device = "cpu";
  Precision precision = Precision::kFp32;
  int threads = 0;
  bool read_only = false;
  bool load_models =
      true;  // false: corpus commands need no model; those that do load it on first use
};

struct IndexStatus {
  std::string type;  // empty: there is no index yet
  int64_t generation = 0;
  int64_t vectors = 0;
  int64_t stale_documents =
      0;  // documents in the corpus whose vector is missing or older than their text
  std::string model_fingerprint;  // of the embedder that made it
  bool matches_model = false;
  std::string built_at;  // ISO 8601, UTC
  double build_seconds = 0;
  std::string
      problem;  // why it cannot be asked (it is gone, or belongs to another model); empty: it can
};

struct SessionStatus {
  std::string workspace_name;
  std::string active_model, active_baseline;  // names in the workspace; empty: none
  std::string model_before;        // was active before it, and is still there; empty: none
  std::optional<ModelCard> model;  // nullopt: no model is active, or it is not loaded yet
  std::string corpus_name, corpus_fingerprint;
  int64_t corpus_documents = 0, corpus_revision = 0;
  IndexStatus index;
  bool can_undo = false, can_redo = false, read_only = false;
  std::string undo_title,
      redo_title;  // what the step would undo or redo, for example: edit of "Rhine"
};

// A sentence as the model would read it.
struct SentencePiece {
  std::string text;           // "fer", "##mat", "[MASK]"
  int32_t id = 0;             // in the vocabulary
  size_t begin = 0, end = 0;  // bytes of the sentence that it came from
  bool hidden = false;        // a mask stands in its place
};
struct SentenceReading {
  std::vector<SentencePiece> pieces;
  int limit = 0;           // most pieces that the model reads of a sentence
  bool truncated = false;  // pieces at the end are left out, none of them hidden
  // Names, dates and numbers, which are worth hiding (REALM section 3.4): bytes of the sentence.
  std::vector<std::pair<size_t, size_t>> salient;
};

struct ImportSummary {
  int64_t documents = 0, passages = 0;  // rows taken, and what they were split into
  int64_t skipped = 0;
  std::string why_skipped;  // "2 without text, 1 malformed"; empty: none
  bool already_imported = false;
};

// What a model that came in can be, and whether it is that at once.
struct ImportedModel {
  bool can_be_asked = false;     // it has an embedder and an encoder
  bool can_be_baseline = false;  // it is a BERT with a masked language model head
  bool is_in_use = false;
  std::string lacks{};  // "an embedder", "an encoder", "an embedder and an encoder": to be asked
};

// What an import of a file would do.
struct ImportForecast {
  ImportSummary summary;  // of what was read, or what an earlier import of the same file did
  std::string format;     // "jsonl", "tsv", "text"
  bool resumes = false;   // an import of it stopped half-way: the counts are of the rest
  // Only the first part of a large file was read; these are carried on to the whole of it.
  bool is_estimate = false;
  int64_t estimated_documents = 0, estimated_passages = 0;
  bool splits = true;                   // false: there is no model to count word pieces with
  std::vector<ImportProblem> problems;  // the first hundred of what would be left out
  std::vector<ImportSample> samples;    // the first documents that would come in
};

class Session {
 public:
  // Throws Error{kNotFound} for a folder without workspace.json, Error{kUnsupported} for a newer
  // format, Error{kBusy, kIo}.
  static std::unique_ptr<Session> open(const SessionOptions& options);
  // Makes the folder (and those above it) an empty workspace. Throws Error{kInvalidArgument} where
  // it holds anything already, Error{kIo}.
  static void create(const std::filesystem::path& folder);
  virtual ~Session() = default;

  virtual SessionStatus status() = 0;
  virtual RealmEngine&
  engine() = 0;  // loads the models when they are not yet; throws Error{kNotFound} without a model

  virtual AskResult ask(const AskQuery& query, std::stop_token stop) = 0;
  virtual std::vector<RetrievedDocument> retrieve(const AskQuery& query, std::stop_token stop) = 0;

  virtual std::optional<Document> document(DocumentId id) = 0;
  virtual DocumentPage documents(const DocumentQuery& query, std::stop_token stop) = 0;
  virtual std::vector<std::string> sources() = 0;
  virtual std::vector<RevisionEntry> revisions(std::optional<DocumentId> id, int limit) = 0;

  // Each is one undoable revision that is on disk when the call returns; the touched vectors follow
  // before it returns (or the documents stay marked dirty when there is no model). Throws
  // Error{kInvalidArgument} for an empty text, Error{kNotFound} for an unknown id, Error{kIo} on a
  // read-only workspace.
  virtual DocumentId add_document(const std::string& title, const std::string& text,
                                  const std::string& source) = 0;
  virtual void edit_document(DocumentId id, const DocumentChange& change) = 0;
  virtual void delete_document(DocumentId id) = 0;
  // The documents touched, of an import (which may take minutes) the first thousand;
  // Error{kNotFound} when there is nothing to undo. The index follows what went away by itself;
  // what an import brings back waits for build_index, as with the import itself.
  virtual std::vector<DocumentId> undo(std::stop_token stop, const ProgressCallback& progress) = 0;
  virtual std::vector<DocumentId> redo(std::stop_token stop, const ProgressCallback& progress) = 0;

  // Never fails for what the sentence holds. Throws Error{kNotFound} without a model.
  virtual SentenceReading read_sentence(const std::string& text) = 0;
  // Another document than `id` with the same text, up to case and spaces.
  virtual std::optional<DocumentId> duplicate_of(DocumentId id, const std::string& text) = 0;

  // Adds the documents of a JSONL, TSV or text file, splitting what the model cannot read whole,
  // and writes all documents to one. Throw what storage's importers and exporters throw.
  virtual ImportSummary import_documents(const std::filesystem::path& file, std::stop_token stop,
                                         const ProgressCallback& progress) = 0;
  // What import_documents would do; of a file over `most_bytes` only the beginning is gone through
  // (0: all of it). Works on a read-only workspace too.
  virtual ImportForecast forecast_import(const std::filesystem::path& file, int64_t most_bytes,
                                         std::stop_token stop,
                                         const ProgressCallback& progress) = 0;
  virtual int64_t export_documents(const std::filesystem::path& file, std::stop_token stop,
                                   const ProgressCallback& progress) = 0;

  // Makes a model of the workspace the active one and loads it; with it the index that it made of
  // the corpus as it stands comes back where there is one still, else status().index says that it
  // is another's. A baseline whose words are other ones cannot stand beside it and is none from
  // then on; its name is given back, else nothing. Throws Error{kNotFound, kMismatch} for one that
  // is no model to ask, with everything as it was; Error{kIo} on a read-only workspace.
  virtual std::string use_model(const std::string& name) = 0;
  // Makes a BERT with a masked language model head the one that stands beside the model. Throws
  // Error{kNotFound}, Error{kMismatch} where it is none or has other words than the model, with the
  // one before still there; Error{kIo}.
  virtual void use_baseline(const std::string& name) = 0;

  // Looks a Hugging Face folder through, copies it in as `name`, and uses it where the workspace
  // has no model (or baseline) yet. Throws Error{kNotFound, kMismatch, kInvalidArgument,
  // kCorruptData, kCancelled, kIo}; then nothing was copied.
  virtual ImportedModel import_model(const std::filesystem::path& folder, const std::string& name,
                                     std::stop_token stop, const ProgressCallback& progress) = 0;

  // Embeds what is missing or dirty (all with `rebuild`) and publishes the index. type: "exact" or
  // a FAISS factory string.
  virtual IndexStatus build_index(const std::string& type, bool rebuild, std::stop_token stop,
                                  const ProgressCallback& progress) = 0;
};

}  // namespace realm
