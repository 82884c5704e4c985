// Edits of the corpus, their log, undo and redo.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "storage/clock.h"
#include "storage/corpus_store.h"
#include "storage/corpus_store_impl.h"
#include "storage/text_cleaning.h"

namespace realm {
namespace {

// A text as it goes into the corpus. Throws Error{kInvalidArgument}.
enum class Kind { kLine, kText };  // a text may have several lines, and may not be empty
std::string accept(std::string_view text, const char* what, Kind kind) {
  if (const std::optional<size_t> bad = find_invalid_utf8(text)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The {} is not valid UTF-8 at byte {}.", what, *bad));
  }
  std::string accepted(text);
  if (kind == Kind::kLine) {
    clean_line(accepted);
  } else {
    clean_text(accepted);
  }
  if (accepted.empty() && kind == Kind::kText) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The {} is empty; expected at least one word.", what));
  }
  return accepted;
}

std::vector<DocumentId> ids_of(std::span<const ChangedDocument> changed) {
  std::vector<DocumentId> ids;
  for (const ChangedDocument& document : changed) ids.push_back(document.id);
  return ids;
}

const char* kind_of(std::span<const ChangedDocument> changed) {
  const bool all_new =
      std::all_of(changed.begin(), changed.end(), [](const auto& d) { return !d.before; });
  const bool all_gone =
      std::all_of(changed.begin(), changed.end(), [](const auto& d) { return !d.after; });
  return all_new ? "add" : all_gone ? "delete" : "edit";
}

std::string step_title(const std::string& what, DocumentId document, int64_t documents,
                       const std::string& title) {
  if (what == "import") {
    return fmt::format("import of {} ({} passage{})", title, documents, documents == 1 ? "" : "s");
  }
  const std::string deed = what == "add" ? "addition" : what == "delete" ? "deletion" : what;
  if (documents != 1) return fmt::format("{} of {} documents", deed, documents);
  if (title.empty()) return fmt::format("{} of document {}", deed, document);
  return fmt::format("{} of \"{}\"", deed, title);
}

}  // namespace

DocumentId CorpusStore::add(std::string_view title, std::string_view text, std::string_view source,
                            std::string_view licence) {
  DocumentEdit edit;
  edit.change = {std::string(title), std::string(text)};
  edit.source = source;
  edit.licence = licence;
  return apply({&edit, 1}).front();
}

void CorpusStore::edit(DocumentId id, const DocumentChange& change) {
  REALM_CHECK(id != kNullDocumentId);
  DocumentEdit edit;
  edit.id = id;
  edit.change = change;
  apply({&edit, 1});
}

void CorpusStore::remove(DocumentId id) {
  REALM_CHECK(id != kNullDocumentId);
  DocumentEdit edit;
  edit.id = id;
  edit.removed = true;
  apply({&edit, 1});
}

std::vector<DocumentId> CorpusStore::apply(std::span<const DocumentEdit> edits) {
  impl_->require_writable();
  Database& database = *impl_->database;
  Transaction transaction(database, Transaction::Kind::kWrite);
  ChangesetRecorder recorder(database);
  const int64_t revision = impl_->next_revision();
  std::vector<DocumentId> ids;
  for (const DocumentEdit& edit : edits) {
    const DocumentChange& change = edit.change;
    if (edit.id == kNullDocumentId) {
      const std::string title = accept(change.title.value_or(""), "title", Kind::kLine);
      const std::string text = accept(change.text.value_or(""), "text", Kind::kText);
      const int64_t source = impl_->source_id(accept(edit.source, "source", Kind::kLine),
                                              accept(edit.licence, "licence", Kind::kLine));
      database
          .query(
              "INSERT INTO documents(title, text, source, created_revision, revision) VALUES (?, "
              "?, ?, ?, ?)")
          .bind(title, text, source, revision, revision)
          .run();
      ids.push_back(sqlite3_last_insert_rowid(database.handle()));
      continue;
    }
    const std::optional<Document> before = find(edit.id);
    if (!before) {
      throw Error(ErrorCode::kNotFound, fmt::format("There is no document {} in '{}'.", edit.id,
                                                    database.file().string()));
    }
    ids.push_back(edit.id);
    if (edit.removed) {
      database.query("DELETE FROM documents WHERE id = ?").bind(edit.id).run();
      continue;
    }
    const std::string title =
        change.title ? accept(*change.title, "title", Kind::kLine) : before->title;
    const std::string text = change.text ? accept(*change.text, "text", Kind::kText) : before->text;
    // An edit that changes nothing is no revision of the document: its vector stays good.
    if (title == before->title && text == before->text) continue;
    database.query("UPDATE documents SET title = ?, text = ?, revision = ? WHERE id = ?")
        .bind(title, text, revision, edit.id)
        .run();
  }
  const std::string changeset = recorder.changeset();
  if (changeset.empty())
    return ids;  // nothing changed: the transaction is rolled back, the revision stays
  const std::vector<ChangedDocument> changed = read_changeset(database, changeset);
  impl_->drop_redo();
  impl_->log(revision, kind_of(changed), changed, impl_->title_of(changed.front()), changeset,
             true);
  transaction.commit();
  return ids;
}

std::string CorpusStore::Impl::title_of(const ChangedDocument& document) {
  if (document.after && document.after->title) return *document.after->title;
  if (document.before && document.before->title) return *document.before->title;
  Query query = database->query("SELECT title FROM documents WHERE id = ?");
  query.bind(document.id);
  return query.step() ? query.text(0) : std::string();
}

void CorpusStore::Impl::log(int64_t revision, std::string_view what,
                            std::span<const ChangedDocument> changed, std::string_view title,
                            std::string_view changeset, bool is_step) {
  const auto count = static_cast<int64_t>(changed.size());
  Query row = database->query("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  row.bind(revision, revision, now_ms(), author, what,
           count == 1 ? changed.front().id : kNullDocumentId, count, title);
  row.bind_blob(changeset);
  if (is_step) {
    row.bind(kStepDone);
  } else {
    row.bind_null();
  }
  row.run();
  Query link = database->query("INSERT INTO revision_documents VALUES (?, ?)");
  for (const ChangedDocument& document : changed) link.bind(document.id, revision).run();
}

UndoState CorpusStore::undo_state() const {
  UndoState state;
  const auto look = [this](const char* sql, int step, bool& can, std::string& title) {
    Query query = impl_->database->query(sql);
    query.bind(step);
    can = query.step();
    if (can) title = step_title(query.text(0), query.int64(1), query.int64(2), query.text(3));
  };
  look(
      "SELECT what, document, documents, title FROM revisions WHERE step = ? ORDER BY revision "
      "DESC LIMIT 1",
      kStepDone, state.can_undo, state.undo_title);
  look(
      "SELECT what, document, documents, title FROM revisions WHERE step = ? ORDER BY revision "
      "LIMIT 1",
      kStepUndone, state.can_redo, state.redo_title);
  return state;
}

std::vector<DocumentId> CorpusStore::undo(std::stop_token stop, const ProgressCallback& progress) {
  return impl_->take_step(true, stop, progress);
}

std::vector<DocumentId> CorpusStore::redo(std::stop_token stop, const ProgressCallback& progress) {
  return impl_->take_step(false, stop, progress);
}

std::vector<DocumentId> CorpusStore::Impl::take_step(bool undo, const std::stop_token& stop,
                                                     const ProgressCallback& progress) {
  require_writable();
  Transaction transaction(*database, Transaction::Kind::kWrite);
  // Steps are undone newest first, so the oldest undone one is the one to do again.
  Query find = database->query(fmt::format(
      "SELECT revision, changeset, title, what, documents FROM revisions WHERE step = ? ORDER BY "
      "revision {}LIMIT 1",
      undo ? "DESC " : ""));
  find.bind(undo ? kStepDone : kStepUndone);
  if (!find.step()) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is nothing to {} in '{}'.", undo ? "undo" : "redo",
                            database->file().string()));
  }
  const int64_t step = find.int64(0), documents = find.int64(4);
  const std::string title = find.text(2);
  const bool is_import = find.text(3) == "import";
  const std::string recorded = find.text(1);
  find.reset();
  const int64_t revision = next_revision();
  database->query("UPDATE revisions SET step = ? WHERE revision = ?")
      .bind(undo ? kStepUndone : kStepDone, step)
      .run();
  std::vector<DocumentId> ids;
  if (is_import) {
    const StopGuard guard(*database, stop);
    ids = move_import(step, undo, stop, progress);
    database->query("INSERT INTO revisions VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL)")
        .bind(revision, now_ms(), author, undo ? "undo" : "redo",
              documents == 1 ? ids.front() : kNullDocumentId, documents, title)
        .run();
  } else {
    const std::string changeset = undo ? invert_changeset(*database, recorded) : recorded;
    apply_changeset(*database, changeset);
    const std::vector<ChangedDocument> changed = read_changeset(*database, changeset);
    log(revision, undo ? "undo" : "redo", changed, title, changeset, false);
    ids = ids_of(changed);
  }
  transaction.commit();
  return ids;
}

std::vector<RevisionEntry> CorpusStore::revisions(std::optional<DocumentId> id, int limit) const {
  Database& database = *impl_->database;
  Query query = database.query(
      id ? "SELECT r.last_revision, r.at, r.who, r.what, r.document, r.documents, r.title, "
           "r.changeset "
           "FROM revision_documents l CROSS JOIN revisions r ON r.revision = l.revision "
           "WHERE l.document = ?1 ORDER BY l.revision DESC LIMIT ?2"
         : "SELECT last_revision, at, who, what, document, documents, title, changeset FROM "
           "revisions "
           "WHERE ?1 = 0 ORDER BY revision DESC LIMIT ?2");
  query.bind(id.value_or(0), limit);
  std::vector<RevisionEntry> entries;
  while (query.step()) {
    RevisionEntry& entry = entries.emplace_back();
    entry.revision = query.int64(0);
    entry.at = iso8601_utc(query.int64(1));
    entry.who = query.text(2);
    entry.what = query.text(3);
    entry.document = query.int64(4);
    entry.documents = query.int64(5);
    const std::string title = query.text(6);
    entry.title_before = entry.title_after = title;
    if (query.is_null(7)) continue;
    for (const ChangedDocument& document : read_changeset(database, query.text(7))) {
      if (id ? document.id != *id : entry.documents != 1) continue;
      entry.document = document.id;
      const auto fill = [&](const std::optional<ChangedDocument::Side>& side,
                            std::string& side_title, std::string& text) {
        side_title = side ? side->title.value_or(title) : std::string();
        text = side ? side->text.value_or("") : std::string();
      };
      fill(document.before, entry.title_before, entry.text_before);
      fill(document.after, entry.title_after, entry.text_after);
    }
  }
  return entries;
}

}  // namespace realm
