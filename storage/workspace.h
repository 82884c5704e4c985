// Workspace: the folder that a user works in (DESIGN.md section 4).
//
//   workspace.json            format version, name, which model, baseline and index are active
//   corpus.sqlite             documents, full-text index, revisions, catalogue of indexes
//   models/<name>/            Hugging Face folders
//   indexes/<generation>/     embeddings and index files, written by the engine
//   runs/runs.sqlite, runs/<id>/
//   spans.sqlite              what a tagger of salient spans found (storage/span_cache.h)
//
// Thread rule: one thread per instance. Calls block on disk. Several processes may have one
// workspace open; what must not happen twice at once (importing a model, building an index) is done
// under a WriterLock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"

namespace realm {

// What is in use. Empty names: none. Stored in workspace.json.
struct ActiveParts {
  std::string model;         // a folder name under models/
  std::string model_before;  // what it was until it was chosen last; may be gone since
  std::string baseline;      // the same; a BERT that is asked the same question without passages
  int64_t index_generation = 0;  // 0: none
};

// Held from construction to destruction. A kill releases it.
class WriterLock {
 public:
  // `purpose`: what for, in words for the sentence that another process gets ("import a model").
  // Throws Error{kBusy} that names the holder's process and purpose; Error{kIo} on a read-only
  // folder.
  WriterLock(const std::filesystem::path& file, const std::string& purpose);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int descriptor_ = -1;
};

class Workspace {
 public:
  static constexpr int kFormatVersion = 1;

  // Makes the folder (and those above it) with an empty corpus. Throws Error{kInvalidArgument} when
  // it already holds a workspace or anything else, Error{kIo}. Empty name: the folder's.
  static Workspace create(const std::filesystem::path& folder, const std::string& name = {});
  // Throws Error{kNotFound} for a folder without workspace.json, Error{kUnsupported} with both
  // versions for a newer format, Error{kCorruptData}. A folder that cannot be written is opened for
  // reading.
  static Workspace open(const std::filesystem::path& folder, bool read_only = false);
  // The nearest folder at or above `start` that holds a workspace.json.
  static std::optional<std::filesystem::path> find_above(const std::filesystem::path& start);

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& name() const { return name_; }
  bool read_only() const { return read_only_; }
  const ActiveParts& active() const { return active_; }
  void reload();  // reads workspace.json again: another process may have set what is active

  std::filesystem::path corpus_database() const { return folder_ / "corpus.sqlite"; }
  std::filesystem::path models_folder() const { return folder_ / "models"; }
  std::filesystem::path model_folder(
      const std::string& name) const;  // throws Error{kInvalidArgument} for a bad name
  std::filesystem::path indexes_folder() const { return folder_ / "indexes"; }
  std::filesystem::path index_folder(int64_t generation) const;
  std::filesystem::path runs_folder() const { return folder_ / "runs"; }
  std::filesystem::path run_database() const { return runs_folder() / "runs.sqlite"; }
  std::filesystem::path run_folder(const std::string& run) const;

  std::vector<std::string> models() const;  // names, sorted
  // Copies a model folder in under `name`: all of it or nothing, links followed. Throws
  // Error{kNotFound} for a source that is no folder, Error{kInvalidArgument} for a name that is bad
  // or taken, Error{kCancelled, kIo, kBusy}.
  void import_model(const std::filesystem::path& source, const std::string& name,
                    std::stop_token stop = {}, const ProgressCallback& progress = {});
  // Removes models/<name>. Throws Error{kInvalidArgument} while it is active, Error{kNotFound}.
  void remove_model(const std::string& name);

  // Each rewrites workspace.json whole or not at all. Throws Error{kNotFound} for a folder that is
  // not there, Error{kIo} on a read-only workspace. An empty name (generation 0) means none.
  void set_active_model(const std::string& name);
  void set_active_baseline(const std::string& name);
  void set_active_index(int64_t generation);
  void rename(const std::string& name);

  WriterLock lock(const std::string& purpose) const;

 private:
  Workspace() = default;
  void require_writable() const;
  template <typename Change>
  void update(const Change& change);

  std::filesystem::path folder_;
  std::string name_;
  bool read_only_ = false;
  ActiveParts active_;
};

}  // namespace realm
