#include "storage/workspace_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/error.h"
#include "storage/changeset.h"
#include "storage/corpus_fingerprint.h"
#include "storage/corpus_schema.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "storage/folder_copy.h"
#include "storage/index_catalog.h"
#include "storage/paths.h"
#include "storage/run_database.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr int kDocumentsARead = 1000;

// One check of one workspace, part by part.
class Checker {
 public:
  Checker(Workspace& workspace, bool repair, std::stop_token stop, const ProgressCallback& progress)
      : workspace_(workspace), repair_(repair), stop_(std::move(stop)), progress_(progress) {}

  CheckReport run() {
    try {
      corpus_ =
          CorpusStore::open(workspace_.corpus_database(),
                            workspace_.read_only() ? OpenMode::kReadOnly : OpenMode::kReadWrite);
      check_corpus();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kBusy) throw;
      problem("database", error.what());
      corpus_.reset();
    }
    if (corpus_) check_indexes();
    check_models();
    check_leftovers(workspace_.models_folder());
    check_leftovers(workspace_.indexes_folder());
    check_runs();
    return std::move(report_);
  }

 private:
  void add(const char* what, std::string sentence, bool is_problem, bool repairable,
           bool repaired) {
    report_.findings.push_back({what, std::move(sentence), is_problem, repairable, repaired});
  }
  void problem(const char* what, std::string sentence) {
    add(what, std::move(sentence), true, false, false);
  }
  // Names a problem that `mend` puts right, and puts it right when that was asked for.
  template <typename Mend>
  void repairable(const char* what, std::string sentence, const Mend& mend) {
    if (repair_) mend();
    add(what, std::move(sentence), true, true, repair_);
  }
  Database& database() { return corpus_->database(); }
  int64_t number(std::string_view sql) { return database().get_int64(sql); }

  void check_corpus() {
    const StopGuard guard(database(), stop_);
    report_.revision = corpus_->revision();
    report_.revisions = number("SELECT count(*) FROM revisions");
    report_.undo_steps = number("SELECT count(*) FROM revisions WHERE step IN (1, 2)");
    check_pages();
    check_counts();
    check_fingerprint();
    check_full_text();
    check_dirty();
    check_steps();
    check_imports();
  }

  void check_pages() {
    Query query = database().query("PRAGMA quick_check(10)");
    while (query.step()) {
      if (query.text(0) != "ok")
        problem("database", fmt::format("Corpus database: {}.", query.text(0)));
    }
  }

  void check_counts() {
    report_.documents = number("SELECT count(*) FROM documents");
    const int64_t wrong_blocks =
        number(fmt::format("WITH truth AS (SELECT id >> {0} AS block, count(*) AS documents FROM "
                           "documents GROUP BY id >> {0}) "
                           "SELECT count(*) FROM (SELECT block, documents FROM truth EXCEPT SELECT "
                           "block, documents FROM document_blocks "
                           "UNION ALL SELECT * FROM (SELECT block, documents FROM document_blocks "
                           "WHERE documents <> 0 EXCEPT "
                           "SELECT block, documents FROM truth))",
                           kDocumentBlockBits));
    const int64_t wrong_sources = number(
        "SELECT count(*) FROM sources s WHERE documents <> (SELECT count(*) FROM documents WHERE "
        "source = s.id)");
    if (corpus_->size() != report_.documents || wrong_blocks + wrong_sources > 0) {
      repairable("count",
                 fmt::format("The corpus says that it has {} documents and holds {}; {} block "
                             "counts and {} source counts are "
                             "wrong.",
                             corpus_->size(), report_.documents, wrong_blocks, wrong_sources),
                 [this] { count_again(); });
    }
    const int64_t homeless =
        number("SELECT count(*) FROM documents WHERE source NOT IN (SELECT id FROM sources)");
    if (homeless > 0)
      problem("source", fmt::format("{} documents name a source that is not there.", homeless));
  }

  void count_again() {
    Transaction transaction(database(), Transaction::Kind::kWrite);
    database().exec("UPDATE state SET documents = (SELECT count(*) FROM documents)");
    database().exec("DELETE FROM document_blocks");
    database().exec(fmt::format("INSERT INTO document_blocks SELECT id >> {0}, count(*) FROM "
                                "documents GROUP BY id >> {0}",
                                kDocumentBlockBits)
                        .c_str());
    database().exec(
        "UPDATE sources SET documents = (SELECT count(*) FROM documents WHERE source = "
        "sources.id)");
    transaction.commit();
  }

  void check_fingerprint() {
    std::string recorded;
    MultisetHash sum;
    {
      Transaction snapshot(database(), Transaction::Kind::kRead);
      recorded = corpus_->fingerprint();
      Progress state{0, report_.documents, "checking documents"};
      DocumentId last = kNullDocumentId;
      while (true) {
        if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "The check was cancelled.");
        const std::vector<Document> documents = corpus_->read_after(last, kDocumentsARead);
        if (documents.empty()) break;
        for (const Document& d : documents)
          sum += hash_document(d.id, d.title, d.text, d.source, d.licence);
        last = documents.back().id;
        state.done += static_cast<int64_t>(documents.size());
        if (progress_) progress_(state);
      }
    }
    report_.fingerprint = sum.hex();
    if (recorded == report_.fingerprint) return;
    repairable("fingerprint",
               fmt::format("The corpus records the fingerprint {}, and its documents give {}: "
                           "something else than this program "
                           "changed them.",
                           recorded, report_.fingerprint),
               [&] {
                 Transaction transaction(database(), Transaction::Kind::kWrite);
                 Query update = database().query("UPDATE state SET fingerprint = ?");
                 update.bind_blob(sum.bytes());
                 update.run();
                 transaction.commit();
               });
  }

  void check_full_text() {
    if (corpus_->read_only()) {
      add("full-text", "The full-text index was not checked: the workspace is read-only.", false,
          false, false);
      return;
    }
    try {
      database().exec(
          "INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCorruptData) throw;
      repairable("full-text", "The full-text index does not agree with the documents.", [this] {
        database().exec("INSERT INTO documents_fts(documents_fts) VALUES ('rebuild')");
      });
    }
  }

  void check_dirty() {
    const int64_t lost = number(
        "SELECT count(*) FROM dirty WHERE deleted = EXISTS(SELECT 1 FROM documents WHERE id = "
        "document)");
    if (lost > 0) {
      repairable(
          "dirty",
          fmt::format(
              "{} marks of documents to embed again are wrong about whether the document exists.",
              lost),
          [this] {
            Transaction transaction(database(), Transaction::Kind::kWrite);
            database().exec(
                "UPDATE dirty SET deleted = NOT EXISTS(SELECT 1 FROM documents WHERE id = "
                "document)");
            transaction.commit();
          });
    }
    report_.dirty_documents = corpus_->dirty_count();
    if (report_.dirty_documents > 0) {
      add("dirty",
          fmt::format("{} documents wait to be embedded (realm index does it).",
                      report_.dirty_documents),
          false, false, false);
    }
  }

  void check_steps() {
    int64_t damaged = 0;
    {
      Query query = database().query(
          "SELECT changeset FROM revisions WHERE step IN (1, 2) AND what <> 'import'");
      while (query.step()) {
        try {
          if (read_changeset(database(), query.text(0)).empty()) ++damaged;
        } catch (const Error&) {
          ++damaged;
        }
      }
    }
    if (damaged > 0) {
      repairable(
          "undo",
          fmt::format("{} steps of the undo history are damaged; repair forgets the history.",
                      damaged),
          [this] { forget_steps(); });
    }
    check_shelf();
  }

  // The documents of imports that were undone.
  void check_shelf() {
    if (number("PRAGMA user_version") < 2) return;  // they could not be
    const int64_t expected = number(
        "SELECT coalesce(sum(documents), 0) FROM revisions WHERE step = 2 AND what = 'import'");
    const int64_t shelved = number("SELECT count(*) FROM shelved_documents");
    if (shelved == expected) return;
    repairable(
        "undo",
        fmt::format("Imports of {} documents were undone, and {} of them are kept to be done "
                    "again; repair forgets the history.",
                    expected, shelved),
        [this] { forget_steps(); });
  }

  void forget_steps() {
    Transaction transaction(database(), Transaction::Kind::kWrite);
    database().exec("UPDATE revisions SET step = 3 WHERE step IN (1, 2)");
    database().exec("DELETE FROM shelved_documents");
    transaction.commit();
  }

  void check_imports() {
    Query query = database().query(
        "SELECT file_name, byte_offset FROM imports i WHERE finished = 0 AND NOT EXISTS (SELECT 1 "
        "FROM revisions WHERE revision = i.first_revision AND step IN (2, 3)) ORDER BY id");
    while (query.step()) {
      add("import",
          fmt::format("The import of '{}' stopped at byte {}; import it again to go on from there.",
                      query.text(0), query.int64(1)),
          false, false, false);
    }
  }

  void check_indexes() {
    IndexCatalog catalog(*corpus_, workspace_.folder());
    std::vector<std::string> known;
    for (const IndexRecord& index : catalog.list()) {
      ++report_.indexes;
      const fs::path folder = workspace_.folder() / index.path;
      known.push_back(folder.filename().string());
      if (!is_folder(folder)) {
        repairable("index",
                   fmt::format("Index {} is recorded, and its folder '{}' is not there.",
                               index.generation, folder.string()),
                   [&] { forget_index(catalog, index.generation); });
      } else if (index.corpus_fingerprint == report_.fingerprint &&
                 index.vectors != report_.documents) {
        problem("index", fmt::format("Index {} has {} vectors for {} documents; build it again "
                                     "with realm index --rebuild.",
                                     index.generation, index.vectors, report_.documents));
      }
    }
    const int64_t active = workspace_.active().index_generation;
    if (active != 0 && !catalog.find(active)) {
      repairable("index",
                 fmt::format("Index {} is chosen in workspace.json and not recorded.", active),
                 [this] { workspace_.set_active_index(0); });
    }
    std::error_code error;
    for (fs::directory_iterator entry(workspace_.indexes_folder(), error), end; entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with('.') || std::find(known.begin(), known.end(), name) != known.end())
        continue;
      repairable("orphan-folder",
                 fmt::format("'{}' belongs to no recorded index.", entry->path().string()),
                 [&] { fs::remove_all(entry->path(), error); });
    }
    check_artifacts();
  }

  void forget_index(IndexCatalog& catalog, int64_t generation) {
    catalog.remove(generation);
    if (workspace_.active().index_generation == generation) workspace_.set_active_index(0);
  }

  void check_artifacts() {
    std::vector<std::string> missing;
    {
      Query query = database().query("SELECT path FROM artifacts ORDER BY path");
      while (query.step()) {
        if (!path_exists(workspace_.folder() / query.text(0))) missing.push_back(query.text(0));
      }
    }
    for (const std::string& path : missing) {
      repairable("artifact", fmt::format("'{}' is recorded and not there.", path), [&] {
        Transaction transaction(database(), Transaction::Kind::kWrite);
        database().query("DELETE FROM artifacts WHERE path = ?").bind(path).run();
        transaction.commit();
      });
    }
  }

  void check_models() {
    const std::vector<std::string> models = workspace_.models();
    report_.models = static_cast<int64_t>(models.size());
    for (const std::string& name : {workspace_.active().model, workspace_.active().baseline}) {
      if (name.empty() || std::find(models.begin(), models.end(), name) != models.end()) continue;
      problem("model",
              fmt::format("Model '{}' is chosen in workspace.json, and there is no folder '{}'.",
                          name, (workspace_.models_folder() / name).string()));
    }
  }

  void check_leftovers(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; entry != end; entry.increment(error)) {
      if (!is_leftover_name(entry->path().filename().string())) continue;
      repairable(
          "orphan-folder",
          fmt::format("'{}' was left behind by a copy that was killed.", entry->path().string()),
          [&] { fs::remove_all(entry->path(), error); });
    }
  }

  void check_runs() {
    if (!path_exists(workspace_.run_database())) return;
    try {
      for (const RunSummary& run : RunReader::open(workspace_.run_database())->runs()) {
        if (run.state != RunState::kLost) continue;
        add("run",
            fmt::format("Run {} was killed at step {}; realm train --resume {} goes on.", run.id,
                        run.step, run.id),
            false, false, false);
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kBusy) throw;
      problem("runs", error.what());
    }
  }

  Workspace& workspace_;
  bool repair_;
  std::stop_token stop_;
  const ProgressCallback& progress_;
  std::unique_ptr<CorpusStore> corpus_;
  CheckReport report_;
};

}  // namespace

bool CheckReport::ok() const {
  return std::all_of(findings.begin(), findings.end(), [](const CheckFinding& finding) {
    return !finding.is_problem || finding.repaired;
  });
}

CheckReport check_workspace(Workspace& workspace, bool repair, std::stop_token stop,
                            const ProgressCallback& progress) {
  workspace.reload();
  if (!repair) return Checker(workspace, false, std::move(stop), progress).run();
  // Nobody builds an index or copies a model in meanwhile, whose folder has no row yet.
  const WriterLock lock = workspace.lock("repair");
  return Checker(workspace, true, std::move(stop), progress).run();
}

}  // namespace realm
