// The tables of corpus.sqlite, and the SQL function that its triggers need on every connection that
// writes.
//
// documents          the corpus; ids are never used twice
// documents_fts      full-text index over title and text (FTS5, external content)
// sources            name and licence of where documents came from, with a count each
// state              one row: name, revision, number of documents, fingerprint
// document_blocks    documents per block of 1,024 ids: finds the n-th document without walking
// there dirty              documents whose vector does not follow their text, with the revision
// since which that is so revisions          the log; `changeset` and `step` make it the undo
// history revision_documents which documents a revision touched imports            how far each
// import of a file came indexes, artifacts published files
//
// Triggers on documents keep all that follows from its rows in step, whoever changes them: an edit,
// an import, or a changeset applied by undo and redo.
#pragma once

#include <cstdint>
#include <string>

namespace realm {

class Database;

inline constexpr int32_t kCorpusApplicationId = 0x52454143;  // "REAC"
inline constexpr int kDocumentBlockBits = 10;                // 1,024 ids a block

std::string corpus_schema_sql();
// Registers realm_fingerprint(sum, sign, id, title, text, source, licence).
void register_corpus_functions(Database& database);

}  // namespace realm
