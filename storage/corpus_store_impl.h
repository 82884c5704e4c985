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
  std::vector<DocumentId> take_step(bool undo);
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
