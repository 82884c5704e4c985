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
//
// Since format 2, so that imports can be undone:
// import_ranges      the ids that an import gave, as ranges; the import is named by its revision
// shelved_documents  the documents of imports that were undone, until they are done again or that
//                    cannot be any more
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace realm {

class Database;

inline constexpr int32_t kCorpusApplicationId = 0x52454143;  // "REAC"
inline constexpr int kDocumentBlockBits = 10;                // 1,024 ids a block

std::string corpus_schema_sql();
std::vector<std::string> corpus_upgrades();  // for Database::Options

// The number of words of a cleaned text (count_words of storage/text_cleaning.h) in SQLite's own
// functions: runs of white space, and one. `text` names the column. An index over an expression may
// hold no function of ours, or programs that do not know it could not write to the file.
std::string words_sql(std::string_view text);

// The index documents_by_words is made when the table is first sorted so (CorpusStore::documents);
// every program that writes keeps it from then on.
std::string words_index_sql();

// Registers realm_fingerprint(sum, sign, id, title, text, source, licence) and
// realm_found(expression, text). The database must outlive its connection's statements.
void register_corpus_functions(Database& database);

}  // namespace realm
