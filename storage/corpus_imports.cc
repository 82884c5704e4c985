// What imports write into the corpus, and how they are undone and done again.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/error.h"
#include "storage/clock.h"
#include "storage/corpus_store.h"
#include "storage/corpus_store_impl.h"

namespace realm {
namespace {

constexpr int64_t kIdsAMove = 4096;  // between two looks at the stop token
constexpr size_t kMostIdsTold = 1000;

}  // namespace

void CorpusStore::add_batch(std::span<const Document> documents, ImportRecord& record) {
  impl_->require_writable();
  Database& database = *impl_->database;
  Transaction transaction(database, Transaction::Kind::kWrite);
  ImportRecord written = record;  // the caller's changes only when it is committed
  if (!documents.empty()) {
    written.last_revision = impl_->next_revision();
    if (written.first_revision == 0) written.first_revision = written.last_revision;
  }
  if (!documents.empty() && record.first_revision != 0) {
    Query step = database.query("SELECT step FROM revisions WHERE revision = ?");
    step.bind(record.first_revision);
    if (step.step() && !step.is_null(0) && step.int64(0) != kStepDone) {
      throw Error(ErrorCode::kCancelled,
                  fmt::format("The import of '{}' was undone while it was going on, and ends here.",
                              record.file_name));
    }
  }
  DocumentId first = 0, last = 0;
  Query insert = database.query(
      "INSERT INTO documents(title, text, source, created_revision, revision) VALUES (?, ?, ?, ?, "
      "?)");
  std::string_view source;
  std::string_view licence;
  int64_t source_id = 0;
  for (const Document& document : documents) {
    if (source_id == 0 || document.source != source || document.licence != licence) {
      source = document.source;
      licence = document.licence;
      source_id = impl_->source_id(source, licence);
    }
    insert
        .bind(document.title, document.text, source_id, written.last_revision,
              written.last_revision)
        .run();
    last = sqlite3_last_insert_rowid(database.handle());
    if (first == 0) first = last;
  }
  if (!documents.empty()) {
    impl_->drop_redo();
    impl_->note_import_range(written.first_revision, first, last);
    database
        .query(
            "INSERT INTO revisions VALUES (?1, ?2, ?3, ?4, 'import', 0, ?5, ?6, NULL, ?7) ON "
            "CONFLICT(revision) DO "
            "UPDATE SET last_revision = excluded.last_revision, documents = documents + "
            "excluded.documents")
        .bind(written.first_revision, written.last_revision, now_ms(), impl_->author,
              static_cast<int64_t>(documents.size()), written.file_name, kStepDone)
        .run();
  }
  database
      .query(
          "INSERT INTO imports VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON "
          "CONFLICT(id) DO UPDATE "
          "SET byte_offset = excluded.byte_offset, line = excluded.line, finished = "
          "excluded.finished, report = "
          "excluded.report, first_revision = excluded.first_revision, last_revision = "
          "excluded.last_revision, updated = "
          "excluded.updated")
      .bind(written.id, written.file_hash, written.options, written.file_name, written.byte_offset,
            written.line, written.finished, written.report_json, written.first_revision,
            written.last_revision, now_ms())
      .run();
  if (written.id == 0) written.id = sqlite3_last_insert_rowid(database.handle());
  transaction.commit();
  record = std::move(written);
}

std::optional<ImportRecord> CorpusStore::find_import(std::string_view file_hash,
                                                     std::string_view options) const {
  Query query = impl_->database->query(
      "SELECT id, file_hash, options, file_name, byte_offset, line, finished, report, "
      "first_revision, last_revision "
      "FROM imports i WHERE file_hash = ?1 AND options = ?2 AND NOT EXISTS (SELECT 1 FROM "
      "revisions WHERE revision = i.first_revision AND step IN (?3, ?4)) ORDER BY id DESC LIMIT 1");
  query.bind(file_hash, options, kStepUndone, kStepDropped);
  if (!query.step()) return std::nullopt;
  ImportRecord record;
  record.id = query.int64(0);
  record.file_hash = query.text(1);
  record.options = query.text(2);
  record.file_name = query.text(3);
  record.byte_offset = query.int64(4);
  record.line = query.int64(5);
  record.finished = query.int64(6) != 0;
  record.report_json = query.text(7);
  record.first_revision = query.int64(8);
  record.last_revision = query.int64(9);
  return record;
}

void CorpusStore::Impl::drop_redo() {
  database->query("UPDATE revisions SET step = ? WHERE step = ?")
      .bind(kStepDropped, kStepUndone)
      .run();
  // Only what can be done again was on the shelf.
  database->exec("DELETE FROM shelved_documents");
}

void CorpusStore::Impl::note_import_range(int64_t import, DocumentId first, DocumentId last) {
  // Batches mostly follow each other; an edit between two of them may take an id.
  database->query("UPDATE import_ranges SET last = ? WHERE import = ? AND last = ?")
      .bind(last, import, first - 1)
      .run();
  if (database->changes() == 0)
    database->query("INSERT INTO import_ranges VALUES (?, ?, ?)").bind(import, first, last).run();
}

std::vector<DocumentId> CorpusStore::Impl::move_import(int64_t import, bool undo,
                                                       const std::stop_token& stop,
                                                       const ProgressCallback& progress) {
  const std::string_view from = undo ? "documents" : "shelved_documents";
  const std::string_view to = undo ? "shelved_documents" : "documents";
  std::vector<std::pair<DocumentId, DocumentId>> ranges;
  {
    Query list = database->query("SELECT first, last FROM import_ranges WHERE import = ?");
    list.bind(import);
    while (list.step()) ranges.emplace_back(list.int64(0), list.int64(1));
  }
  Query known = database->query("SELECT documents, title FROM revisions WHERE revision = ?");
  known.bind(import);
  known.step();
  const std::string file = known.text(1);
  Progress state{0, known.int64(0), undo ? "undoing the import" : "importing again"};
  known.reset();
  Query copy = database->query(
      fmt::format("INSERT INTO {0} SELECT * FROM {1} WHERE id BETWEEN ? AND ?", to, from));
  Query drop = database->query(fmt::format("DELETE FROM {0} WHERE id BETWEEN ? AND ?", from));
  std::vector<DocumentId> ids;
  for (const auto& [first, last] : ranges) {
    for (DocumentId at = first; at <= last; at += kIdsAMove) {
      if (stop.stop_requested()) {
        throw Error(ErrorCode::kCancelled,
                    fmt::format("{} the import of '{}' was cancelled; nothing was changed.",
                                undo ? "Undoing" : "Doing again", file));
      }
      const DocumentId end = std::min(last, at + kIdsAMove - 1);
      copy.bind(at, end).run();
      state.done += database->changes();
      drop.bind(at, end).run();
      for (DocumentId id = at; id <= end && ids.size() < kMostIdsTold; ++id) ids.push_back(id);
      if (progress) progress(state);
    }
  }
  if (state.done != state.total) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The step cannot be taken: of the {} documents of the import of '{}', "
                            "'{}' holds {}.",
                            state.total, file, database->file().string(), state.done));
  }
  return ids;
}

}  // namespace realm
