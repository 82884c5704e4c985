// WorkspaceSession: the Session over a workspace folder (storage), the models in it (engine) and
// their index. What Session::open gives; the command line also uses what Session leaves out.
//
// Thread rule and errors: as Session.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/services/live_index.h"
#include "app/services/session.h"
#include "storage/corpus_store.h"
#include "storage/importers.h"
#include "storage/workspace.h"

namespace realm {

class WorkspaceSession final : public Session {
 public:
  // A corpus of at most so many documents that has no index yet gets one with the first question.
  static constexpr int64_t kMaxBuiltAtOnce = 1000;

  explicit WorkspaceSession(const SessionOptions& options);

  SessionStatus status() override;
  RealmEngine& engine() override;

  AskResult ask(const AskQuery& query, std::stop_token stop) override;
  std::vector<RetrievedDocument> retrieve(const AskQuery& query, std::stop_token stop) override;

  std::optional<Document> document(DocumentId id) override;
  DocumentPage documents(const DocumentQuery& query, std::stop_token stop) override;
  std::vector<std::string> sources() override;
  std::vector<RevisionEntry> revisions(std::optional<DocumentId> id, int limit) override;

  DocumentId add_document(const std::string& title, const std::string& text,
                          const std::string& source) override;
  void edit_document(DocumentId id, const DocumentChange& change) override;
  void delete_document(DocumentId id) override;
  std::vector<DocumentId> undo(std::stop_token stop, const ProgressCallback& progress) override;
  std::vector<DocumentId> redo(std::stop_token stop, const ProgressCallback& progress) override;

  SentenceReading read_sentence(const std::string& text) override;
  std::optional<DocumentId> duplicate_of(DocumentId id, const std::string& text) override;
  ImportSummary import_documents(const std::filesystem::path& file, std::stop_token stop,
                                 const ProgressCallback& progress) override;
  ImportForecast forecast_import(const std::filesystem::path& file, int64_t most_bytes,
                                 std::stop_token stop, const ProgressCallback& progress) override;
  int64_t export_documents(const std::filesystem::path& file, std::stop_token stop,
                           const ProgressCallback& progress) override;

  std::string use_model(const std::string& name) override;
  void use_baseline(const std::string& name) override;
  ImportedModel import_model(const std::filesystem::path& folder, const std::string& name,
                             std::stop_token stop, const ProgressCallback& progress) override;
  IndexStatus build_index(const std::string& type, bool rebuild, std::stop_token stop,
                          const ProgressCallback& progress) override;

  // The index as a question sees it: up to date where that takes a moment. Throws Error{kNotFound}
  // where there is none and the corpus is too large to make one by the way, Error{kMismatch} where
  // it belongs to another model.
  std::shared_ptr<const MipsIndex> index(std::stop_token stop);
  std::string index_model_fingerprint() const;  // after index()

  Workspace& workspace() { return workspace_; }
  CorpusStore& corpus() { return *corpus_; }

 private:
  // Models of the workspace into memory, where they take the place of those that are there. Throws,
  // and leaves those.
  void load(const std::string& model, const std::string& baseline);
  void follow_edit(const ProgressCallback& progress = {});
  ImportOptions import_options();

  SessionOptions options_;
  Workspace workspace_;
  std::unique_ptr<CorpusStore> corpus_;
  LiveIndex live_;
  std::unique_ptr<RealmEngine> engine_;
  std::string loaded_model_, loaded_baseline_;
  std::shared_ptr<const MipsIndex> empty_index_;  // what is asked of an empty corpus
};

}  // namespace realm
