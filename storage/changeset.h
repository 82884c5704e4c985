// Changesets of the documents table (SQLite session extension): what a revision did, in a form that
// can be applied again, turned round, and read.
//
// Thread rule: the database's thread. Calls block on disk where they apply.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/corpus.h"

struct sqlite3_session;

namespace realm {

class Database;

// Records every change of the documents table on this connection from construction on.
class ChangesetRecorder {
 public:
  explicit ChangesetRecorder(Database& database);
  ~ChangesetRecorder();
  ChangesetRecorder(const ChangesetRecorder&) = delete;
  ChangesetRecorder& operator=(const ChangesetRecorder&) = delete;
  std::string changeset();  // empty: nothing was changed

 private:
  Database* database_;
  sqlite3_session* session_ = nullptr;
};

// Both throw Error{kCorruptData} for bytes that are no changeset.
std::string invert_changeset(const Database& database, std::string_view changeset);
// All of it or nothing. Error{kCorruptData} when a row is not as the changeset says that it was
// before.
void apply_changeset(Database& database, std::string_view changeset);

// One row of a changeset. A side is nullopt where the document did not exist; a text is nullopt
// where it was left as it was.
struct ChangedDocument {
  struct Side {
    std::optional<std::string> title, text;
  };
  DocumentId id = 0;
  std::optional<Side> before, after;
};
std::vector<ChangedDocument> read_changeset(const Database& database,
                                            std::string_view changeset);  // in order of id

}  // namespace realm
