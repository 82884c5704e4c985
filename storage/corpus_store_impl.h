// What the parts of CorpusStore (reading, search, edits, imports) share. Private to storage.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/changeset.h"
#include "storage/corpus_selection.h"
#include "storage/corpus_store.h"
#include "storage/database.h"

namespace realm {

// What revisions.step holds. NULL: the revision is no step of the undo history.
inline constexpr int kStepDone = 1;
inline constexpr int kStepUndone = 2;
inline constexpr int kStepDropped = 3;  // undone, and then something else was edited

struct CorpusStore::Impl {
  Impl(std::unique_ptr<Database> opened, std::string by)
      : database(std::move(opened)), author(std::move(by)) {}

  void require_writable() const;
  int64_t source_id(std::string_view name, std::string_view licence);  // made when new
  int64_t next_revision();  // raises it; call it first in a transaction that changes documents
  // Writes the log's row of the current transaction.
  void log(int64_t revision, std::string_view what, std::span<const ChangedDocument> changed,
           std::string_view title, std::string_view changeset, bool is_step);
  std::string title_of(const ChangedDocument& document);
  std::vector<DocumentId> take_step(bool undo, const std::stop_token& stop,
                                    const ProgressCallback& progress);
  // Moves the documents of an import to the shelf, or back; gives the first of their ids.
  std::vector<DocumentId> move_import(int64_t import, bool undo, const std::stop_token& stop,
                                      const ProgressCallback& progress);
  void drop_redo();  // what was undone cannot be done again
  void note_import_range(int64_t import, DocumentId first, DocumentId last);
  int64_t count(const DocumentQuery& query, const Selection& selection, int64_t revision) const;

  // The number of hits of the last query (its order and page left out): a page further on asks for
  // it again.
  struct Counted {
    DocumentQuery query;
    int64_t revision = -1, total = 0;
  };

  mutable std::unique_ptr<Database> database;
  std::string author;
  mutable Counted counted;
};

}  // namespace realm
