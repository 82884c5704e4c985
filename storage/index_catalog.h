// IndexCatalog: the rows that name the published indexes and other big files of a workspace
// (DESIGN.md section 4: files first, then the row that names them). The files themselves are
// written by engine/index into indexes/<generation>/.
//
// The tables live in corpus.sqlite. Thread rule: as CorpusStore, whose connection it shares; it
// must not outlive it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace realm {

class CorpusStore;

struct IndexRecord {
  int64_t generation = 0;
  std::string type;                // "exact" or a FAISS factory string
  std::string model_fingerprint;   // of the embedder that made the vectors
  std::string corpus_fingerprint;  // of the texts that were embedded
  int64_t corpus_revision = 0;
  std::string path;  // relative to the workspace folder, for example indexes/7
  int64_t vectors = 0;
  int dimension = 0;  // D
  double build_seconds = 0;
  std::string built_at;  // ISO 8601 UTC; set by publish
};

// Any other big file or folder that a row should name: an exported card, a projection, an embedding
// file.
struct ArtifactRecord {
  std::string kind, path;  // path relative to the workspace folder
  std::string sha256;      // empty: a folder
  int64_t bytes = 0;
  std::string data_json;  // empty, or one JSON object
  std::string made_at;    // ISO 8601 UTC; set by add_artifact
};

class IndexCatalog {
 public:
  IndexCatalog(CorpusStore& corpus, std::filesystem::path workspace_folder);

  // A generation that no index has or had: greater than all rows and all folders under indexes/.
  int64_t next_generation() const;
  // Records an index whose files are in place. Throws Error{kNotFound} when its folder is not
  // there, Error{kInvalidArgument} when the generation is taken.
  void publish(const IndexRecord& record);
  std::optional<IndexRecord> find(int64_t generation) const;
  std::optional<IndexRecord> newest() const;
  std::vector<IndexRecord> list() const;  // newest first
  // Removes the row first, then the files.
  void remove(int64_t generation);

  void add_artifact(const ArtifactRecord& record);  // replaces one of the same path;
                                                    // Error{kNotFound} without the file
  std::vector<ArtifactRecord> artifacts(std::string_view kind) const;

 private:
  CorpusStore* corpus_;
  std::filesystem::path folder_;
};

}  // namespace realm
