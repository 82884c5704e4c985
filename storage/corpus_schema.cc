#include "storage/corpus_schema.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <exception>
#include <memory>
#include <string_view>

#include "engine/base/regular_expression.h"
#include "storage/corpus_fingerprint.h"
#include "storage/database.h"

namespace realm {
namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE sources(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  licence TEXT NOT NULL,
  documents INTEGER NOT NULL DEFAULT 0,
  UNIQUE(name, licence)
);
CREATE TABLE documents(
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK(id > 0),
  title TEXT NOT NULL,
  text TEXT NOT NULL CHECK(text <> ''),
  source INTEGER NOT NULL REFERENCES sources(id),
  created_revision INTEGER NOT NULL,
  revision INTEGER NOT NULL
);
CREATE INDEX documents_by_title ON documents(title COLLATE NOCASE);
CREATE INDEX documents_by_source ON documents(source);
CREATE VIRTUAL TABLE documents_fts USING fts5(
  title, text, content = 'documents', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE state(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  name TEXT NOT NULL,
  revision INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  created INTEGER NOT NULL
);
INSERT INTO state VALUES (1, '', 0, 0, zeroblob(32), 0);
CREATE TABLE document_blocks(
  block INTEGER PRIMARY KEY,
  documents INTEGER NOT NULL
);
CREATE TABLE dirty(
  document INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL,
  deleted INTEGER NOT NULL
);
CREATE TABLE revisions(
  revision INTEGER PRIMARY KEY,
  last_revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  document INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  title TEXT NOT NULL,
  changeset BLOB,
  step INTEGER
);
CREATE INDEX revisions_by_step ON revisions(step, revision) WHERE step IS NOT NULL;
CREATE TABLE revision_documents(
  document INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY(document, revision)
) WITHOUT ROWID;
CREATE TABLE imports(
  id INTEGER PRIMARY KEY,
  file_hash TEXT NOT NULL,
  options TEXT NOT NULL,
  file_name TEXT NOT NULL,
  byte_offset INTEGER NOT NULL,
  line INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  report TEXT NOT NULL,
  first_revision INTEGER NOT NULL,
  last_revision INTEGER NOT NULL,
  updated INTEGER NOT NULL
);
CREATE INDEX imports_by_file ON imports(file_hash, options);
CREATE TABLE indexes(
  generation INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  model_fingerprint TEXT NOT NULL,
  corpus_fingerprint TEXT NOT NULL,
  corpus_revision INTEGER NOT NULL,
  path TEXT NOT NULL,
  vectors INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  build_seconds REAL NOT NULL,
  built_at INTEGER NOT NULL
);
CREATE TABLE artifacts(
  path TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  data TEXT NOT NULL,
  made_at INTEGER NOT NULL
);
)sql";

// state.revision is raised before the first change of a transaction, so a row's dirty mark carries
// the new revision.
constexpr const char* kTriggers = R"sql(
CREATE TRIGGER document_added AFTER INSERT ON documents BEGIN
  INSERT INTO documents_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
  INSERT INTO document_blocks VALUES (new.id >> 10, 1)
    ON CONFLICT(block) DO UPDATE SET documents = documents + 1;
  UPDATE sources SET documents = documents + 1 WHERE id = new.source;
  UPDATE state SET documents = documents + 1, fingerprint = (
    SELECT realm_fingerprint(state.fingerprint, 1, new.id, new.title, new.text, name, licence)
    FROM sources WHERE id = new.source) WHERE id = 1;
  INSERT INTO dirty VALUES (new.id, (SELECT revision FROM state), 0)
    ON CONFLICT(document) DO UPDATE SET revision = excluded.revision, deleted = 0;
END;
CREATE TRIGGER document_deleted AFTER DELETE ON documents BEGIN
  INSERT INTO documents_fts(documents_fts, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
  UPDATE document_blocks SET documents = documents - 1 WHERE block = old.id >> 10;
  UPDATE sources SET documents = documents - 1 WHERE id = old.source;
  UPDATE state SET documents = documents - 1, fingerprint = (
    SELECT realm_fingerprint(state.fingerprint, -1, old.id, old.title, old.text, name, licence)
    FROM sources WHERE id = old.source) WHERE id = 1;
  INSERT INTO dirty VALUES (old.id, (SELECT revision FROM state), 1)
    ON CONFLICT(document) DO UPDATE SET revision = excluded.revision, deleted = 1;
END;
CREATE TRIGGER document_edited AFTER UPDATE OF title, text, source ON documents BEGIN
  INSERT INTO documents_fts(documents_fts, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO documents_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
  UPDATE sources SET documents = documents - 1 WHERE id = old.source;
  UPDATE sources SET documents = documents + 1 WHERE id = new.source;
  UPDATE state SET fingerprint = (
    SELECT realm_fingerprint(state.fingerprint, -1, old.id, old.title, old.text, name, licence)
    FROM sources WHERE id = old.source) WHERE id = 1;
  UPDATE state SET fingerprint = (
    SELECT realm_fingerprint(state.fingerprint, 1, new.id, new.title, new.text, name, licence)
    FROM sources WHERE id = new.source) WHERE id = 1;
  INSERT INTO dirty VALUES (new.id, (SELECT revision FROM state), 0)
    ON CONFLICT(document) DO UPDATE SET revision = excluded.revision, deleted = 0;
END;
CREATE TRIGGER document_renumbered BEFORE UPDATE OF id ON documents WHEN new.id <> old.id BEGIN
  SELECT RAISE(ABORT, 'a document keeps its id for ever');
END;
)sql";

// Format 2. The columns of the shelf are those of documents.
constexpr const char* kImportSteps = R"sql(
CREATE TABLE import_ranges(
  import INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY(import, first)
) WITHOUT ROWID;
CREATE TABLE shelved_documents(
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  source INTEGER NOT NULL,
  created_revision INTEGER NOT NULL,
  revision INTEGER NOT NULL
);
)sql";

std::string_view bytes_of(sqlite3_value* value) {
  const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
  const auto size = static_cast<size_t>(sqlite3_value_bytes(value));
  return data == nullptr ? std::string_view() : std::string_view(data, size);
}

void fingerprint_function(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  try {
    MultisetHash sum = MultisetHash::from_bytes(bytes_of(values[0]));
    const MultisetHash document =
        hash_document(sqlite3_value_int64(values[2]), bytes_of(values[3]), bytes_of(values[4]),
                      bytes_of(values[5]), bytes_of(values[6]));
    if (sqlite3_value_int64(values[1]) > 0) {
      sum += document;
    } else {
      sum -= document;
    }
    const std::string bytes = sum.bytes();
    // A null destructor tells SQLite to copy what it needs, as SQLITE_TRANSIENT does, whose
    // definition is an old-style cast.
    sqlite3_result_blob64(context, bytes.data(), bytes.size(),
                          reinterpret_cast<sqlite3_destructor_type>(-1));
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

void delete_expression(void* expression) noexcept {
  delete static_cast<RegularExpression*>(expression);
}

// SQLite keeps the compiled expression as long as the same one is asked for, row after row.
void found_function(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  try {
    const auto* database = static_cast<const Database*>(sqlite3_user_data(context));
    auto* expression = static_cast<RegularExpression*>(sqlite3_get_auxdata(context, 0));
    if (expression == nullptr) {
      auto made = std::make_unique<RegularExpression>(bytes_of(values[0]));
      const bool found = made->found_in(bytes_of(values[1]), database->stop());
      sqlite3_set_auxdata(context, 0, made.release(), delete_expression);
      return sqlite3_result_int(context, found ? 1 : 0);
    }
    sqlite3_result_int(context,
                       expression->found_in(bytes_of(values[1]), database->stop()) ? 1 : 0);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

}  // namespace

std::string words_sql(std::string_view text) {
  // Every run of white space becomes U+0002 U+0003, which no cleaned text holds.
  const std::string spaced = fmt::format("replace(replace({}, char(10), ' '), char(9), ' ')", text);
  return fmt::format(
      "((length(replace(replace({0}, ' ', char(2) || char(3)), char(3) || char(2), '')) - "
      "length(replace({0}, ' ', ''))) / 2 + 1)",
      spaced);
}

std::string words_index_sql() {
  return fmt::format("CREATE INDEX IF NOT EXISTS documents_by_words ON documents({})",
                     words_sql("text"));
}

std::string corpus_schema_sql() { return std::string(kTables) + kTriggers + kImportSteps; }

std::vector<std::string> corpus_upgrades() { return {kImportSteps}; }

void register_corpus_functions(Database& database) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  if (sqlite3_create_function_v2(database.handle(), "realm_fingerprint", 7, kFlags, nullptr,
                                 fingerprint_function, nullptr, nullptr, nullptr) != SQLITE_OK ||
      sqlite3_create_function_v2(database.handle(), "realm_found", 2, kFlags, &database,
                                 found_function, nullptr, nullptr, nullptr) != SQLITE_OK) {
    database.fail();
  }
}

}  // namespace realm
