// A Session without models or disk, for tests of the window: a corpus in memory, and a "model" that
// finds the passages which share words with the question and reads the answer off them. Its numbers
// obey every identity of the real one (p(y|x) is the sum of its parts, posteriors add up to 1,
// ...), so that tests may check what is drawn from them.
//
// Thread rule: that of Session; `control` may be used from any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/services/session.h"

namespace realm::testing {

// Lets a test hold an ask until it is released, and make calls fail.
class FakeControl {
 public:
  void hold_asks(bool hold);
  void wait_until_asking();  // blocks until an ask is being held
  void fail_with(std::optional<std::string> sentence);

 private:
  friend class FakeSession;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holds_ = false, asking_ = false;
  std::optional<std::string> failure_;
};

struct FakeOptions {
  std::string name = "starter";
  bool has_model = true;
  bool has_baseline = true;
  bool read_only = false;
  std::vector<Document> documents{};  // ids are given from 1
};

// The passages of the Fermat example and some others.
std::vector<Document> sample_documents();

class FakeSession : public Session {
 public:
  FakeSession(FakeOptions options, std::shared_ptr<FakeControl> control = nullptr);
  ~FakeSession() override;

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
  // Knows any model but one called "broken", and has an index of its first one.
  std::string use_model(const std::string& name) override;
  void use_baseline(const std::string& name) override;
  // Of a folder called "broken" it cannot be done; "bert" can be the baseline alone.
  ImportedModel import_model(const std::filesystem::path& folder, const std::string& name,
                             std::stop_token stop, const ProgressCallback& progress) override;
  IndexStatus build_index(const std::string& type, bool rebuild, std::stop_token stop,
                          const ProgressCallback& progress) override;

 private:
  struct Step {
    DocumentId id = 0;
    std::optional<Document> before{}, after{};
    std::string title{};
  };

  void check_writable() const;
  void apply(const Step& step, bool forward, const std::string& what);
  void record(Step step, const std::string& what);

  FakeOptions options_;
  std::shared_ptr<FakeControl> control_;
  std::map<DocumentId, Document> documents_;
  DocumentId next_id_ = 1;
  int64_t revision_ = 1;
  std::vector<Step> undo_, redo_;
  std::vector<RevisionEntry> log_;
  std::unique_ptr<RealmEngine> engine_;
  std::string model_ = "starter", model_before_;
};

// One answer over given passages: computes everything that follows from p(z|x), p(w|z,x) and the
// baseline.
struct SampleWord {
  std::string word{};
  std::vector<double> given_passage{};  // p(w|z,x) in the order of the passages
  double baseline = 0;
};
AskResult make_result(const AskQuery& query, const std::vector<Document>& passages,
                      const std::vector<double>& scores, const std::vector<SampleWord>& words,
                      const std::string& answer, bool answer_is_given);

// The paper's example with numbers like the paper's.
AskResult fermat_result();

}  // namespace realm::testing
