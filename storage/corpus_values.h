// The plain values of the corpus table, its search and its revision log, shared by storage, the
// command line and the window. No SQL, no behaviour.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

// One row of the corpus table. `snippet` holds the first words of the text, or with a search the
// part that it was found in, with the hits between U+0002 and U+0003.
struct DocumentRow {
  DocumentId id = 0;
  std::string title, snippet, source;
  int64_t words = 0;
  bool dirty = false;   // its vector does not follow its text yet
  bool edited = false;  // its text is not the one that was imported or added
};

enum class DocumentOrder { kById, kByTitle, kByRelevance };  // kByRelevance only with a search text

struct DocumentQuery {
  // Empty: all. Plain words, all of which must occur; quoted phrases; a leading minus excludes.
  // Never an SQL or FTS error.
  std::string search{};
  std::string source{};  // empty: all
  DocumentOrder order = DocumentOrder::kById;
  int64_t offset = 0;
  int limit = 200;
};

struct DocumentPage {
  DocumentQuery query;
  std::vector<DocumentRow> rows;
  int64_t total = 0;  // of all rows that the query finds
};

struct DocumentChange {
  std::optional<std::string> title, text;  // nullopt: as it is
};

struct RevisionEntry {
  int64_t revision = 0;
  std::string at, who,
      what;  // ISO 8601 UTC; user name; "edit", "add", "delete", "import", "undo", "redo"
  DocumentId document = 0;  // 0: many
  // Of an added document the befores are empty, of a deleted one the afters. A text that the
  // revision left as it was is empty on both sides (a document's text never is), a title is given
  // on both.
  std::string title_before, title_after, text_before, text_after;
  int64_t documents = 1;  // how many it touched
};

}  // namespace realm
